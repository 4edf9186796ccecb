// campaign.c -- one scenario: its record, its images, what each must become
#define _GNU_SOURCE
#include "tests/cut/campaign.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tender/format.h"
#include "tests/cut/lint.h"
#include "tests/cut/state.h"
#include "tests/cut/worker.h"

#define CHECK_MEMORY 256u // boots between self-checks
#define PARTS 8u          // of a record
#define CHECK_PROOF 100u  // proven images between those that are booted

static struct worker *in_hand; // for a machine that fails

struct engine *
worker_machine(const char *name, int number, bool gdb, bool tracing)
{
    char *own;

    if (asprintf(&own, "%s-%d", name, number) < 0)
        abort();
    struct engine *e = engine_new(
        &(struct engine_options){.name = own, .gdb = gdb, .tracing = tracing});

    if (!engine_on(e))
        vm_fail(e->vm, "%s", engine_fault(e));
    return e;
}

static void
fail_in_hand(const char *sentence)
{
    share_fail(in_hand->share, in_hand->id, "%s", sentence);
    _exit(3);
}

// --- images ---

void
worker_name(struct worker *w, const struct image_item *item)
{
    int n = snprintf(w->id, sizeof(w->id), "%08x:%s:m%u.%u", w->c->record.build,
                     w->c->scenario->name, item->model, item->event);

    if (item->model == 2)
        snprintf(w->id + n, sizeof(w->id) - (size_t)n, ".%u", item->variant);
}

// Events are applied once, in their order: items must not go back, nor change
// their model.
void
worker_go_to(struct worker *w, const struct image_item *item)
{
    for (; w->applied < item->event; w->applied++) {
        const struct cut_event *e = &w->c->record.events[w->applied];

        w->phase += worker_is_step(e);
        if (item->model == 1)
            crash_apply(w->image, e);
        else
            pending_event(w->pending, w->image, e, (u32)w->applied);
    }
    crash_forget(w->image);
    if (item->model == 2)
        pending_variant(w->pending, w->image, item->variant, item->event);
}

void
worker_image(struct worker *w)
{
    struct crash *old = w->image;

    w->image = crash_new(w->c->record.base, w->c->record.bytes);
    engine_load(w->e, w->image->memory);
    w->image->reads = w->reads;
    w->applied = 0;
    if (old != NULL) {
        prove_replace(w, old);
        crash_free(old);
        pending_free(w->pending);
    }
    w->pending = pending_new(w->c->record.bytes);
    w->phase = 0;
}

static u32
boot(struct worker *w)
{
    u32 pa;

    if (w->e->resets % CHECK_MEMORY == CHECK_MEMORY - 1 &&
        !crash_agrees(w->image, w->e, &pa))
        vm_fail(w->e->vm, "memory at %x is not what the image says", pa);
    share_count(&w->share->figures.boots);
    return verdict_of(w->c, w->e, crash_try(w->image, w->e, BOOT_S));
}

// Its kind: the verdict, the phase, the part of the record.
static bool
is_first(struct worker *w, u32 model, u32 verdict)
{
    u64 part = w->applied * PARTS / (w->c->record.count + 1);
    u64 kind = (((u64)w->phase * PARTS + part) * 8 + model) * 16 + verdict;

    return share_first(w->share, kind);
}

// To be used on, an image must be booted, proven or not: that reads more.
static bool
is_wanted(struct worker *w, u32 model, u32 verdict)
{
    return w->c->run_on != 0 && verdict < w->c->references &&
           (is_first(w, model, verdict) || w->tried % w->c->run_on == 0);
}

static u32
try_new(struct worker *w, u32 model, bool *booted)
{
    u32 verdict, known = 0;
    bool proven = w->reads != NULL && reads_known(w->reads, &known);

    w->tried++;
    w->wanted = proven && is_wanted(w, model, known);
    *booted = !proven || w->wanted || ++w->proven % CHECK_PROOF == 0;
    if (!*booted) {
        share_count(&w->share->figures.proven);
        return known;
    }
    verdict = boot(w);
    if (proven && verdict != known)
        share_fail(w->share, w->id, "%x was proven, but it is %x", known,
                   verdict);
    if (!proven) {
        w->wanted = is_wanted(w, model, verdict);
        if (verdict < w->c->references)
            prove_learn(w, verdict);
    }
    return verdict;
}

u32
worker_try(struct worker *w, u32 model, bool *booted)
{
    u64 hash = crash_hash(w->image);
    u32 verdict;

    share_count(&w->share->figures.images);
    *booted = false;
    if (share_known(w->share, hash, &verdict))
        return verdict;
    verdict = try_new(w, model, booted);
    share_know(w->share, hash, verdict);
    return verdict;
}

bool
worker_is_step(const struct cut_event *e)
{
    return e->kind == CUT_FENCE ||
           (e->size != 0 && e->pa / PAGE_SIZE == NV_ROOT_PA / PAGE_SIZE);
}

void
worker_use(struct worker *w, u32 verdict)
{
    if (!w->wanted)
        return;
    share_count(&w->share->figures.used);
    const char *wrong = verdict_used(w->c, w->image, verdict, w->e);

    crash_strange(w->image);
    if (wrong != NULL)
        share_fail(w->share, w->id, "%s", wrong);
}

static void
try_item(struct worker *w, const struct image_item *item)
{
    const char *wrong;
    bool booted;

    worker_name(w, item);
    worker_go_to(w, item);
    u32 verdict = worker_try(w, item->model, &booted);

    wrong = verdict_wrong(w->c, item->event, verdict, w->e);
    if (wrong != NULL)
        share_fail(w->share, w->id, "%s", wrong);
    else if (booted)
        worker_use(w, verdict);
    crash_back(w->image, 0);
}

void
worker_begin(struct worker *w, struct share *s, int number, void *data)
{
    *w = (struct worker){.c = data, .share = s};
    in_hand = w;
    vm_failed = fail_in_hand;
    w->e = worker_machine("explore", number, false, false);
    state_open(w->e);
    if (!w->c->boot_all) {
        w->traced = worker_machine("traced", number, false, true);
        w->reads = reads_new(w->c->record.bytes);
    }
    worker_image(w);
}

void
worker_end(struct worker *w)
{
    if (w->traced != NULL)
        engine_free(w->traced);
    engine_free(w->e);
}

static void
work(struct share *s, int number, void *data)
{
    struct worker w;
    u64 from, to;

    worker_begin(&w, s, number, data);
    while (share_next(s, &from, &to))
        for (u64 n = from; n < to; n++)
            try_item(&w, &w.c->item[n]);
    worker_end(&w);
}

// --- all of it ---

bool
campaign_references(struct campaign *c)
{
    struct engine *e = worker_machine("explore", 0, false, false);

    state_open(e);
    bool right = verdict_references(c, e);

    state_close(e);
    engine_free(e);
    return right;
}

const char *
campaign_open(struct campaign *c, bool fresh)
{
    struct elf *elf = elf_open("build/tender.elf");
    u32 build = elf_build(elf);
    const char *lacks;
    char path[80];

    elf_close(elf);
    scenario_path(c->scenario, path);
    if (!fresh && record_load(&c->record, path)) {
        if (c->record.build == build)
            return NULL;
        record_free(&c->record);
    }
    lacks = scenario_record(c->scenario, &c->record);
    if (lacks == NULL)
        record_keep(&c->record, path);
    return lacks;
}

static u64
pass(struct campaign *c, const char *what, int jobs, u64 step,
     void (*worker)(struct share *, int, void *), struct share_figures *sum)
{
    char title[64];
    u64 failures = 0;

    snprintf(title, sizeof(title), "%s %s", c->scenario->name, what);
    if (c->items != 0)
        failures = share_run(title, jobs, c->items, step, worker, c, sum);
    plan_free(c);
    return failures;
}

// The rules need no boots; what breaks one has an event, but no id.
static u64
lint(const struct campaign *c, struct share_figures *sum)
{
    struct elf *elf = elf_open("build/tender.elf");
    struct lint found;

    lint_record(&found, &c->record, elf,
                scenario_is_boot(c->scenario) ? LINT_BOOT : LINT_RUN);
    if (!lint_is_silent(&found))
        lint_print(&found, c->scenario->name);
    elf_close(elf);
    sum->failures += found.findings;
    return found.findings;
}

u64
campaign_run(struct campaign *c, int jobs, struct share_figures *sum)
{
    u64 failures = lint(c, sum);

    if (!campaign_references(c)) {
        sum->failures++;
        return 1;
    }
    plan_m1(c);
    failures += pass(c, "m1", jobs, 32, work, sum);
    plan_m2(c);
    failures += pass(c, "m2", jobs, 32, work, sum);
    plan_second(c);
    failures += pass(c, "second cuts", jobs, 1, work_second, sum);
    return failures;
}

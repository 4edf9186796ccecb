// campaign.c -- one scenario: its record, its images, what each must become
#define _GNU_SOURCE
#include "tests/cut/campaign.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tender/format.h"
#include "tests/cut/crash.h"
#include "tests/cut/pending.h"

#define BOOT_S 20.0
#define CHECK_MEMORY 256u // boots between self-checks

// What a worker has.
struct worker {
    struct campaign *c;
    struct share *share;
    struct engine *e;      // boots images
    struct engine *traced; // records recoveries; NULL in other passes
    struct crash *image;
    struct pending *pending;
    u64 applied; // events
    char id[96]; // of the image in hand
};

static struct worker *in_hand; // for a machine that fails

static struct engine *
machine(const char *name, int number, bool gdb, bool tracing)
{
    char *own;

    if (asprintf(&own, "%s-%d", name, number) < 0)
        abort();
    struct engine *e = engine_new(&(struct engine_options){
        .name = own, .gdb = gdb, .tracing = tracing});

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

static void
name_image(struct worker *w, const struct image_item *item)
{
    int n = snprintf(w->id, sizeof(w->id), "%08x:%s:m%u.%u",
                     w->c->record.build, w->c->scenario->name, item->model,
                     item->event);

    if (item->model == 2)
        snprintf(w->id + n, sizeof(w->id) - (size_t)n, ".%u", item->variant);
}

// Events are applied once, in their order: items must not go back, nor change
// their model.
static void
go_to(struct worker *w, const struct image_item *item)
{
    for (; w->applied < item->event; w->applied++) {
        const struct cut_event *e = &w->c->record.events[w->applied];

        if (item->model == 1)
            crash_apply(w->image, e);
        else
            pending_event(w->pending, w->image, e, (u32)w->applied);
    }
    crash_forget(w->image);
    if (item->model == 2)
        pending_variant(w->pending, w->image, item->variant, item->event);
}

static void
new_image(struct worker *w)
{
    if (w->image != NULL) {
        crash_free(w->image);
        pending_free(w->pending);
    }
    w->image = crash_new(w->c->record.base, w->c->record.bytes);
    w->pending = pending_new(w->c->record.bytes);
    w->applied = 0;
    engine_load(w->e, w->image->memory);
}

// Boot it, or remember what became of the same contents.
static u32
try(struct worker *w, bool *booted)
{
    u64 hash = crash_hash(w->image);
    u32 verdict, pa;

    share_count(&w->share->figures.images);
    *booted = !share_known(w->share, hash, &verdict);
    if (!*booted)
        return verdict;
    if (w->e->resets % CHECK_MEMORY == CHECK_MEMORY - 1 &&
        !crash_agrees(w->image, w->e, &pa))
        vm_fail(w->e->vm, "memory at %x is not what the image says", pa);
    share_count(&w->share->figures.boots);
    verdict = verdict_of(w->c, w->e, crash_try(w->image, w->e, BOOT_S));
    share_know(w->share, hash, verdict);
    return verdict;
}

static void
run_on(struct worker *w)
{
    const struct campaign *c = w->c;

    if (c->run_on == 0 || w->e->resets % c->run_on != c->run_on - 1)
        return;
    const char *wrong = verdict_run_on(w->e);

    crash_strange(w->image);
    if (wrong != NULL)
        share_fail(w->share, w->id, "%s", wrong);
}

static void
try_item(struct worker *w, const struct image_item *item)
{
    const char *wrong;
    bool booted;

    name_image(w, item);
    go_to(w, item);
    u32 verdict = try(w, &booted);

    wrong = verdict_wrong(w->c, item->event, verdict, w->e);
    if (wrong != NULL)
        share_fail(w->share, w->id, "%s", wrong);
    else if (booted)
        run_on(w);
    crash_back(w->image, 0);
}

static void
begin_worker(struct worker *w, struct share *s, int number, void *data)
{
    *w = (struct worker){.c = data, .share = s};
    in_hand = w;
    vm_failed = fail_in_hand;
    w->e = machine("explore", number, false, false);
    judge_open(w->e);
    new_image(w);
}

static void
work(struct share *s, int number, void *data)
{
    struct worker w;
    u64 from, to;

    begin_worker(&w, s, number, data);
    while (share_next(s, &from, &to))
        for (u64 n = from; n < to; n++)
            try_item(&w, &w.c->item[n]);
    engine_free(w.e);
}

// --- second cuts ---

// The recovery of the image in hand, event by event; NULL if it has no end.
static struct cut_event *
trace_recovery(struct worker *w, u64 *count)
{
    struct cut_event *events;

    crash_strange(w->image);
    crash_boot_traced(w->image, w->traced);
    if (engine_wait(w->traced, BOOT_S) < 0 || w->traced->ctl->unseen != 0)
        return NULL;
    crash_strange(w->image);
    *count = w->traced->ctl->events;
    events = malloc(*count * sizeof(*events) + 1);
    memcpy(events, engine_events(w->traced), *count * sizeof(*events));
    return events;
}

static bool
is_cut(const struct campaign *c, const struct cut_event *events, u64 count,
       u64 k)
{
    const struct cut_event *e = &events[k < count ? k : k - 1];

    return k == count || k % (count / c->second_cuts + 1) == 0 ||
           e->kind == CUT_FENCE ||
           (e->size != 0 && e->pa / PAGE_SIZE == NV_ROOT_PA / PAGE_SIZE);
}

static const char *
sentence_of(const struct worker *w, u32 verdict)
{
    const char *wrong = verdict_wrong(w->c, 0, verdict, w->e);

    return wrong == NULL ? "another save" : wrong;
}

static bool
is_flag(const struct cut_event *e)
{
    return e->size == 4 &&
           e->pa == NV_ROOT_PA + offsetof(struct nv_root, flag);
}

// A machine that went on from a shutdown runs from the moment the termination
// flag is cleared: a cut after that restores the newest save.
static bool
gave_up(const struct campaign *c, u32 first, u32 verdict)
{
    return first < c->references && verdict < c->references &&
           c->reference[first].state.at == AT_RESUME &&
           c->reference[first].state.save == 0 &&
           c->reference[verdict].state.save != 0;
}

// A recovery that is cut must come to the same end when it is done again.
static void
cut_again(struct worker *w, u32 first)
{
    size_t n = strlen(w->id);
    u64 count = 0;
    struct cut_event *events = trace_recovery(w, &count);
    bool booted, began = false;

    if (events == NULL) {
        share_fail(w->share, w->id, "its recovery could not be traced");
        return;
    }
    for (u64 k = 0; k <= count && count > 0; k++) {
        began |= k > 0 && is_flag(&events[k - 1]);
        if (is_cut(w->c, events, count, k)) {
            snprintf(w->id + n, sizeof(w->id) - n, "+m1.%llu",
                     (unsigned long long)k);
            u32 verdict = try(w, &booted);

            if (booted)
                share_count(&w->share->figures.second);
            if (verdict != first && !(began && gave_up(w->c, first, verdict)))
                share_fail(w->share, w->id, "%x became %x: %s", first, verdict,
                           sentence_of(w, verdict));
        }
        if (k < count)
            crash_apply(w->image, &events[k]);
    }
    free(events);
}

static void
work_second(struct share *s, int number, void *data)
{
    struct worker w;
    u64 from, to;
    u16 model = 1;
    bool booted;

    begin_worker(&w, s, number, data);
    w.traced = machine("traced", number, false, true);
    while (share_next(s, &from, &to)) {
        const struct image_item *item = &w.c->item[from];

        if (item->model != model || w.applied > item->event) {
            new_image(&w);
            crash_strange(w.image);
        }
        model = item->model;
        name_image(&w, item);
        go_to(&w, item);
        u32 verdict = try(&w, &booted);

        cut_again(&w, verdict);
        crash_back(w.image, 0);
    }
    engine_free(w.traced);
    engine_free(w.e);
}

// --- all of it ---

static bool
find_references(struct campaign *c)
{
    struct engine *e = machine("explore", 0, false, false);

    judge_open(e);
    bool right = verdict_references(c, e);

    judge_close(e);
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

u64
campaign_run(struct campaign *c, int jobs, struct share_figures *sum)
{
    u64 failures = 0;

    if (!find_references(c)) {
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

// --- one image ---

static bool
read_id(const struct campaign *c, const char *id, struct image_item *item,
        unsigned *again)
{
    unsigned model = 0, variant = 0;
    const char *at = strstr(id, ":m");
    const char *second = strstr(id, "+m1.");

    if (at == NULL || strtoul(id, NULL, 16) != c->record.build ||
        sscanf(at, ":m%u.%u.%u", &model, &item->event, &variant) < 2 ||
        model < 1 || model > 2 || item->event > c->record.count)
        return false;
    item->model = (u16)model;
    item->variant = (u16)variant;
    *again = second == NULL ? ~0u : (unsigned)atoi(second + 4);
    return true;
}

int
campaign_again(struct campaign *c, const char *id, bool gdb)
{
    struct share share = {.slots = 0};
    struct worker w = {.c = c, .share = &share};
    struct image_item item;
    unsigned again;
    u64 count = 0;

    if (!read_id(c, id, &item, &again))
        return 2;
    if (!find_references(c))
        return 1;
    w.e = machine("explore", 0, gdb, false);
    judge_open(w.e);
    new_image(&w);
    go_to(&w, &item);
    if (again != ~0u) {
        w.traced = machine("traced", 0, false, true);
        struct cut_event *events = trace_recovery(&w, &count);

        for (u64 k = 0; k < again && k < count; k++)
            crash_apply(w.image, &events[k]);
    }
    u32 verdict =
        verdict_of(c, w.e, crash_try(w.image, w.e, gdb ? 1e9 : BOOT_S));
    const char *wrong = verdict_wrong(c, item.event, verdict, w.e);

    printf("%s\n%s: %s\n", engine_said(w.e), id, wrong == NULL ? "right" : wrong);
    engine_free(w.e);
    return wrong != NULL;
}

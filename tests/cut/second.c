// second.c -- cuts in the recovery from a cut, and one image alone
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "tender/format.h"
#include "tests/cut/state.h"
#include "tests/cut/worker.h"

#define SECOND 3u // the model of a cut in a recovery, to worker_use()

// The recovery of the image in hand, event by event; NULL if it has no end.
struct cut_event *
trace_recovery(struct worker *w, u64 *count)
{
    struct cut_event *events;

    crash_boot_traced(w->image, w->traced);
    if (engine_wait(w->traced, BOOT_S) < 0 || w->traced->ctl->unseen != 0)
        return NULL;
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
    return e->size == 4 && e->pa == NV_ROOT_PA + offsetof(struct nv_root, flag);
}

// Is every event of this recovery cut?  Not of a cold start, whose state is not
// compared, and which has as many events as a save.
static bool
is_whole(const struct campaign *c, const struct image_item *item, u32 verdict)
{
    return item->whole && verdict < c->references &&
           c->reference[verdict].state.at == AT_RESUME;
}

// A machine that went on from a shutdown runs from the moment the termination
// flag is cleared: a cut after that restores the newest save, or starts cold.
static bool
gave_up(const struct campaign *c, u32 first, u32 verdict)
{
    return first < c->references && verdict < c->references &&
           c->reference[first].state.at == AT_RESUME &&
           c->reference[first].state.save == 0 &&
           (c->reference[verdict].state.save != 0 ||
            (c->scenario->saves_after == 0 &&
             c->reference[verdict].state.at == AT_COLD));
}

// A recovery that is cut must come to the same end when it is done again.
static void
cut_again(struct worker *w, u32 first, bool whole)
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
        if (whole || is_cut(w->c, events, count, k)) {
            snprintf(w->id + n, sizeof(w->id) - n, "+m1.%llu",
                     (unsigned long long)k);
            u32 verdict = worker_try(w, SECOND, &booted);

            if (booted) {
                share_count(&w->share->figures.second);
                worker_use(w, verdict);
            }
            if (verdict != first && !(began && gave_up(w->c, first, verdict)))
                share_fail(w->share, w->id, "%x became %x: %s", first, verdict,
                           sentence_of(w, verdict));
        }
        if (k < count)
            crash_apply(w->image, &events[k]);
    }
    free(events);
}

void
work_second(struct share *s, int number, void *data)
{
    struct worker w;
    u64 from, to;
    u16 model = 1;
    bool booted;

    worker_begin(&w, s, number, data);
    if (w.traced == NULL)
        w.traced = worker_machine("traced", number, false, true);
    while (share_next(s, &from, &to)) {
        const struct image_item *item = &w.c->item[from];

        if (item->model != model || w.applied > item->event)
            worker_image(&w);
        model = item->model;
        worker_name(&w, item);
        worker_go_to(&w, item);
        u32 verdict = worker_try(&w, item->model, &booted);

        cut_again(&w, verdict, is_whole(w.c, item, verdict));
        crash_back(w.image, 0);
    }
    worker_end(&w);
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
    if (!campaign_references(c))
        return 1;
    w.e = worker_machine("explore", 0, gdb, false);
    state_open(w.e);
    worker_image(&w);
    worker_go_to(&w, &item);
    if (again != ~0u) {
        w.traced = worker_machine("traced", 0, false, true);
        struct cut_event *events = trace_recovery(&w, &count);

        for (u64 k = 0; k < again && k < count; k++)
            crash_apply(w.image, &events[k]);
    }
    u32 verdict =
        verdict_of(c, w.e, crash_try(w.image, w.e, gdb ? 1e9 : BOOT_S));
    const char *wrong = verdict_wrong(c, item.event, verdict, w.e);

    printf("%s\n", engine_said(w.e));
    if (wrong == NULL && !gdb)
        wrong = verdict_used(c, w.image, verdict, w.e);
    printf("%s: %s\n", id, wrong == NULL ? "right" : wrong);
    engine_free(w.e);
    return wrong != NULL;
}

// hunt.c -- power cuts in the operations of one kernel, until something is lost
//
// What is likely to show something comes first.
#include "tests/cut/hunt.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tender/layout.h"
#include "tests/cut/hunt_inside.h"

#define SECOND_CUTS 3000u // tried for each recovery, beside those that matter
#define EVERY 64u         // events that show little: one of so many, at first
#define VARIANTS 32u      // of M2 at a fence

static bool __attribute__((format(printf, 2, 3)))
found(struct tools *t, const char *format, ...)
{
    char cut[80];
    va_list args;

    va_start(args, format);
    vsnprintf(cut, sizeof(cut), format, args);
    va_end(args);
    snprintf(t->hunt->id, sizeof(t->hunt->id), "%s:%s:%s", t->m->name,
             operation_name[t->m->operation], cut);
    return true;
}

static bool
try(struct tools *t, bool may_be_before)
{
    t->hunt->images++;
    return mutant_try(t->m, t->w.image, t->w.e, may_be_before);
}

static void
new_image(struct tools *t)
{
    worker_image(&t->w);
    crash_strange(t->w.image);
}

// --- M1, M2 ---

static bool
hunt_item(struct tools *t, const struct image_item *item)
{
    worker_go_to(&t->w, item);
    bool is_right = try(t, item->event < t->m->acked);

    crash_back(t->w.image, 0);
    if (is_right)
        return false;
    return item->model == 1 ? found(t, "m1.%u", item->event)
                            : found(t, "m2.%u.%u", item->event, item->variant);
}

static bool
hunt_plan(struct tools *t, void (*plan)(struct campaign *c), u32 every)
{
    bool is_found = false;

    new_image(t);
    t->c.every = every;
    t->c.variants = VARIANTS;
    plan(&t->c);
    for (u64 i = 0; i < t->c.items && !is_found; i++)
        is_found = hunt_item(t, &t->c.item[i]);
    plan_free(&t->c);
    return is_found;
}

// --- second cuts ---

// Does this event of a recovery change what a recovery reads first?
static bool
is_vital(const struct layout *layout, const struct cut_event *e)
{
    if (!crash_is_store(e))
        return false;
    for (int slot = 0; slot < 2; slot++)
        if (e->pa - layout->slot_pa[slot] < SLOT_HEADER_PAGES * PAGE_SIZE)
            return true;
    return e->pa / PAGE_SIZE == NV_ROOT_PA / PAGE_SIZE;
}

// For hunt_again(): another boot would not be the same.
static void
keep_recovery(const struct tools *t, u64 n, const struct cut_event *events,
              u64 count)
{
    char path[160];

    tools_recovery_path(t->m, n, path);
    FILE *file = fopen(path, "wb");

    if (file == NULL || fwrite(events, sizeof(*events), count, file) != count) {
        fprintf(stderr, "mutants: %s cannot be written\n", path);
        exit(2);
    }
    fclose(file);
}

static bool
hunt_recovery(struct tools *t, u64 n, const struct cut_event *events, u64 count)
{
    const struct nv_root *root =
        (const void *)(t->w.image->memory + NV_ROOT_PA);
    u64 step = count / SECOND_CUTS + 1;
    struct layout layout;

    if (layout_compute(&layout, root->memory_pages, root->memory_pages,
                       &root->limits) < 0)
        return false;
    for (int rest = 0; rest < 2; rest++) {
        bool may_be_before = n < t->m->acked;
        u32 seen = 0;

        for (u64 k = 0; k < count; k++) {
            crash_apply(t->w.image, &events[k]);
            may_be_before |= tools_continued(&events[k], &seen);
            if (rest ? k % step != 0 : !is_vital(&layout, &events[k]))
                continue;
            if (try(t, may_be_before))
                continue;
            keep_recovery(t, n, events, count);
            return found(t, "m1.%llu+m1.%llu", (unsigned long long)n,
                         (unsigned long long)k + 1);
        }
        crash_back(t->w.image, 0);
    }
    return false;
}

static bool
hunt_second(struct tools *t, u64 n)
{
    u64 count = 0;

    new_image(t);
    worker_go_to(&t->w, &(struct image_item){.event = (u32)n, .model = 1});
    struct cut_event *events = trace_recovery(&t->w, &count);
    bool is_found = events != NULL && hunt_recovery(t, n, events, count);

    free(events);
    return is_found;
}

static bool
hunt_seconds(struct tools *t)
{
    const u64 count = t->m->record.count;
    const u64 from[] = {0, count / 2, count};
    bool is_found = false;

    t->w.traced = tools_machine(t->m, true, false);
    for (u32 i = 0; i < ARRAY_LEN(from) && !is_found; i++)
        is_found = hunt_second(t, from[i]);
    engine_free(t->w.traced);
    t->w.traced = NULL;
    return is_found;
}

// --- all of it ---

static bool
hunt_phase(struct tools *t, int phase)
{
    if (t->wrong != NULL) {
        snprintf(t->m->why, sizeof(t->m->why), "%s", t->wrong);
        return found(t, "uncut");
    }
    switch (phase) {
    case 0:
        return hunt_plan(t, plan_m1, EVERY);
    case 1:
        return hunt_plan(t, plan_m2, EVERY);
    case 2:
        return hunt_seconds(t);
    default:
        return hunt_plan(t, plan_m1, 1);
    }
}

static void
open_operation(struct tools *t, struct hunt *hunt, int operation)
{
    tools_name(t, hunt, operation);
    t->wrong = mutant_record(t->m);
    if (t->wrong == NULL)
        tools_open(t, false);
}

static void
close_operation(struct tools *t)
{
    t->hunt->boots += t->m->boots;
    t->hunt->distinct += t->m->knowns;
    t->hunt->events += t->m->record.count;
    if (t->wrong == NULL)
        tools_close(t);
    free(t->m->known);
}

const struct mutant *
hunt_kernel(struct hunt *hunt)
{
    struct tools tools[OPERATIONS] = {0};
    const struct mutant *m = NULL;

    for (int o = 0; o < OPERATIONS; o++)
        open_operation(&tools[o], hunt, o);
    for (int phase = 0; phase < 4 && m == NULL; phase++)
        for (int o = 0; o < OPERATIONS && m == NULL; o++)
            if (hunt_phase(&tools[o], phase))
                m = tools[o].m;
    for (int o = 0; o < OPERATIONS; o++)
        close_operation(&tools[o]);
    return m;
}

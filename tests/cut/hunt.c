// hunt.c -- power cuts in one operation of one kernel, until something is lost
//
// What is likely to show something comes first.  An id is KERNEL:OPERATION: and
// m1.N (the first N events are in memory), m2.N.VARIANT (unflushed.h), or
// m1.N.second.K (the recovery of m1.N was cut after K events of its own).
#include "tests/cut/hunt.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tender/layout.h"
#include "tests/cut/unflushed.h"

#define BOOT_S 20.0
#define SECOND_CUTS 3000u // tried for each recovery, beside those that matter

struct tools {
    struct hunt *hunt;
    struct mutant *m;
    struct engine *e;
    struct crash *image;
    const char *wrong; // there is no record: why
};

static struct engine *
machine(const struct mutant *m, bool tracing)
{
    char *name;

    if (asprintf(&name, "mutant-%s-%s%s", m->name, operation_name[m->operation],
                 tracing ? "-second" : "") < 0)
        abort();
    struct engine *e = engine_new(&(struct engine_options){
        .name = name, .elf = m->elf, .tracing = tracing});

    if (!engine_on(e))
        vm_fail(e->vm, "%s", engine_fault(e));
    return e;
}

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
    return mutant_try(t->m, t->image, t->e, may_be_before);
}

// With the first n events.
static bool
try_after(struct tools *t, u64 n)
{
    return try(t, n < t->m->acked);
}

static bool
is_root_store(const struct cut_event *e)
{
    return crash_is_store(e) && e->pa / PAGE_SIZE == NV_ROOT_PA / PAGE_SIZE;
}

// Is the moment before this event one where much is decided?
static bool
is_point(const struct record *r, u64 n)
{
    if (n == 0 || n == r->count)
        return true;
    return is_root_store(&r->events[n]) || is_root_store(&r->events[n - 1]) ||
           r->events[n].kind == CUT_FENCE ||
           r->events[n - 1].kind == CUT_FENCE ||
           r->events[n].kind == CUT_FLUSH_ALL;
}

// --- M2 ---

static bool
hunt_variants(struct tools *t, const struct unflushed *p, u64 n)
{
    struct unflushed_variants v;
    bool is_found = false;

    unflushed_list(p, &v);
    for (u32 i = 0; i < v.count && !is_found; i++) {
        u32 mark = crash_mark(t->image);
        char name[32];

        unflushed_make(p, &v, i, t->image, name);
        if (!try_after(t, n))
            is_found = found(t, "m2.%llu.%s", (unsigned long long)n, name);
        crash_back(t->image, mark);
    }
    free(v.page);
    return is_found;
}

// M1 and M2 where it matters; t->image holds no event yet.
static bool
hunt_points(struct tools *t)
{
    const struct record *r = &t->m->record;
    struct unflushed *p = unflushed_new(t->image, r->events, r->count);
    bool is_found = false;

    for (u64 n = 0; n <= r->count && !is_found; n++) {
        if (is_point(r, n)) {
            is_found =
                !try_after(t, n) && found(t, "m1.%llu", (unsigned long long)n);
            is_found = is_found || hunt_variants(t, p, n);
        }
        if (n < r->count) {
            crash_apply(t->image, &r->events[n]);
            unflushed_event(p, n);
        }
    }
    unflushed_free(p);
    return is_found;
}

// --- M1 ---

static bool
hunt_events(struct tools *t)
{
    const struct record *r = &t->m->record;

    for (u64 n = 0; n <= r->count; n++) {
        if (!try_after(t, n))
            return found(t, "m1.%llu", (unsigned long long)n);
        if (n < r->count)
            crash_apply(t->image, &r->events[n]);
    }
    return false;
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
    return is_root_store(e);
}

// A shutdown is continued once: when the console says so, a cut may restore
// the save before.
static bool
has_continued(const struct cut_event *e, u32 *seen)
{
    static const char line[] = "tender: continued from shutdown";

    if (e->kind == CUT_OUTPUT && line[*seen] != 0)
        *seen = (u8)line[*seen] == e->value ? *seen + 1 : 0;
    return line[*seen] == 0;
}

static bool
hunt_recovery(struct tools *t, u64 n, struct cut_event *events, u64 count)
{
    const struct nv_root *root = (const void *)(t->image->memory + NV_ROOT_PA);
    u64 step = count / SECOND_CUTS + 1;
    struct layout layout;

    if (layout_compute(&layout, root->memory_pages, root->memory_pages,
                       &root->limits) < 0)
        return false;
    for (int rest = 0; rest < 2; rest++) {
        u32 mark = crash_mark(t->image);
        bool may_be_before = n < t->m->acked;
        u32 seen = 0;

        for (u64 k = 0; k < count; k++) {
            crash_apply(t->image, &events[k]);
            may_be_before |= has_continued(&events[k], &seen);
            if (rest ? k % step != 0 : !is_vital(&layout, &events[k]))
                continue;
            if (!try(t, may_be_before))
                return found(t, "m1.%llu.second.%llu", (unsigned long long)n,
                             (unsigned long long)k + 1);
        }
        crash_back(t->image, mark);
    }
    return false;
}

// Of the image with n events, which must be booted on a machine of its own, for
// it has to trace.
static bool
hunt_second(struct tools *t, u64 n)
{
    const struct record *r = &t->m->record;
    struct engine *tracer = machine(t->m, true);
    struct cut_event *events;
    u64 count;
    int at;

    for (u64 i = 0; i < n; i++)
        crash_apply(t->image, &r->events[i]);
    crash_forget(t->image);
    crash_strange(t->image);
    crash_boot_traced(t->image, tracer);
    at = engine_wait(tracer, BOOT_S);
    crash_strange(t->image);
    if (tracer->ctl->unseen != 0)
        vm_fail(tracer->vm, "a recovery changed memory unseen");
    count = tracer->ctl->events;
    events = malloc(count * sizeof(*events) + 1);
    memcpy(events, engine_events(tracer), count * sizeof(*events));
    bool is_found = at == AT_RESUME && hunt_recovery(t, n, events, count);

    free(events);
    engine_free(tracer);
    return is_found;
}

// --- all of it ---

static void
new_image(struct tools *t)
{
    if (t->image != NULL)
        if (t->image != NULL)
            crash_free(t->image);
    t->image = crash_new(t->m->record.base, t->m->record.bytes);
    engine_load(t->e, t->image->memory);
}

static void
open_operation(struct tools *t, struct hunt *hunt, int operation)
{
    t->hunt = hunt;
    t->m = &hunt->mutant[operation];
    t->m->name = hunt->name;
    t->m->elf = hunt->elf;
    t->m->operation = (enum cut_operation)operation;
    t->wrong = mutant_record(t->m);
    if (t->wrong != NULL)
        return;
    t->e = machine(t->m, false);
}

static void
close_operation(struct tools *t)
{
    if (t->wrong == NULL) {
        if (t->image != NULL)
            crash_free(t->image);
        record_free(&t->m->record);
        engine_free(t->e);
    }
    free(t->m->known);
}

static bool
hunt_seconds(struct tools *t)
{
    const u64 count = t->m->record.count;
    const u64 from[] = {0, count / 2, count};

    for (u32 i = 0; i < ARRAY_LEN(from); i++) {
        new_image(t);
        if (hunt_second(t, from[i]))
            return true;
    }
    return false;
}

static bool
hunt_phase(struct tools *t, int phase)
{
    if (t->wrong != NULL) {
        snprintf(t->m->why, sizeof(t->m->why), "%s", t->wrong);
        return found(t, "uncut");
    }
    new_image(t);
    switch (phase) {
    case 0:
        return hunt_points(t);
    case 1:
        return hunt_seconds(t);
    default:
        return hunt_events(t);
    }
}

const struct mutant *
hunt_kernel(struct hunt *hunt)
{
    struct tools tools[OPERATIONS] = {0};
    const struct mutant *m = NULL;

    for (int o = 0; o < OPERATIONS; o++)
        open_operation(&tools[o], hunt, o);
    for (int phase = 0; phase < 3 && m == NULL; phase++)
        for (int o = 0; o < OPERATIONS && m == NULL; o++)
            if (hunt_phase(&tools[o], phase))
                m = tools[o].m;
    for (int o = 0; o < OPERATIONS; o++) {
        hunt->boots += tools[o].m->boots;
        close_operation(&tools[o]);
    }
    return m;
}

// scenario.c -- what is recorded: an operation of the real kernel, and its name
#include "tests/cut/scenario.h"

#include <stdio.h>
#include <string.h>

#define SECONDS 120.0

const struct scenario scenarios[] = {
    {.name = "save",
     .prepare = {"occ enable", "save"},
     .operation = "save",
     .symbol = "save",
     .saves_before = 1,
     .saves_after = 2,
     .quick = true},
    {.name = "enable",
     .operation = "occ enable",
     .symbol = "enable",
     .quick = true},
    {.name = "first-save",
     .prepare = {"occ enable"},
     .operation = "save",
     .symbol = "save",
     .saves_after = 1},
    // The first save of dirty makes plates; the second one copies 200 pages.
    {.name = "save-200",
     .prepare = {"occ enable", "save"},
     .operation = "dirty 200 2",
     .symbol = "save",
     .skip = 1,
     .saves_before = 2,
     .saves_after = 3},
    // Programs come and go between saves: their plates are pending deletes.
    {.name = "save-spaces",
     .prepare = {"occ enable", "counter 5 &", "life 5 &", "save", "kill %1",
                 "kill %2", "ping &"},
     .operation = "save",
     .symbol = "save",
     .saves_before = 1,
     .saves_after = 2},
    {.name = "two-saves",
     .prepare = {"occ enable", "save"},
     .operation = "dirty 4 3",
     .symbol = "save",
     .skip = 1,
     .end = END_SAID,
     .end_text = "saved 4",
     .saves_before = 2,
     .saves_after = 4},
    {.name = "disable",
     .prepare = {"occ enable", "save"},
     .operation = "occ disable",
     .symbol = "disable",
     .saves_before = 1},
    {.name = "enable-again",
     .prepare = {"occ enable", "save", "occ disable"},
     .operation = "occ enable",
     .symbol = "enable"},
    {.name = "save-again",
     .prepare = {"occ enable", "save", "occ disable", "occ enable"},
     .operation = "save",
     .symbol = "save",
     .saves_after = 2},
    {.name = "shutdown",
     .prepare = {"occ enable", "save"},
     .operation = "shutdown",
     .symbol = "save_shutdown",
     .end = END_OFF,
     .saves_before = 1,
     .saves_after = 1,
     .quick = true},
    {.name = "restore",
     .prepare = {"occ enable", "counter 5 &", "save", "save"},
     .end = END_RESUME,
     .saves_before = 2,
     .saves_after = 2},
    {.name = "continue",
     .prepare = {"occ enable", "save", "counter 5 &"},
     .operation = "shutdown",
     .end = END_RESUME,
     .saves_before = 1,
     .saves_after = 1,
     .quick = true},
    // The shell waits for the console, ping for messages, counter for its
    // timer, init for its child.
    {.name = "blocked",
     .prepare = {"occ enable", "save", "ping &", "counter 5 &", "life 5 &",
                 "saver 9 300 &"},
     .symbol = "save",
     .saves_before = 2,
     .saves_after = 3},
    // The shell waits for its child.
    {.name = "blocked-child",
     .prepare = {"occ enable", "save", "ping &", "counter 5 &"},
     .operation = "saver 2 10",
     .symbol = "save",
     .skip = 1,
     .saves_before = 2,
     .saves_after = 3},
    // There is no room for the plates of what was created.
    {.name = "exhausted",
     .prepare = {"occ enable", "save", "fill 16 1 once &"},
     .operation = "save",
     .symbol = "save",
     .saves_before = 1,
     .saves_after = 1},
};

const unsigned scenario_count = sizeof(scenarios) / sizeof(scenarios[0]);

const struct scenario *
scenario_find(const char *name)
{
    for (unsigned i = 0; i < scenario_count; i++)
        if (strcmp(scenarios[i].name, name) == 0)
            return &scenarios[i];
    return NULL;
}

void
scenario_path(const struct scenario *s, char path[80])
{
    snprintf(path, 80, "build/cut/%s.record", s->name);
}

// --- recording ---

static void
prepare(const struct scenario *s, struct engine *e)
{
    engine_power(e, true);
    if (engine_wait(e, SECONDS) != AT_COLD)
        vm_fail(e->vm, "No cold start.");
    engine_go(e);
    vm_expect(e->vm, "^tender> ");
    for (int i = 0; i < SCENARIO_PREPARE && s->prepare[i] != NULL; i++)
        vm_command(e->vm, s->prepare[i]);
}

// Hold the machine where the trace begins, memory being what it was.
static void
begin(const struct scenario *s, struct engine *e, int symbol)
{
    u32 flags = STOP_TRACE | (s->end == END_RETURN ? STOP_RETURN : 0);

    engine_stop_at(e, symbol, STOP_HOLD, flags, s->skip);
    if (s->end == END_OFF)
        engine_stop_at(e, AT_OFF, STOP_HOLD, STOP_END, 0);
    if (s->operation != NULL)
        vm_type(e->vm, s->operation);
    if (engine_wait(e, SECONDS) != symbol)
        vm_fail(e->vm, "%s: %s was not reached.", s->name, s->symbol);
    engine_stop_at(e, symbol, STOP_NOTHING, 0, 0);
    if (s->end == END_SAID)
        engine_stop_at(e, AT_TRAP, STOP_SOFT, STOP_END, 0);
}

static void
take(const struct scenario *s, struct record *r, struct engine *e)
{
    int at;

    record_begin(r, e);
    engine_go(e);
    if (s->end == END_SAID) {
        vm_expect(e->vm, s->end_text);
        at = engine_hold(e, SECONDS);
    } else {
        at = engine_wait(e, SECONDS);
    }
    record_end(r, e, at);
}

// The boot of what is in the machine's memory now.
static void
take_boot(const struct scenario *s, struct record *r, struct engine *e)
{
    if (s->operation != NULL) {
        vm_type(e->vm, s->operation);
        if (engine_wait(e, SECONDS) != AT_OFF)
            vm_fail(e->vm, "%s: the machine did not stop.", s->name);
    } else if (engine_hold(e, SECONDS) != AT_TRAP) {
        vm_fail(e->vm, "%s: the machine was not held.", s->name);
    }
    engine_load(e, e->ram);
    memset(e->ctl->changed, 255, e->bytes / PAGE_SIZE / 8);
    record_begin(r, e);
    engine_reset_traced(e);
    record_end(r, e, engine_wait(e, SECONDS));
}

const char *
scenario_record(const struct scenario *s, struct record *r)
{
    static char lacks[256];
    struct engine *e =
        engine_new(&(struct engine_options){.name = s->name, .tracing = true});
    int symbol = s->symbol != NULL ? engine_watch(e, s->symbol) : 0;

    if (!engine_on(e)) {
        snprintf(lacks, sizeof(lacks), "%s", engine_fault(e));
        engine_free(e);
        return lacks;
    }
    prepare(s, e);
    if (s->end == END_RESUME) {
        take_boot(s, r, e);
    } else {
        begin(s, e, symbol);
        take(s, r, e);
    }
    engine_free(e);
    return NULL;
}

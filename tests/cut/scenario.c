// scenario.c -- a scenario is recorded
#include "tests/cut/scenario.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/cut/found.h"

#define SECONDS 120.0
#define START_S 20.0
#define STARTS 5
#define TRIES 3000 // to find programs waiting as they should

// One scenario on its way.
struct run {
    const struct scenario *s;
    struct engine *e;
    struct record *r; // NULL: what happens now is not recorded
    int symbol, through;
};

// On a host with much else to do the disk may be slower than the kernel waits.
static void
start(struct engine *e)
{
    for (int i = 0; i < STARTS; i++) {
        if (i > 0)
            engine_hold(e, SECONDS);
        engine_power(e, true);
        if (engine_wait(e, SECONDS) != AT_COLD)
            vm_fail(e->vm, "No cold start.");
        engine_go(e);
        if (vm_wait(e->vm, "^tender> ", START_S) != NULL)
            return;
    }
    vm_fail(e->vm, "There is no shell.");
}

static void
prepare(struct run *run)
{
    const struct scenario *s = run->s;
    struct engine *e = run->e;

    start(e);
    for (int i = 0; i < SCENARIO_PREPARE && s->prepare[i] != NULL; i++)
        if (s->prepare[i][0] == '?')
            vm_expect(e->vm, s->prepare[i] + 1);
        else
            vm_command(e->vm, s->prepare[i]);
}

// --- what must hold ---

// Is it worth its name where it begins?
static bool
is_as_it_must(struct run *run, u32 *seen)
{
    const struct scenario *s = run->s;
    struct found found;

    found_look(run->e, &found);
    if (found.deletes < s->deletes || found.news < s->news)
        vm_fail(run->e->vm, "%s: %u pending deletes and %u new spaces", s->name,
                found.deletes, found.news);
    *seen |= found.waits;
    return (s->waits & ~found.waits) == 0;
}

static void
check_end(struct run *run)
{
    const struct scenario *s = run->s;
    const char *said = engine_said(run->e), *next = said;
    u32 pages = 0;

    if (s->says != NULL && strstr(said, s->says) == NULL)
        vm_fail(run->e->vm, "%s: it has not said: %s", s->name, s->says);
    while ((next = strstr(next, "tender: saved ")) != NULL)
        sscanf(next++, "tender: saved %*u: %u pages", &pages);
    if (s->copies_most != 0 && (pages < s->copies || pages > s->copies_most))
        vm_fail(run->e->vm, "%s: %u pages were copied", s->name, pages);
    if (run->through != 0 && run->e->ctl->stop[run->through].hits < s->times)
        vm_fail(run->e->vm, "%s: %s was not entered often enough", s->name,
                s->through);
}

// --- the operation ---

// Hold the machine where the trace begins, memory being what it was.
static void
begin(struct run *run)
{
    const struct scenario *s = run->s;
    struct engine *e = run->e;
    u32 flags = (run->r != NULL ? STOP_TRACE : 0) |
                (s->end == END_RETURN ? STOP_RETURN : 0);
    u32 seen = 0, tries = 0;
    char wanted[160], there[160];

    e->ctl->slow_drive = (s->waits & WAIT_TRANSFER) != 0;
    engine_stop_at(e, run->symbol, STOP_HOLD, flags, s->skip);
    if (s->operation != NULL)
        vm_type(e->vm, s->operation);
    for (;; tries++) {
        if (engine_wait(e, SECONDS) != run->symbol)
            vm_fail(e->vm, "%s: %s was not reached.", s->name, s->symbol);
        if (is_as_it_must(run, &seen))
            break;
        if (tries == TRIES) {
            found_name(s->waits, wanted);
            found_name(seen, there);
            vm_fail(e->vm, "%s: wanted were %s; there were, in %u saves, %s",
                    s->name, wanted, tries, there);
        }
        e->ctl->tracing = 0;
        e->ctl->returns_to = 0;
        engine_go(e);
    }
    e->ctl->slow_drive = 0;
    engine_stop_at(e, run->symbol, STOP_NOTHING, 0, 0);
    if (s->end == END_OFF)
        engine_stop_at(e, AT_OFF, STOP_HOLD, STOP_END, 0);
    if (s->end == END_SAID)
        engine_stop_at(e, AT_TRAP, STOP_SOFT, STOP_END, 0);
}

// From there to its end.
static void
take(struct run *run)
{
    const struct scenario *s = run->s;
    struct engine *e = run->e;
    int at;

    if (run->r != NULL)
        record_begin(run->r, e);
    engine_go(e);
    if (s->end == END_SAID) {
        vm_expect(e->vm, s->end_text);
        at = engine_hold(e, SECONDS);
    } else {
        at = engine_wait(e, SECONDS);
    }
    if (at < AT_RETURN)
        vm_fail(e->vm, "%s: it has no end, but came to %s", s->name,
                engine_where(e, at));
    if (run->r != NULL)
        record_end(run->r, e, at);
}

// --- boots ---

// The boot of what is in the machine's memory now.
static void
boot(struct run *run)
{
    struct engine *e = run->e;

    engine_load(e, e->ram);
    memset(e->ctl->changed, 255, e->bytes / PAGE_SIZE / 8);
    if (run->r == NULL) {
        engine_reset(e);
    } else {
        record_begin(run->r, e);
        engine_reset_traced(e);
    }
    int at = engine_wait(e, SECONDS);

    if (at != AT_RESUME)
        vm_fail(e->vm, "%s: the boot came to %s", run->s->name,
                engine_where(e, at));
    if (run->r != NULL)
        record_end(run->r, e, at);
}

static void
shut_down(struct run *run)
{
    vm_type(run->e->vm, "shutdown");
    if (engine_wait(run->e, SECONDS) != AT_OFF)
        vm_fail(run->e->vm, "%s: the machine did not stop.", run->s->name);
}

static void
operate(struct run *run)
{
    const struct scenario *s = run->s;

    prepare(run);
    if (s->end != END_RESUME) {
        begin(run);
        take(run);
        check_end(run);
        return;
    }
    if (s->operation != NULL)
        shut_down(run);
    else if (engine_hold(run->e, SECONDS) != AT_TRAP)
        vm_fail(run->e->vm, "%s: the machine was not held.", s->name);
    boot(run);
}

// The boot that comes after the operation.  A machine that was shut down goes
// on first, and restores when it is cut then.
static void
operate_then(struct run *run, struct record *r)
{
    struct engine *e = run->e;
    bool off = run->s->end == END_OFF;

    operate(run);
    if (run->s->then == THEN_RESTORE && off)
        boot(run);
    if (run->s->then == THEN_CONTINUE && !off) {
        engine_go(e);
        vm_prompt(e->vm);
        shut_down(run);
    }
    run->r = r;
    boot(run);
}

bool
scenario_is_boot(const struct scenario *s)
{
    return s->end == END_RESUME || s->then != THEN_NOTHING;
}

const char *
scenario_record(const struct scenario *s, struct record *r)
{
    static char lacks[256];
    struct run run = {.s = s};

    snprintf(lacks, sizeof(lacks), "build/image/linux/bin/%s",
             s->program != NULL ? s->program : "");
    if (access(lacks, F_OK) != 0)
        return "its program is not in the image";
    struct engine *e =
        engine_new(&(struct engine_options){.name = "record", .tracing = true});

    run.e = e;
    run.symbol = s->symbol != NULL ? engine_watch(e, s->symbol) : 0;
    run.through = s->through != NULL ? engine_watch(e, s->through) : 0;
    if (!engine_on(e)) {
        snprintf(lacks, sizeof(lacks), "%s", engine_fault(e));
        engine_free(e);
        return lacks;
    }
    if (s->then == THEN_NOTHING) {
        run.r = r;
        operate(&run);
    } else {
        operate_then(&run, r);
    }
    engine_free(e);
    return NULL;
}

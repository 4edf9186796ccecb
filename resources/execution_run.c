// execution_run.c -- which execution has the processor, which wait for what
//
// Who runs next: the ready execution with the least fair_us, the time it has
// used.  One that waited may be behind by no more than a quantum, so it comes
// soon but never holds up the others; among equals it goes round.
//
// A dying execution frees neither its stack nor its entry: whoever comes next
// does it, in run_reap().
#include "resources/execution_run.h"

#include "tender/assert.h"
#include "tender/machine.h"

#define CHARGE_MAX_US (2 * (u64)EXECUTION_QUANTUM_US) // time may have jumped

struct execution_entry *
run_entry(const struct executions *e, rid id)
{
    return (struct execution_entry *)(void *)table_get(e->table, id);
}

struct execution_entry *
run_next(const struct executions *e, u32 *index)
{
    return (struct execution_entry *)(void *)table_next(e->table, index);
}

// The one that has the processor: never NULL once begun.
struct execution_entry *
run_current(struct executions *e)
{
    return e->current == RID_NONE ? &e->idle : run_entry(e, e->current);
}

void
run_discard(struct executions *e, struct execution_entry *entry)
{
    ASSERT(entry->res.id != e->current);
    gate_delete(e->gate, entry->stack);
    table_remove(e->table, &entry->res);
}

// Nobody stands on the dead one's stack any more: free it.
void
run_reap(struct executions *e)
{
    if (e->dead == RID_NONE || e->dead == e->current)
        return;
    struct execution_entry *entry = run_entry(e, e->dead);

    ASSERT(entry != NULL && entry->state == EXECUTION_DEAD);
    e->dead = RID_NONE;
    run_discard(e, entry);
}

// --- waiting and switching ---

static void
charge(struct executions *e, struct execution_entry *entry)
{
    u64 now = machine_now_us();
    u64 used = MIN(now - e->slice_us, CHARGE_MAX_US);

    entry->used_us += used;
    entry->fair_us += used;
    e->slice_us = now;
}

void
run_ready(struct executions *e, struct execution_entry *entry, int result)
{
    ASSERT(entry->state == EXECUTION_WAITING);
    entry->state = EXECUTION_READY;
    entry->result = result;
    entry->channel = 0;
    entry->deadline_us = 0;
    if (entry->fair_us + EXECUTION_QUANTUM_US < e->fair_floor_us)
        entry->fair_us = e->fair_floor_us - EXECUTION_QUANTUM_US;
    if (!e->begun)
        return;
    charge(e, run_current(e));
    if (e->current == RID_NONE || entry->fair_us < run_current(e)->fair_us)
        e->wanted = 1;
}

// The ready execution that runs next, or NULL.  Ties go round.
static struct execution_entry *
pick(struct executions *e, const struct execution_entry *without)
{
    struct execution_entry *best = NULL;
    u32 high = e->table->high;

    for (u32 n = 0; n < high; n++) {
        u32 index = (e->last + 1 + n) % high;
        struct execution_entry *entry =
            (struct execution_entry *)(void *)table_at(e->table, index);

        if (entry == without || entry->res.id == RID_NONE ||
            entry->state != EXECUTION_READY)
            continue;
        if (best == NULL || entry->fair_us < best->fair_us)
            best = entry;
    }
    return best;
}

// Whoever is chosen has the least of all: who waited gets no older credit.
static void
raise_floor(struct executions *e, const struct execution_entry *chosen)
{
    e->fair_floor_us = MAX(e->fair_floor_us, chosen->fair_us);
}

// Make the machine's view that of the next one; the stack stays.
static void
install(struct executions *e, struct execution_entry *next)
{
    e->current = next->res.id;
    if (e->current != RID_NONE) {
        e->last = rid_index(e->current);
        next->state = EXECUTION_RUNNING;
        raise_floor(e, next);
    }
    e->wanted = 0;
    e->slice_ticks = 0;
    e->slice_us = machine_now_us();
    e->switches++;
    machine_fpu_load(next->fpu);
    machine_load_tls((const void *)next->tls);
    machine_load_space(next->directory);
    machine_set_kernel_stack(next->stack_top);
}

// Leave the processor to another: the caller has set the state of the current
// one.  Returns when its turn comes again; at once if it is chosen itself.
static void
leave(struct executions *e, const struct execution_entry *without)
{
    struct execution_entry *from = run_current(e);

    run_reap(e);
    charge(e, from);
    struct execution_entry *next = pick(e, without);

    if (next == NULL && from->state == EXECUTION_READY)
        next = from; // nobody but the one that yields
    if (next == NULL)
        next = &e->idle;
    if (next == from) {
        if (from != &e->idle) {
            from->state = EXECUTION_RUNNING;
            raise_floor(e, from);
        }
        e->wanted = 0;
        e->slice_ticks = 0;
        return;
    }
    machine_fpu_save(from->fpu);
    install(e, next);
    machine_switch(&from->stack_pointer, next->stack_pointer);
    run_reap(e); // whoever left the processor to us may have been dying
}

// Is there an execution that may leave the processor now?
static int
may_leave(const struct executions *e)
{
    return e->begun && !e->occupied && e->current != RID_NONE;
}

int
run_block(struct executions *e, u32 channel, u32 ms)
{
    if (!may_leave(e))
        return E_BUSY;
    struct execution_entry *entry = run_current(e);

    if (entry->killed || entry->state == EXECUTION_DEAD)
        return E_KILLED;
    entry->state = EXECUTION_WAITING;
    entry->channel = channel;
    entry->waiting_since = e->arrivals++;
    entry->deadline_us = ms == 0 ? 0 : machine_now_us() + (u64)ms * 1000;
    entry->inside = 1;
    leave(e, NULL);
    entry->inside = 0;
    return entry->killed ? E_KILLED : entry->result;
}

int
run_yield(struct executions *e)
{
    if (!may_leave(e))
        return E_BUSY;
    struct execution_entry *entry = run_current(e);

    if (entry->state != EXECUTION_DEAD)
        entry->state = EXECUTION_READY;
    entry->inside = 1;
    leave(e, entry);
    entry->inside = 0;
    return entry->killed ? E_KILLED : 0;
}

// The one that waits longest on the channel.
static struct execution_entry *
first_waiting(const struct executions *e, u32 channel)
{
    struct execution_entry *first = NULL;
    struct execution_entry *entry;
    u32 i = 0;

    while ((entry = run_next(e, &i)) != NULL) {
        if (entry->state != EXECUTION_WAITING || entry->channel != channel)
            continue;
        if (first == NULL ||
            (int)(entry->waiting_since - first->waiting_since) < 0)
            first = entry;
    }
    return first;
}

int
run_wake(struct executions *e, u32 channel, u32 most)
{
    struct execution_entry *entry;
    u32 woken = 0;

    if (channel == 0)
        return E_ARGUMENT;
    while (woken < most && (entry = first_waiting(e, channel)) != NULL) {
        run_ready(e, entry, 0);
        woken++;
    }
    return (int)woken;
}

// --- what the machine's traps call ---

void
execution_tick(struct executions *e)
{
    struct execution_entry *entry;
    u64 now = machine_now_us();
    u32 i = 0;

    if (!e->begun || e->occupied)
        return;
    while ((entry = run_next(e, &i)) != NULL)
        if (entry->state == EXECUTION_WAITING && entry->deadline_us != 0 &&
            entry->deadline_us <= now)
            run_ready(e, entry, E_TIME);
    run_current(e)->ticks++;
    if (++e->slice_ticks >= EXECUTION_QUANTUM_TICKS)
        e->wanted = 1;
}

// A killed execution does not come back to user mode.
static void
end_if_killed(struct executions *e, const struct execution_entry *entry)
{
    if (!entry->killed)
        return;
    gate_control(e->gate, entry->process, PROCESS_EXIT, EXIT_KILLED, 0, 0);
    PANIC("a killed execution came back from its end");
}

void
execution_preempt(struct executions *e)
{
    if (!e->begun || e->occupied)
        return;
    run_reap(e);
    struct execution_entry *entry = run_current(e);

    end_if_killed(e, entry);
    if (entry == &e->idle) {
        leave(e, NULL);
        return;
    }
    if (!e->wanted)
        return;
    entry->state = EXECUTION_READY;
    leave(e, NULL);
    end_if_killed(e, entry);
}

_Noreturn void
run_begin(struct executions *e)
{
    ASSERT(!e->begun && e->idle.stack_top != 0);
    struct execution_entry *next = pick(e, NULL);

    if (next == NULL)
        next = &e->idle;
    install(e, next);
    e->begun = 1;
    machine_switch(&e->boot_stack_pointer, next->stack_pointer);
    PANIC("somebody switched to the boot stack");
}

rid
execution_process(const struct executions *e)
{
    if (e->current == RID_NONE)
        return RID_NONE;
    return run_entry(e, e->current)->process;
}

void
execution_restored(struct executions *e)
{
    struct execution_entry *entry = run_current(e);

    machine_load_space(entry->directory);
    machine_set_kernel_stack(entry->stack_top);
    e->slice_us = machine_now_us();
}

// execution.c -- the unit that gets the processor
//
//              CREATE            pick()
//     vacant ---------> READY <--------> RUNNING ---------> DEAD -> vacant
//                         ^    preempt      |    delete now   reap()
//                         |    yield        | block
//                   wake  |                 v
//                         +------------- WAITING
//
// Who runs next: the ready execution with the least fair_us, the time it has
// used.  One that waited may be behind by no more than a quantum, so it comes
// soon but never holds up the others; among equals it goes round.
//
// Invariants, tested by execution_check() under the same number:
//   X1  the current execution, and no other, is RUNNING or DEAD-to-be-left
//   X2  at most one execution is DEAD
//   X3  a WAITING execution is inside an operation
#include "resources/execution.h"

#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/text.h"

_Static_assert(offsetof(struct execution_entry, fpu) % 16 == 0, "fxsave");
_Static_assert(sizeof(struct execution_entry) % 16 == 0, "fxsave");
_Static_assert(sizeof(struct table) % 16 == 0, "fxsave");

#define CHARGE_MAX_US (2 * (u64)EXECUTION_QUANTUM_US) // time may have jumped

static struct execution_entry *
entry_of(const struct executions *e, rid id)
{
    return (struct execution_entry *)(void *)table_get(e->table, id);
}

static struct execution_entry *
next_entry(const struct executions *e, u32 *index)
{
    return (struct execution_entry *)(void *)table_next(e->table, index);
}

// The one that has the processor: never NULL once begun.
static struct execution_entry *
current_of(struct executions *e)
{
    return e->current == RID_NONE ? &e->idle : entry_of(e, e->current);
}

// --- creation and removal ---

static int
make_stack(struct executions *e, const char *owner, struct execution_entry *to)
{
    char name[NAME_MAX];
    u32 va = 0;

    text_format(name, sizeof(name), "%s/stack", owner);
    int stack = gate_create(e->gate, KIND_VKSPACE, name, EXECUTION_STACK_PAGES,
                            SPACE_WRITABLE, 0, 0);

    if (stack < 0)
        return stack;
    int err = gate_control(e->gate, (rid)stack, VK_ADDRESS, (word)&va, 0, 0);

    ASSERT(err >= 0);
    to->stack = (rid)stack;
    to->stack_top = va + EXECUTION_STACK_PAGES * PAGE_SIZE;
    return 0;
}

static int
create(void *state, struct call *call)
{
    struct executions *e = state;
    struct execution_entry made;
    char name[NAME_MAX];
    int err = call_name(e->gate, call, call->arg[0], name);

    if (err < 0 || (err = table_check_add(e->table, name)) < 0)
        return err;
    rid vspace = (rid)call->arg[2];
    int directory = gate_control(e->gate, vspace, VSPACE_DIRECTORY, 0, 0, 0);

    if (directory < 0)
        return directory;
    if ((err = make_stack(e, name, &made)) < 0)
        return err;

    struct execution_entry *entry =
        (struct execution_entry *)(void *)table_add(e->table, name,
                                                    call->caller);

    entry->process = (rid)call->arg[1];
    entry->vspace = vspace;
    entry->directory = (u32)directory;
    entry->stack = made.stack;
    entry->stack_top = made.stack_top;
    entry->stack_pointer = machine_prepare(
        entry->stack_top, (u32)call->arg[3], (u32)call->arg[4]);
    machine_fpu_fresh(entry->fpu);
    entry->fair_us = e->fair_floor_us;
    entry->state = EXECUTION_READY;
    return (int)entry->res.id;
}

static void
discard(struct executions *e, struct execution_entry *entry)
{
    ASSERT(entry->res.id != e->current);
    gate_delete(e->gate, entry->stack);
    table_remove(e->table, &entry->res);
}

// Nobody stands on the dead one's stack any more: free it.
static void
reap(struct executions *e)
{
    if (e->dead == RID_NONE || e->dead == e->current)
        return;
    struct execution_entry *entry = entry_of(e, e->dead);

    ASSERT(entry != NULL && entry->state == EXECUTION_DEAD);
    e->dead = RID_NONE;
    discard(e, entry);
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

static void
make_ready(struct executions *e, struct execution_entry *entry, int result)
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
    charge(e, current_of(e));
    if (e->current == RID_NONE || entry->fair_us < current_of(e)->fair_us)
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

        if (entry->res.id == RID_NONE || entry == without ||
            entry->state != EXECUTION_READY)
            continue;
        if (best == NULL || entry->fair_us < best->fair_us)
            best = entry;
    }
    return best;
}

// Make the machine's view that of the next one; the stack stays.
static void
install(struct executions *e, struct execution_entry *next)
{
    e->current = next->res.id;
    if (e->current != RID_NONE) {
        e->last = rid_index(e->current);
        next->state = EXECUTION_RUNNING;
        e->fair_floor_us = MAX(e->fair_floor_us, next->fair_us);
    }
    e->wanted = 0;
    e->slice_ticks = 0;
    e->slice_us = machine_now_us();
    e->switches++;
    machine_fpu_load(next->fpu);
    machine_load_space(next->directory);
    machine_set_kernel_stack(next->stack_top);
}

// Leave the processor to another: the caller has set the state of the current
// one.  Returns when its turn comes again; at once if it is chosen itself.
static void
leave(struct executions *e, const struct execution_entry *without)
{
    struct execution_entry *from = current_of(e);

    reap(e);
    charge(e, from);
    struct execution_entry *next = pick(e, without);

    if (next == NULL && from->state == EXECUTION_READY)
        next = from; // nobody but the one that yields
    if (next == NULL)
        next = &e->idle;
    if (next == from) {
        if (from != &e->idle)
            from->state = EXECUTION_RUNNING;
        e->wanted = 0;
        e->slice_ticks = 0;
        return;
    }
    machine_fpu_save(from->fpu);
    install(e, next);
    machine_switch(&from->stack_pointer, next->stack_pointer);
    reap(e); // whoever left the processor to us may have been dying
}

// Is there an execution that may leave the processor now?
static int
may_leave(const struct executions *e)
{
    return e->begun && !e->occupied && e->current != RID_NONE;
}

static int
block(struct executions *e, u32 channel, u32 ms)
{
    if (!may_leave(e))
        return E_BUSY;
    struct execution_entry *entry = current_of(e);

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

static int
yield(struct executions *e)
{
    if (!may_leave(e))
        return E_BUSY;
    struct execution_entry *entry = current_of(e);

    if (entry->state != EXECUTION_DEAD)
        entry->state = EXECUTION_READY;
    entry->inside = 1;
    leave(e, entry);
    entry->inside = 0;
    return entry->killed ? E_KILLED : 0;
}

static int
sleep(struct executions *e, u32 ms)
{
    int err = ms == 0 ? yield(e) : block(e, 0, ms);

    return err == E_TIME ? 0 : err;
}

// The one that waits longest on the channel.
static struct execution_entry *
first_waiting(const struct executions *e, u32 channel)
{
    struct execution_entry *first = NULL;
    struct execution_entry *entry;
    u32 i = 0;

    while ((entry = next_entry(e, &i)) != NULL) {
        if (entry->state != EXECUTION_WAITING || entry->channel != channel)
            continue;
        if (first == NULL ||
            (int)(entry->waiting_since - first->waiting_since) < 0)
            first = entry;
    }
    return first;
}

static int
wake(struct executions *e, u32 channel, u32 most)
{
    struct execution_entry *entry;
    u32 woken = 0;

    if (channel == 0)
        return E_ARGUMENT;
    while (woken < most && (entry = first_waiting(e, channel)) != NULL) {
        make_ready(e, entry, 0);
        woken++;
    }
    return (int)woken;
}

static int
delete_soon(struct executions *e, struct execution_entry *entry)
{
    if (entry->res.id != e->current && !entry->inside) {
        discard(e, entry);
        return 0;
    }
    entry->killed = 1;
    if (entry->state == EXECUTION_WAITING)
        make_ready(e, entry, E_KILLED);
    return E_BUSY;
}

static int
delete(void *state, struct call *call)
{
    struct executions *e = state;
    struct execution_entry *entry = entry_of(e, call->target);

    ASSERT(entry != NULL);
    if (entry->state == EXECUTION_DEAD)
        return E_ID;
    if (call->arg[0] == EXECUTION_DELETE_SOON)
        return delete_soon(e, entry);
    if (entry->res.id == e->current) {
        reap(e);
        entry->state = EXECUTION_DEAD;
        e->dead = entry->res.id;
        entry->directory = e->idle.directory;
        machine_load_space(entry->directory); // its own may go now
        return 0;
    }
    if (entry->inside)
        return E_BUSY;
    discard(e, entry);
    return 0;
}

static int
control(void *state, struct call *call)
{
    struct executions *e = state;

    if (call->caller != RID_NONE && call->arg[0] >= EXECUTION_BLOCK)
        return E_KERNEL;
    if (call->target != KIND_ID(KIND_EXECUTION))
        return E_OP;
    switch (call->arg[0]) {
    case EXECUTION_SLEEP:
        return sleep(e, (u32)call->arg[1]);
    case EXECUTION_YIELD:
        return yield(e);
    case EXECUTION_BLOCK:
        return block(e, (u32)call->arg[1], (u32)call->arg[2]);
    case EXECUTION_WAKE:
        return wake(e, (u32)call->arg[1], (u32)call->arg[2]);
    default:
        return E_OP;
    }
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
    while ((entry = next_entry(e, &i)) != NULL)
        if (entry->state == EXECUTION_WAITING && entry->deadline_us != 0 &&
            entry->deadline_us <= now)
            make_ready(e, entry, E_TIME);
    current_of(e)->ticks++;
    if (++e->slice_ticks >= EXECUTION_QUANTUM_TICKS)
        e->wanted = 1;
}

// A killed execution does not come back to user mode.
static void
end_if_killed(struct executions *e)
{
    struct execution_entry *entry = current_of(e);

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
    reap(e);
    end_if_killed(e);
    struct execution_entry *entry = current_of(e);

    if (entry == &e->idle) {
        leave(e, NULL);
        return;
    }
    if (!e->wanted)
        return;
    entry->state = EXECUTION_READY;
    leave(e, NULL);
    end_if_killed(e);
}

static void
make_idle(struct executions *e)
{
    struct execution_entry *idle = &e->idle;
    int vspace = gate_create(e->gate, KIND_VSPACE, "space/idle", 0, 0, 0, 0);

    if (vspace < 0 || make_stack(e, "idle", idle) < 0)
        PANIC("there is no memory for the idle execution");
    int directory =
        gate_control(e->gate, (rid)vspace, VSPACE_DIRECTORY, 0, 0, 0);

    ASSERT(directory >= 0);
    idle->vspace = (rid)vspace;
    idle->directory = (u32)directory;
    idle->stack_pointer = machine_prepare(idle->stack_top, 0, 0);
    idle->state = EXECUTION_RUNNING; // whenever nobody else is
    machine_fpu_fresh(idle->fpu);
}

void
execution_begin(struct executions *e)
{
    ASSERT(!e->begun);
    make_idle(e);
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
    return entry_of(e, e->current)->process;
}

void
execution_restored(struct executions *e)
{
    struct execution_entry *entry = current_of(e);

    machine_load_space(entry->directory);
    machine_set_kernel_stack(entry->stack_top);
    e->slice_us = machine_now_us();
}

// --- the kind ---

u32
execution_bytes(void)
{
    return table_bytes(sizeof(struct table), sizeof(struct execution_entry),
                       EXECUTION_LIMIT);
}

void
execution_init(struct executions *e, struct gate *gate, void *memory,
               u32 bytes)
{
    struct kind row = {.name = "execution",
                       .state = e,
                       .program = {[OP_CREATE] = create,
                                   [OP_DELETE] = delete,
                                   [OP_CONTROL] = control},
                       .user = 1u << OP_CLOSE,
                       .user_kind = 1u << OP_CONTROL};

    ASSERT(bytes >= execution_bytes() && (word)memory % 16 == 0);
    memset(e, 0, sizeof(*e));
    e->gate = gate;
    e->table = memory;
    e->idle.state = EXECUTION_RUNNING;
    row.table = e->table;
    table_init(e->table, KIND_EXECUTION, sizeof(struct table),
               sizeof(struct execution_entry), EXECUTION_LIMIT);
    gate_register(gate, KIND_EXECUTION, &row);
}

const char *
execution_check(const struct executions *e)
{
    const struct execution_entry *entry;
    u32 dead = 0;
    u32 i = 0;

    while ((entry = next_entry(e, &i)) != NULL) {
        int on = entry->state == EXECUTION_RUNNING;

        if (e->begun && on && entry->res.id != e->current)
            return "X1: an execution other than the current one runs";
        dead += entry->state == EXECUTION_DEAD;
        if (entry->state == EXECUTION_WAITING && !entry->inside)
            return "X3: an execution waits outside of an operation";
    }
    return dead <= 1 ? NULL : "X2: more than one execution is dead";
}

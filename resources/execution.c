// execution.c -- the unit that gets the processor
//
//              CREATE            pick()
//     vacant ---------> READY <--------> RUNNING ---------> DEAD -> vacant
//                         ^    preempt      |    delete now   reap
//                         |    yield        | block
//                   wake  |                 v
//                         +------------- WAITING
//
// Invariants, tested by execution_check() under the same number:
//   X1  no execution but the current one is RUNNING
//   X2  at most one execution is DEAD
//   X3  a WAITING execution is inside an operation
#include "resources/execution.h"

#include "resources/execution_run.h"
#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/text.h"

_Static_assert(offsetof(struct execution_entry, fpu) % 16 == 0, "fxsave");
_Static_assert(sizeof(struct execution_entry) % 16 == 0, "fxsave");
_Static_assert(sizeof(struct table) % 16 == 0, "fxsave");

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

    struct execution_entry *entry = (struct execution_entry *)(void *)table_add(
        e->table, name, call->caller);

    entry->process = (rid)call->arg[1];
    entry->vspace = vspace;
    entry->directory = (u32)directory;
    entry->stack = made.stack;
    entry->stack_top = made.stack_top;
    if (call->arg[3] == 0) {
        const struct frame *frame = (const void *)call->arg[4];

        entry->stack_pointer = machine_prepare_frame(entry->stack_top, frame);
    } else {
        entry->stack_pointer = machine_prepare(
            entry->stack_top, (u32)call->arg[3], (u32)call->arg[4]);
    }
    machine_fpu_fresh(entry->fpu);
    entry->fair_us = e->fair_floor_us;
    entry->state = EXECUTION_READY;
    return (int)entry->res.id;
}

static int
sleep(struct executions *e, u32 ms)
{
    int err = ms == 0 ? run_yield(e) : run_block(e, 0, ms);

    return err == E_TIME ? 0 : err;
}

static int
delete_soon(struct executions *e, struct execution_entry *entry)
{
    if (entry->res.id != e->current && !entry->inside) {
        run_discard(e, entry);
        return 0;
    }
    entry->killed = 1;
    if (entry->state == EXECUTION_WAITING)
        run_ready(e, entry, E_KILLED);
    return E_BUSY;
}

static int
destroy(void *state, struct call *call)
{
    struct executions *e = state;
    struct execution_entry *entry = run_entry(e, call->target);

    ASSERT(entry != NULL);
    if (entry->state == EXECUTION_DEAD)
        return E_ID;
    if (call->arg[0] == EXECUTION_DELETE_SOON)
        return delete_soon(e, entry);
    if (entry->res.id == e->current) {
        run_reap(e);
        entry->state = EXECUTION_DEAD;
        e->dead = entry->res.id;
        entry->directory = e->idle.directory;
        machine_load_space(entry->directory); // its own may go now
        return 0;
    }
    if (entry->inside)
        return E_BUSY;
    run_discard(e, entry);
    return 0;
}

// The current execution leaves its virtual space for another.
static int
change_space(struct executions *e, rid vspace)
{
    struct execution_entry *entry = run_current(e);
    int directory = gate_control(e->gate, vspace, VSPACE_DIRECTORY, 0, 0, 0);

    if (directory < 0)
        return directory;
    entry->vspace = vspace;
    entry->directory = (u32)directory;
    machine_load_space(entry->directory);
    return 0;
}

// What is asked of one that is named.
static int
control_one(struct executions *e, const struct call *call)
{
    struct execution_entry *entry = run_entry(e, call->target);

    if (entry == NULL)
        return E_ID;
    switch (call->arg[0]) {
    case EXECUTION_INTERRUPT:
        if (entry->state != EXECUTION_WAITING)
            return E_ARGUMENT;
        run_ready(e, entry, E_INTERRUPTED);
        return 0;
    case EXECUTION_TLS:
        memcpy(entry->tls, (const void *)call->arg[1], sizeof(entry->tls));
        if (entry == run_current(e))
            machine_load_tls((const void *)entry->tls);
        return 0;
    default:
        return E_ARGUMENT;
    }
}

static int
control(void *state, struct call *call)
{
    struct executions *e = state;

    if (call->caller != RID_NONE && call->arg[0] >= EXECUTION_BLOCK)
        return E_KERNEL;
    if (call->target != KIND_ID(KIND_EXECUTION))
        return call->caller == RID_NONE ? control_one(e, call) : E_ARGUMENT;
    switch (call->arg[0]) {
    case EXECUTION_SLEEP:
        return sleep(e, (u32)call->arg[1]);
    case EXECUTION_YIELD:
        return run_yield(e);
    case EXECUTION_BLOCK:
        return run_block(e, (u32)call->arg[1], (u32)call->arg[2]);
    case EXECUTION_WAKE:
        return run_wake(e, (u32)call->arg[1], (u32)call->arg[2]);
    case EXECUTION_SPACE:
        return change_space(e, (rid)call->arg[1]);
    default:
        return E_ARGUMENT;
    }
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
    make_idle(e);
    run_begin(e);
}

// --- the kind ---

static void
describe(void *state, const struct res *res, struct resource_info *info)
{
    static const char *const states[] = {"", "ready", "running", "waiting",
                                         "dead"};
    const struct execution_entry *entry = (const void *)res;

    (void)state;
    info->detail[0] = entry->process;
    info->detail[1] = entry->ticks;
    info->detail[2] = entry->channel;
    info->detail[3] = entry->stack;
    text_copy(info->state, states[entry->state], sizeof(info->state));
}

u32
execution_bytes(void)
{
    return table_bytes(sizeof(struct table), sizeof(struct execution_entry),
                       EXECUTION_LIMIT);
}

void
execution_init(struct executions *e, struct gate *gate, void *memory, u32 bytes)
{
    struct kind row = {.name = "execution",
                       .state = e,
                       .program = {[OP_CREATE] = create,
                                   [OP_DELETE] = destroy,
                                   [OP_CONTROL] = control},
                       .user = 1u << OP_CLOSE,
                       .user_kind = 1u << OP_OPEN | 1u << OP_CONTROL,
                       .describe = describe};

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

    while ((entry = run_next(e, &i)) != NULL) {
        int on = entry->state == EXECUTION_RUNNING;

        if (e->begun && on && entry->res.id != e->current)
            return "X1: an execution other than the current one runs";
        dead += entry->state == EXECUTION_DEAD;
        if (entry->state == EXECUTION_WAITING && !entry->inside)
            return "X3: an execution waits outside of an operation";
    }
    return dead <= 1 ? NULL : "X2: more than one execution is dead";
}

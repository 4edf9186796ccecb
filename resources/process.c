// process.c -- a program with its own virtual space
//
//              CREATE           loaded           end()
//     vacant ---------> STARTING ------> RUNNING ------> ZOMBIE -> vacant
//                          |                |             WAIT, DELETE
//                          +-> vacant       +-> vacant    by the owner
//                           not loadable     no owner
//
// A process is killed in two ways.  If its execution is outside the kernel,
// it ends on the spot.  If it is inside an operation, that operation fails
// with E_KILLED, undoes what it began, and the process ends itself before it
// would come back to user mode: nothing it held can leak.
#include "resources/process.h"

#include "resources/process_load.h"
#include "resources/process_rights.h"
#include "tender/assert.h"
#include "tender/text.h"
#include "tender/wait.h"

// Whoever waits for the end of a process waits on its id as the channel.
#define LOADER_CHANNEL KIND_ID(KIND_PROCESS)

static struct process_entry *
entry_of(const struct processes *p, rid id)
{
    return (struct process_entry *)(void *)table_get(p->table, id);
}

// --- the beginning ---

static int
lock_loader(struct processes *p)
{
    while (p->loading) {
        int err = wait_on(p->gate, LOADER_CHANNEL, 0);

        if (err < 0)
            return err;
    }
    p->loading = 1;
    return 0;
}

static void
unlock_loader(struct processes *p)
{
    p->loading = 0;
    wait_wake(p->gate, LOADER_CHANNEL, PROCESS_LIMIT);
}

// Make it, with the loader locked.  All or nothing.
static int
start(struct processes *p, const struct call *call)
{
    char name[NAME_MAX];
    int err = process_load_args(p, call);

    if (err == 0)
        err = process_load_check(p);
    if (err < 0)
        return err;
    process_load_name(p, name);
    err = table_check_add(p->table, name);
    if (err < 0)
        return err;
    p->counter++;
    struct process_entry *entry =
        (struct process_entry *)(void *)table_add(p->table, name, call->caller);
    rid id = entry->res.id;

    entry->state = PROCESS_STARTING;
    entry->flags = (u32)call->arg[3];
    err = process_load_make(p, entry);
    if (err < 0) {
        gate_delete_owned(p->gate, id);
        table_remove(p->table, &entry->res);
        return err;
    }
    entry->state = PROCESS_RUNNING;
    if ((entry->flags & PROCESS_FOREGROUND) != 0)
        gate_control(p->gate, KIND_ID(KIND_CONSOLE), CONSOLE_FOREGROUND, id, 0,
                     0);
    return (int)id;
}

static int
create(void *state, struct call *call)
{
    struct processes *p = state;

    if ((call->arg[3] & ~(word)PROCESS_FOREGROUND) != 0)
        return E_ARGUMENT;
    int err = lock_loader(p);

    if (err < 0)
        return err;
    err = start(p, call);
    unlock_loader(p);
    return err;
}

// --- the end ---

// A process nobody waits for is gone.
static void
forget(struct processes *p, struct process_entry *entry)
{
    rid id = entry->res.id;
    int exit_code = entry->exit_code;

    table_remove(p->table, &entry->res);
    if (p->ended != NULL)
        p->ended(p->ended_state, id, exit_code);
}

// The kernel takes over the children; the parent may have been a task of Linux.
static void
orphan_children(void *state, rid parent)
{
    struct processes *p = state;
    struct process_entry *entry;
    u32 i = 0;

    while ((entry = (void *)table_next(p->table, &i)) != NULL) {
        if (entry->res.owner != parent)
            continue;
        entry->res.owner = RID_NONE;
        if (entry->state == PROCESS_ZOMBIE)
            table_remove(p->table, &entry->res);
    }
}

// Everything but the exit code goes.  The execution is gone already, or it is
// the current one and has left the virtual space.
static void
end(struct processes *p, struct process_entry *entry, int exit_code)
{
    rid id = entry->res.id;

    ASSERT(entry->state == PROCESS_RUNNING);
    entry->state = PROCESS_ZOMBIE;
    entry->exit_code = exit_code & 255;
    entry->execution = RID_NONE;
    memset(entry->opened, 0, sizeof(entry->opened));
    gate_delete_owned(p->gate, id);
    entry->vspace = RID_NONE;
    if (entry->res.owner == RID_NONE)
        forget(p, entry);
    wait_wake(p->gate, id, PROCESS_LIMIT);
}

static int
delete_execution(struct processes *p, rid execution, u32 when)
{
    struct call call = {RID_NONE, execution, OP_DELETE, {when}};

    return gate_call(p->gate, &call);
}

// The current execution ends its own process; does not return.
static int
exit_self(struct processes *p, struct process_entry *entry, int exit_code)
{
    int err = delete_execution(p, entry->execution, EXECUTION_DELETE_NOW);

    ASSERT(err == 0);
    end(p, entry, entry->killed ? entry->exit_code : exit_code);
    gate_control(p->gate, KIND_ID(KIND_EXECUTION), EXECUTION_YIELD, 0, 0, 0);
    PANIC("a process came back from its end");
}

// End it now, or as soon as it is out of the kernel.
static int
kill(struct processes *p, struct process_entry *entry, int exit_code)
{
    if (entry->state == PROCESS_STARTING)
        return E_BUSY;
    if (entry->state == PROCESS_ZOMBIE)
        return E_ID;
    if (entry->killed)
        return 0;
    if (delete_execution(p, entry->execution, EXECUTION_DELETE_SOON) == 0) {
        end(p, entry, exit_code);
        return 0;
    }
    entry->killed = 1;
    entry->exit_code = exit_code;
    return 0;
}

static int
destroy(void *state, struct call *call)
{
    struct processes *p = state;
    struct process_entry *entry = entry_of(p, call->target);

    if (call->target == call->caller)
        return exit_self(p, entry, EXIT_KILLED);
    if (entry->state == PROCESS_STARTING)
        return E_BUSY;
    if (entry->state == PROCESS_RUNNING)
        kill(p, entry, EXIT_KILLED);
    while ((entry = entry_of(p, call->target)) != NULL &&
           entry->state == PROCESS_RUNNING) {
        if (call->caller == RID_NONE)
            return 0; // the kernel does not wait for it
        int err = wait_on(p->gate, call->target, 0);

        if (err < 0)
            return err;
    }
    if (entry != NULL && entry->res.owner == call->caller)
        table_remove(p->table, &entry->res);
    return 0;
}

static int
wait(struct processes *p, const struct call *call)
{
    struct process_entry *entry;

    while ((entry = entry_of(p, call->target)) != NULL) {
        if (entry->res.owner != call->caller)
            return E_CHILD;
        if (entry->state == PROCESS_ZOMBIE) {
            int exit_code = entry->exit_code;

            table_remove(p->table, &entry->res);
            return exit_code;
        }
        int err = wait_on(p->gate, call->target, 0);

        if (err < 0)
            return err;
    }
    return E_ID;
}

static int
control(void *state, struct call *call)
{
    struct processes *p = state;
    rid id = call->target;

    if (call->caller != RID_NONE && call->arg[0] >= PROCESS_VSPACE)
        return E_KERNEL;
    if (id == KIND_ID(KIND_PROCESS))
        id = call->caller;
    struct process_entry *entry = entry_of(p, id);

    if (entry == NULL)
        return E_ID;
    switch (call->arg[0]) {
    case PROCESS_WAIT:
        return wait(p, call);
    case PROCESS_EXIT:
        if (call->caller != RID_NONE && call->caller != id)
            return E_RIGHT;
        return exit_self(p, entry, (int)call->arg[1]);
    case PROCESS_SELF:
        return (int)id;
    case PROCESS_POLL:
        if (entry->res.owner != call->caller)
            return E_CHILD;
        return entry->state == PROCESS_ZOMBIE ? entry->exit_code : E_BUSY;
    case PROCESS_VSPACE:
        return (int)entry->vspace;
    case PROCESS_KILL:
        return kill(p, entry, (int)call->arg[1]);
    default:
        return E_ARGUMENT;
    }
}

// --- the kind ---

static void
describe(void *state, const struct res *res, struct resource_info *info)
{
    static const char *const states[] = {"", "starting", "running", "zombie"};
    const struct process_entry *entry = (const void *)res;

    (void)state;
    info->detail[0] = entry->execution;
    info->detail[1] = entry->vspace;
    info->detail[2] = (u32)entry->exit_code;
    info->detail[3] = entry->flags;
    text_copy(info->state, states[entry->state], sizeof(info->state));
}

static u32
table_part(void)
{
    u32 bytes = table_bytes(sizeof(struct table), sizeof(struct process_entry),
                            PROCESS_LIMIT);

    return (bytes + 15) & ~15u;
}

u32
process_bytes(void)
{
    return table_part() + (u32)sizeof(struct process_loader);
}

void
process_init(struct processes *p, struct gate *gate, void *memory, u32 bytes)
{
    struct kind row = {
        .name = "process",
        .state = p,
        .table = memory,
        .program = {[OP_CREATE] = create,
                    [OP_DELETE] = destroy,
                    [OP_CONTROL] = control},
        .user = 1u << OP_DELETE | 1u << OP_CLOSE | 1u << OP_CONTROL,
        .user_kind = 1u << OP_CREATE | 1u << OP_OPEN | 1u << OP_CONTROL,
        .describe = describe};

    ASSERT(bytes >= process_bytes() && (word)memory % 16 == 0);
    memset(p, 0, sizeof(*p));
    p->gate = gate;
    p->table = memory;
    p->counter = 1;
    p->loader = (struct process_loader *)((word)memory + table_part());
    table_init(p->table, KIND_PROCESS, sizeof(struct table),
               sizeof(struct process_entry), PROCESS_LIMIT);
    gate_register(gate, KIND_PROCESS, &row);
    gate->rights = process_rights(p);
    gate->rights.orphan = orphan_children;
}

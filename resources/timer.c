// timer.c -- signals an event after or every so many milliseconds
#include "resources/timer.h"

#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/text.h"

static struct timer_entry *
entry_of(const struct timers *timers, rid id)
{
    return (struct timer_entry *)(void *)table_get(timers->table, id);
}

// May the caller signal this event?
static int
check_event(const struct timers *timers, const struct call *call)
{
    rid event = (rid)call->arg[1];
    const struct res *res = gate_entry(timers->gate, event);

    if (res == NULL || rid_kind(event) != KIND_EVENT)
        return E_ID;
    if (call->caller != RID_NONE &&
        !gate_may_use(timers->gate, call->caller, res))
        return E_RIGHT;
    return 0;
}

static int
create(void *state, struct call *call)
{
    struct timers *timers = state;
    char name[NAME_MAX];
    int err = call_name(timers->gate, call, call->arg[0], name);

    if (err == 0)
        err = check_event(timers, call);
    if (err < 0)
        return err;
    if (call->arg[2] == 0 || call->arg[3] > TIMER_PERIODIC)
        return E_ARGUMENT;
    err = table_check_add(timers->table, name);
    if (err < 0)
        return err;
    struct timer_entry *entry = (struct timer_entry *)(void *)table_add(
        timers->table, name, call->caller);

    entry->event = (rid)call->arg[1];
    entry->ms = (u32)call->arg[2];
    entry->periodic = call->arg[3] == TIMER_PERIODIC;
    entry->due_us = machine_now_us() + (u64)entry->ms * 1000;
    entry->running = 1;
    return (int)entry->res.id;
}

static int
destroy(void *state, struct call *call)
{
    struct timers *timers = state;

    table_remove(timers->table, &entry_of(timers, call->target)->res);
    return 0;
}

// Signal, and say when it is due again.  What fell due while the power was off
// or the system was occupied is signalled once, not once for each period.
static void
expire(struct timers *timers, struct timer_entry *entry, u64 now)
{
    u64 period_us = (u64)entry->ms * 1000;
    int err = gate_control(timers->gate, entry->event, EVENT_SIGNAL, 1, 0, 0);

    entry->due_us += period_us;
    if (entry->due_us <= now)
        entry->due_us = now + period_us;
    if (!entry->periodic || err == E_ID)
        entry->running = 0;
}

void
timer_tick(struct timers *timers)
{
    u64 now = machine_now_us();
    struct timer_entry *entry;
    u32 i = 0;

    while ((entry = (void *)table_next(timers->table, &i)) != NULL)
        if (entry->running && entry->due_us <= now)
            expire(timers, entry, now);
}

static void
describe(void *state, const struct res *res, struct resource_info *info)
{
    const struct timer_entry *entry = (const void *)res;

    (void)state;
    info->detail[0] = entry->event;
    info->detail[1] = entry->ms;
    info->detail[2] = entry->periodic;
    text_copy(info->state, entry->running ? "running" : "done",
              sizeof(info->state));
}

u32
timer_bytes(void)
{
    return table_bytes(sizeof(struct table), sizeof(struct timer_entry),
                       TIMER_LIMIT);
}

void
timer_init(struct timers *timers, struct gate *gate, void *memory, u32 bytes)
{
    struct kind row = {.name = "timer",
                       .state = timers,
                       .table = memory,
                       .program = {[OP_CREATE] = create, [OP_DELETE] = destroy},
                       .user = 1u << OP_DELETE | 1u << OP_CLOSE,
                       .user_kind = 1u << OP_CREATE | 1u << OP_OPEN,
                       .owner_only = 1u << OP_DELETE,
                       .describe = describe};

    ASSERT(bytes >= timer_bytes());
    *timers = (struct timers){gate, memory};
    table_init(timers->table, KIND_TIMER, sizeof(struct table),
               sizeof(struct timer_entry), TIMER_LIMIT);
    gate_register(gate, KIND_TIMER, &row);
}

// event.c -- a counting event
//
// Whoever waits looks at the count again after every wake: a wake is only a
// hint.  One that is killed after it was woken hands the hint on, so that a
// signal is neither lost nor taken twice.
#include "resources/event.h"

#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/text.h"
#include "tender/wait.h"

#define LONGEST_US 4000000000u // of one wait that ends by time

static struct event_entry *
entry_of(const struct events *events, rid id)
{
    return (struct event_entry *)(void *)table_get(events->table, id);
}

// Milliseconds up to the deadline, at least 1; an early end does no harm.
static u32
ms_left(u64 deadline_us)
{
    u64 now = machine_now_us();

    if (now >= deadline_us)
        return 0;
    return (u32)MIN(deadline_us - now, LONGEST_US) / 1000 + 1;
}

// Wait for one and take it.  ms 0: for ever.
static int
take(struct events *events, rid id, u32 ms)
{
    u64 deadline_us = machine_now_us() + (u64)ms * 1000;
    struct event_entry *entry;

    while ((entry = entry_of(events, id)) != NULL) {
        if (entry->count > 0) {
            entry->count--;
            return 0;
        }
        u32 left = ms == 0 ? 0 : ms_left(deadline_us);

        if (ms != 0 && left == 0)
            return E_TIME;
        int err = wait_on(events->gate, id, left);

        if (err < 0 && err != E_TIME) {
            entry = entry_of(events, id);
            if (entry != NULL && entry->count > 0)
                wait_wake(events->gate, id, 1);
            return err;
        }
    }
    return E_ID; // deleted while we waited
}

static int
create(void *state, struct call *call)
{
    struct events *events = state;
    char name[NAME_MAX];
    int err = call_name(events->gate, call, call->arg[0], name);

    if (err < 0)
        return err;
    if (call->arg[1] > EVENT_COUNT_MAX)
        return E_ARGUMENT;
    err = table_check_add(events->table, name);
    if (err < 0)
        return err;
    struct event_entry *entry = (struct event_entry *)(void *)table_add(
        events->table, name, call->caller);

    entry->count = (u32)call->arg[1];
    return (int)entry->res.id;
}

static int
destroy(void *state, struct call *call)
{
    struct events *events = state;

    table_remove(events->table, table_get(events->table, call->target));
    wait_wake(events->gate, call->target, ~0u); // they find it gone
    return 0;
}

static int
read(void *state, struct call *call)
{
    return take(state, call->target, 0);
}

static int
signal(struct events *events, rid id, word n)
{
    struct event_entry *entry = entry_of(events, id);

    if (entry == NULL)
        return E_ID;
    if (n == 0 || n > EVENT_COUNT_MAX - entry->count)
        return E_ARGUMENT;
    entry->count += (u32)n;
    wait_wake(events->gate, id, (u32)n);
    return 0;
}

static int
control(void *state, struct call *call)
{
    switch (call->arg[0]) {
    case EVENT_SIGNAL:
        return signal(state, call->target, call->arg[1]);
    case EVENT_WAIT:
        return take(state, call->target, (u32)call->arg[1]);
    default:
        return E_ARGUMENT;
    }
}

static void
describe(void *state, const struct res *res, struct resource_info *info)
{
    const struct event_entry *entry = (const void *)res;

    (void)state;
    info->detail[0] = entry->count;
    text_copy(info->state, entry->count > 0 ? "signalled" : "empty",
              sizeof(info->state));
}

u32
event_bytes(void)
{
    return table_bytes(sizeof(struct table), sizeof(struct event_entry),
                       EVENT_LIMIT);
}

void
event_init(struct events *events, struct gate *gate, void *memory, u32 bytes)
{
    struct kind row = {.name = "event",
                       .state = events,
                       .table = memory,
                       .program = {[OP_CREATE] = create,
                                   [OP_DELETE] = destroy,
                                   [OP_READ] = read,
                                   [OP_CONTROL] = control},
                       .user = 1u << OP_DELETE | 1u << OP_CLOSE |
                               1u << OP_READ | 1u << OP_CONTROL,
                       .user_kind = 1u << OP_CREATE | 1u << OP_OPEN,
                       .owner_only = 1u << OP_DELETE,
                       .describe = describe};

    ASSERT(bytes >= event_bytes());
    *events = (struct events){gate, memory};
    table_init(events->table, KIND_EVENT, sizeof(struct table),
               sizeof(struct event_entry), EVENT_LIMIT);
    gate_register(gate, KIND_EVENT, &row);
}

// system.c -- resource system: the processor and the devices as one whole
#include "resources/system.h"

#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/table.h"
#include "tender/text.h"

static int
occupy(struct system *system)
{
    int err = 0;

    ASSERT(!system->occupied);
    system->occupied = 1;
    // No device operation may be in flight in the state that is saved.
    if (system->gate->kind[KIND_DEVICE].name != NULL)
        err = gate_control(system->gate, KIND_ID(KIND_DEVICE), DEVICE_QUIESCE,
                           0, 0, 0);
    if (err < 0)
        system->occupied = 0;
    return err;
}

static int
status(struct system *system, const struct call *call)
{
    struct system_status s;

    memset(&s, 0, sizeof(s));
    if (system->plates.status != NULL)
        system->plates.status(system->plates.state, &s);
    return call_out(system->gate, call, call->arg[1], &s, sizeof(s));
}

// One used entry at or after an index, and where to go on.
static int
list(struct system *system, const struct call *call)
{
    u32 kind = (u32)call->arg[1];
    u32 index = (u32)call->arg[2];
    struct resource_info info;

    if (kind >= KINDS || system->gate->kind[kind].name == NULL)
        return E_KIND;
    const struct kind *row = &system->gate->kind[kind];

    if (row->table == NULL)
        return 0;
    const struct res *res = table_next(row->table, &index);

    if (res == NULL)
        return 0;
    memset(&info, 0, sizeof(info));
    info.id = res->id;
    info.owner = res->owner;
    text_copy(info.name, res->name, NAME_MAX);
    if (row->describe != NULL)
        row->describe(row->state, res, &info);
    int err = call_out(system->gate, call, call->arg[3], &info, sizeof(info));

    return err < 0 ? err : (int)index;
}

static int
kind_info(struct system *system, const struct call *call)
{
    u32 kind = (u32)call->arg[1];
    struct kind_info info;

    if (kind >= KINDS || system->gate->kind[kind].name == NULL)
        return E_KIND;
    const struct kind *row = &system->gate->kind[kind];

    memset(&info, 0, sizeof(info));
    text_copy(info.name, row->name, sizeof(info.name));
    if (row->table != NULL) {
        info.used = row->table->used;
        info.capacity = row->table->capacity;
    }
    memcpy(info.calls, row->calls, sizeof(info.calls));
    return call_out(system->gate, call, call->arg[2], &info, sizeof(info));
}

static int
uptime(struct system *system, const struct call *call)
{
    u64 now = machine_now_us();

    return call_out(system->gate, call, call->arg[1], &now, sizeof(now));
}

// The newest lines, oldest of them first.
static int
read_trace(struct system *system, const struct call *call)
{
    const struct gate *gate = system->gate;
    u32 traced = gate->traced;
    u32 n = MIN(MIN((u32)call->arg[2], TRACE_LINES), traced);

    for (u32 i = 0; i < n; i++) {
        const struct trace_line *line =
            &gate->trace[(traced - n + i) % TRACE_LINES];
        int err = call_out(system->gate, call, call->arg[1] + i * sizeof(*line),
                           line, sizeof(*line));

        if (err < 0)
            return err;
    }
    return (int)n;
}

// What needs the plates above.
static int
control_plates(struct system *system, const struct call *call)
{
    const struct plate_door *door = &system->plates;

    if (door->save == NULL)
        return E_STORE;
    switch (call->arg[0]) {
    case SYSTEM_SAVE:
        return door->save(door->state);
    case SYSTEM_SHUTDOWN:
        return door->shutdown(door->state, 0);
    case SYSTEM_REBOOT:
        return door->shutdown(door->state, 1);
    case SYSTEM_OCC_ENABLE:
        return door->enable(door->state);
    default:
        return door->disable(door->state);
    }
}

static int
control_kernel(struct system *system, const struct call *call)
{
    if (call->caller != RID_NONE)
        return E_KERNEL;
    if (call->arg[0] == SYSTEM_OCCUPY)
        return occupy(system);
    system->occupied = 0;
    return 0;
}

static int
control(void *state, struct call *call)
{
    struct system *system = state;

    switch (call->arg[0]) {
    case SYSTEM_SAVE:
    case SYSTEM_SHUTDOWN:
    case SYSTEM_REBOOT:
    case SYSTEM_OCC_ENABLE:
    case SYSTEM_OCC_DISABLE:
        return control_plates(system, call);
    case SYSTEM_STATUS:
        return status(system, call);
    case SYSTEM_LIST:
        return list(system, call);
    case SYSTEM_KIND:
        return kind_info(system, call);
    case SYSTEM_UPTIME:
        return uptime(system, call);
    case SYSTEM_TRACE:
        return read_trace(system, call);
    case SYSTEM_OCCUPY:
    case SYSTEM_RELEASE:
        return control_kernel(system, call);
    default:
        return E_ARGUMENT;
    }
}

void
system_init(struct system *system, struct gate *gate)
{
    struct kind row = {
        .name = "system", .state = system, .user_kind = 1u << OP_CONTROL};

    memset(system, 0, sizeof(*system));
    system->gate = gate;
    row.program[OP_CONTROL] = control;
    gate_register(gate, KIND_SYSTEM, &row);
}

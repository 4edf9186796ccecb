// region.c -- resource virtual region: a virtualised memory image
#include "resources/region.h"

#include "tender/assert.h"
#include "tender/table.h"
#include "tender/text.h"

void
region_attach_table(struct regions *regions, void *table)
{
    regions->gate = NULL;
    regions->table = table;
}

void
region_init(struct regions *regions, void *table, const struct limits *limits)
{
    region_attach_table(regions, table);
    table_init(regions->table, KIND_REGION, sizeof(struct table),
               sizeof(struct region_entry), limits->regions);
}

struct region_entry *
region_get(const struct regions *regions, rid id)
{
    return (struct region_entry *)(void *)table_get(regions->table, id);
}

struct region_entry *
region_add(struct regions *regions, const char *name, rid owner,
           rid real_memory, u32 pages)
{
    struct region_entry *e = (void *)table_add(regions->table, name, owner);

    e->real_memory = real_memory;
    e->pages = pages;
    return e;
}

// A region that nothing of is in memory yet: there is too little.  Its pages
// come when they are used (vspace/pager.c).
static int
create_paged(struct regions *regions, const char *name, rid owner, u32 pages)
{
    struct gate *gate = regions->gate;
    int unit = gate_create(gate, KIND_VUNIT, NULL, pages, 0, 0, 0);

    if (unit < 0)
        return unit == E_KIND ? E_MEMORY : unit;
    int memory =
        gate_create(gate, KIND_REAL_MEMORY, NULL, 0, MEMORY_EMPTY, 0, 0);

    if (memory < 0) {
        gate_delete(gate, (rid)unit);
        return memory;
    }
    struct region_entry *e =
        region_add(regions, name, owner, (rid)memory, pages);
    struct vunit_entry *vunit = (void *)gate_entry(gate, (rid)unit);

    e->vunit = (rid)unit;
    vunit->region = e->res.id;
    return (int)e->res.id;
}

static u32
memory_flags(u32 flags)
{
    return (flags & REGION_RAW ? MEMORY_RAW : 0) |
           (flags & REGION_PROGRAM ? MEMORY_SPARE : 0);
}

static int
create(void *state, struct call *call)
{
    struct regions *regions = state;
    char name[NAME_MAX];
    int err = call_name(regions->gate, call, call->arg[0], name);

    if (err < 0)
        return err;
    if (call->arg[1] == 0 || call->arg[1] > 0x40000000u)
        return E_ARGUMENT;
    err = table_check_add(regions->table, name);
    if (err < 0)
        return err;
    u32 flags = call->caller == RID_NONE ? (u32)call->arg[2] : REGION_PROGRAM;
    u32 pages = PAGES_OF((u32)call->arg[1]);
    int memory = gate_create(regions->gate, KIND_REAL_MEMORY, NULL, pages,
                             memory_flags(flags), 0, 0);

    if (memory == E_MEMORY && (flags & REGION_PROGRAM) != 0)
        return create_paged(regions, name, call->caller, pages);
    if (memory < 0)
        return memory;
    return (int)region_add(regions, name, call->caller, (rid)memory, pages)
        ->res.id;
}

int
region_unpark(struct regions *regions, const struct region_entry *e)
{
    const struct space_entry *space =
        (const void *)gate_entry(regions->gate, e->attached);

    if (e->attached == RID_NONE)
        return 0;
    // No space: its kind is not there yet.
    if (space == NULL || (space->flags & SPACE_PARKED) == 0)
        return E_ATTACHED;
    return gate_delete(regions->gate, e->attached);
}

static int
destroy(void *state, struct call *call)
{
    struct regions *regions = state;
    struct region_entry *e = region_get(regions, call->target);
    int err = region_unpark(regions, e);

    if (err < 0)
        return err;
    err = gate_delete(regions->gate, e->real_memory);
    ASSERT(err == 0);
    if (e->vunit != RID_NONE) {
        err = gate_delete(regions->gate, e->vunit);
        ASSERT(err == 0);
    }
    table_remove(regions->table, &e->res);
    return 0;
}

static void
describe(void *state, const struct res *res, struct resource_info *info)
{
    const struct region_entry *e = (const void *)res;

    (void)state;
    info->detail[0] = e->pages;
    info->detail[1] = e->attached;
    info->detail[2] = e->real_memory;
    text_copy(info->state, e->attached != RID_NONE ? "attached" : "free",
              sizeof(info->state));
}

void
region_register(struct regions *regions, struct gate *gate)
{
    const u32 user = 1u << OP_DELETE | 1u << OP_CLOSE;
    struct kind row = {.name = "region",
                       .state = regions,
                       .table = regions->table,
                       .user = user,
                       .user_kind = 1u << OP_CREATE | 1u << OP_OPEN,
                       .owner_only = 1u << OP_DELETE,
                       .describe = describe};

    row.program[OP_CREATE] = create;
    row.program[OP_DELETE] = destroy;
    regions->gate = gate;
    gate_register(gate, KIND_REGION, &row);
}

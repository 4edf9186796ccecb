// vkspace.c -- resource virtual kernel space: data in the kernel's virtual space
#include "vspace/vkspace.h"

#include "tender/assert.h"
#include "tender/table.h"

void
vkspace_init(struct spaces *vk, void *table, const struct limits *limits,
             struct vspaces *vs, struct regions *regions,
             struct real_memory *rm)
{
    space_attach_table(vk, table, vs, regions, rm);
    table_init(vk->table, KIND_VKSPACE, sizeof(struct table),
               sizeof(struct space_entry), limits->vkspaces);
}

// The region to attach: a given one that is free, or a new one.
static int
get_region(struct spaces *vk, const struct call *call)
{
    u32 pages = (u32)call->arg[1];

    if (pages == 0) {
        const struct region_entry *e =
            region_get(vk->regions, (rid)call->arg[3]);

        if (e == NULL)
            return E_ID;
        return e->attached == RID_NONE ? (int)e->res.id : E_ATTACHED;
    }
    if (pages > 0x40000)
        return E_ARGUMENT;
    return gate_create(vk->gate, KIND_REGION, NULL, pages * PAGE_SIZE,
                       (call->arg[2] & SPACE_SAVE_AREA) ? REGION_RAW : 0, 0, 0);
}

static int
create(void *state, struct call *call)
{
    struct spaces *vk = state;
    char name[NAME_MAX];
    int err = call_name(vk->gate, call, call->arg[0], name);

    if (err == 0)
        err = table_check_add(vk->table, name);
    if (err < 0)
        return err;
    int id = get_region(vk, call);

    if (id < 0)
        return id;
    struct region_entry *region = region_get(vk->regions, (rid)id);
    u32 va = vspace_find_kernel(vk->vs, region->pages);

    if (va == 0) {
        if (call->arg[1] != 0) {
            err = gate_delete(vk->gate, (rid)id);
            ASSERT(err == 0);
        }
        return E_ADDRESS;
    }
    return (int)space_add(vk, name, call->caller, region, vspace_kernel(vk->vs),
                          va, (u32)call->arg[2])
        ->res.id;
}

static int
destroy(void *state, struct call *call)
{
    struct spaces *vk = state;
    struct space_entry *e = space_get(vk, call->target);
    rid region = e->region;
    u32 flags = e->flags;

    if (flags & SPACE_BOOTSTRAP)
        return E_BUSY;
    space_remove(vk, e);
    if ((flags & SPACE_PARKED) == 0) {
        int err = gate_delete(vk->gate, region);

        ASSERT(err == 0);
    }
    return 0;
}

static int
control(void *state, struct call *call)
{
    const struct space_entry *e = space_get(state, call->target);

    if (e == NULL)
        return E_ID;
    if (call->arg[0] != VK_ADDRESS)
        return E_ARGUMENT;
    *(u32 *)call->arg[1] = e->va;
    return 0;
}

void
vkspace_register(struct spaces *vk, struct gate *gate)
{
    struct kind row = {.name = "vkspace",
                       .state = vk,
                       .table = vk->table,
                       .describe = space_describe};

    row.program[OP_CREATE] = create;
    row.program[OP_DELETE] = destroy;
    row.program[OP_CONTROL] = control;
    vk->gate = gate;
    gate_register(gate, KIND_VKSPACE, &row);
}

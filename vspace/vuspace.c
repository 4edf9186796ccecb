// vuspace.c -- resource virtual user space: data in a user's virtual space
#include "vspace/vuspace.h"

#include "tender/assert.h"
#include "tender/ram.h"
#include "tender/table.h"

u32
vuspace_bytes(void)
{
    return table_bytes(sizeof(struct table), sizeof(struct space_entry),
                       VUSPACE_LIMIT);
}

void
vuspace_init(struct spaces *vu, void *table, struct vspaces *vs,
             struct regions *regions, struct real_memory *rm)
{
    space_attach_table(vu, table, vs, regions, rm);
    table_init(vu->table, KIND_VUSPACE, sizeof(struct table),
               sizeof(struct space_entry), VUSPACE_LIMIT);
}

// The virtual space of a process, or NULL.
static struct vspace_entry *
vspace_of(const struct spaces *vu, rid process)
{
    int id = gate_control(vu->gate, process, PROCESS_VSPACE, 0, 0, 0);

    return id < 0 ? NULL : vspace_get(vu->vs, (rid)id);
}

int
vuspace_copy_in(void *state, rid process, void *to, u32 from, u32 bytes)
{
    const struct spaces *vu = state;
    const struct vspace_entry *e = vspace_of(vu, process);

    return e == NULL ? E_POINTER : vspace_read(vu->vs, e, from, to, bytes);
}

int
vuspace_copy_out(void *state, rid process, u32 to, const void *from, u32 bytes)
{
    const struct spaces *vu = state;
    const struct vspace_entry *e = vspace_of(vu, process);

    return e == NULL ? E_POINTER : vspace_write(vu->vs, e, to, from, bytes, 1);
}

// Everything about the addresses: 0, or the reason against them.
static int
check_place(const struct spaces *vu, const struct vspace_entry *vspace, u32 *va,
            u32 pages)
{
    if (*va == 0)
        *va = vspace_find_user(vspace, pages);
    if (*va == 0)
        return E_ADDRESS;
    if (*va % PAGE_SIZE != 0 || *va < USER_BASE || *va >= USER_END ||
        pages > (USER_END - *va) >> PAGE_SHIFT)
        return E_ARGUMENT;
    return vspace_check_room(vu->vs, vspace, *va, pages);
}

static int
create(void *state, struct call *call)
{
    struct spaces *vu = state;
    struct region_entry *region = region_get(vu->regions, (rid)call->arg[1]);
    struct vspace_entry *vspace;
    u32 va = (u32)call->arg[2];
    char name[NAME_MAX];
    int err = call_name(vu->gate, call, call->arg[0], name);

    if (err < 0)
        return err;
    if (region == NULL)
        return E_ID;
    if (call->caller != RID_NONE &&
        !gate_may_use(vu->gate, call->caller, &region->res))
        return E_RIGHT;
    vspace = call->caller == RID_NONE ? vspace_get(vu->vs, (rid)call->arg[4])
                                      : vspace_of(vu, call->caller);
    if (vspace == NULL)
        return E_ID;
    if ((vspace->flags & VSPACE_CACHE) != 0)
        return E_RIGHT; // its page tables follow something else
    if ((call->arg[3] & ~(word)VU_WRITABLE) != 0)
        return E_ARGUMENT;
    err = table_check_add(vu->table, name);
    if (err == 0)
        err = check_place(vu, vspace, &va, region->pages);
    if (err == 0)
        err = region_unpark(vu->regions, region);
    if (err < 0)
        return err;
    return (int)space_add(vu, name, call->caller, region, vspace, va,
                          call->arg[3] ? SPACE_WRITABLE : 0)
        ->res.id;
}

// A region whose owner has ended goes with its last use.
static int
destroy(void *state, struct call *call)
{
    struct spaces *vu = state;
    struct space_entry *e = space_get(vu, call->target);
    const struct region_entry *region = region_get(vu->regions, e->region);

    space_remove(vu, e);
    if (region->res.owner == RID_GONE) {
        int err = gate_delete(vu->gate, region->res.id);

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
    switch (call->arg[0]) {
    case VU_ADDRESS:
        return (int)e->va;
    case VU_SIZE:
        return (int)(e->pages * PAGE_SIZE);
    default:
        return E_ARGUMENT;
    }
}

void
vuspace_register(struct spaces *vu, struct gate *gate)
{
    const u32 user = 1u << OP_DELETE | 1u << OP_CLOSE | 1u << OP_CONTROL;
    struct kind row = {.name = "vuspace",
                       .state = vu,
                       .table = vu->table,
                       .user = user,
                       .user_kind = 1u << OP_CREATE | 1u << OP_OPEN,
                       .owner_only = 1u << OP_DELETE,
                       .describe = space_describe};

    row.program[OP_CREATE] = create;
    row.program[OP_DELETE] = destroy;
    row.program[OP_CONTROL] = control;
    vu->gate = gate;
    gate->user.state = vu;
    gate->user.in = vuspace_copy_in;
    gate->user.out = vuspace_copy_out;
    gate_register(gate, KIND_VUSPACE, &row);
}

// plate.c -- resource plate: a persistent piece of virtual memory
#include "plate/plate.h"

#include "plate/disk.h"

#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "tender/text.h"
#include "vspace/paging.h"

#define HEAD sizeof(struct plate_head)
#define ENTRY sizeof(struct plate_entry)

void
plate_attach_table(struct plates *p, void *table, const struct limits *limits)
{
    p->head = table;
    p->limits = limits;
    p->pending =
        (struct pending_delete *)((word)table +
                                  table_bytes(HEAD, ENTRY, limits->plates));
}

void
plate_init(struct plates *p, void *table, const struct limits *limits)
{
    plate_attach_table(p, table, limits);
    table_init(&p->head->table, KIND_PLATE, HEAD, ENTRY, limits->plates);
}

struct space_entry *
plate_space(const struct plates *p, rid space)
{
    if (rid_kind(space) == KIND_VKSPACE)
        return space_get(p->vk, space);
    return p->vu == NULL ? NULL : space_get(p->vu, space);
}

int
plate_wanted(const struct space_entry *e)
{
    const u32 not = SPACE_SAVE_AREA | SPACE_BOOTSTRAP | SPACE_UNSAVED;

    return (e->flags & not ) == 0;
}

static u32
count_unplated(const struct spaces *spaces)
{
    u32 i = 0;
    u32 pages = 0;
    const struct res *res;

    while ((res = table_next(spaces->table, &i)) != NULL) {
        const struct space_entry *e = (const void *)res;

        if (plate_wanted(e) && e->plate == RID_NONE)
            pages += e->pages;
    }
    return pages;
}

// What the next save puts into spaces of its own (park_regions()).
static u32
count_unattached(const struct regions *regions)
{
    u32 i = 0;
    u32 pages = 0;
    const struct res *res;

    while ((res = table_next(regions->table, &i)) != NULL) {
        const struct region_entry *region = (const void *)res;

        if (region->attached == RID_NONE)
            pages += region->pages;
    }
    return pages;
}

u32
plate_reserve(const struct plates *p)
{
    if (p->store == NULL || p->punits != NULL)
        return 0;
    return 2 * (count_unplated(p->vk) + count_unplated(p->vu) +
                count_unattached(p->regions));
}

u64
plate_disk_us(const struct plates *p)
{
    return p->disk == NULL ? 0 : p->disk->us;
}

u32
plate_disk_requests(const struct plates *p)
{
    return p->disk == NULL ? 0 : p->disk->requests;
}

int
plate_make(struct plates *p, const char *name, struct space_entry *e)
{
    struct plate_entry made;
    int err = table_check_add(&p->head->table, name);

    ASSERT(plate_wanted(e) && e->plate == RID_NONE);
    if (err < 0)
        return err;
    if (p->head->table.used + p->head->pending >= p->head->table.capacity)
        return E_TABLE;
    memset(&made, 0, sizeof(made));
    made.space = e->res.id;
    made.pages = e->pages;
    err = p->store->create(p, &made);
    if (err < 0)
        return err;
    struct plate_entry *plate =
        (void *)table_add(&p->head->table, name, e->res.owner);

    plate->space = made.space;
    plate->area[0] = made.area[0];
    plate->area[1] = made.area[1];
    plate->pages = made.pages;
    plate->born = p->head->generation;
    e->plate = plate->res.id;
    err = plate_copy_all(p, plate);
    if (err < 0) {
        plate_unmake(p, plate);
        return err;
    }
    return (int)plate->res.id;
}

static void
forget(struct plates *p, struct plate_entry *plate)
{
    struct space_entry *e = plate_space(p, plate->space);

    if (e != NULL)
        e->plate = RID_NONE;
    table_remove(&p->head->table, &plate->res);
}

void
plate_unmake(struct plates *p, struct plate_entry *plate)
{
    rid area[2] = {plate->area[0], plate->area[1]};

    forget(p, plate);
    p->store->discard(p, area);
}

void
plate_defer(struct plates *p, struct plate_entry *plate)
{
    // No save was begun since it was made, so none names its areas.
    if (plate->born == p->head->generation) {
        plate_unmake(p, plate);
        return;
    }
    ASSERT(p->head->pending < p->head->table.capacity);
    struct pending_delete *entry = &p->pending[p->head->pending++];

    entry->area[0] = plate->area[0];
    entry->area[1] = plate->area[1];
    p->store->retire(p, entry->area);
    forget(p, plate);
}

u32
plate_free_pending(struct plates *p)
{
    u32 freed = p->head->pending;

    for (u32 i = 0; i < freed; i++)
        p->store->discard(p, p->pending[i].area);
    p->head->pending = 0;
    return freed;
}

static int
create(void *state, struct call *call)
{
    struct plates *p = state;
    struct space_entry *e = plate_space(p, (rid)call->arg[1]);
    char name[NAME_MAX];
    int err = call_name(p->gate, call, call->arg[0], name);

    if (err < 0)
        return err;
    if (!p->head->enabled)
        return E_OCC_OFF;
    if (e == NULL)
        return E_ID;
    if (call->caller != RID_NONE &&
        !gate_may_use(p->gate, call->caller, &e->res))
        return E_RIGHT;
    if (e->plate != RID_NONE)
        return E_EXISTS;
    return plate_wanted(e) ? plate_make(p, name, e) : E_BUSY;
}

static int
destroy(void *state, struct call *call)
{
    struct plates *p = state;
    struct res *res = table_get(&p->head->table, call->target);

    plate_defer(p, (struct plate_entry *)(void *)res);
    return 0;
}

static int
read(void *state, struct call *call)
{
    struct plates *p = state;
    struct res *res = table_get(&p->head->table, call->target);
    const struct plate_entry *plate = (const void *)res;
    struct plate_info info;

    if (res == NULL)
        return E_ID;
    if (call->arg[1] < sizeof(info))
        return E_ARGUMENT;
    memset(&info, 0, sizeof(info));
    info.space = plate->space;
    info.area[0] = plate->area[0];
    info.area[1] = plate->area[1];
    info.va = plate_space(p, plate->space)->va;
    info.pages = plate->pages;
    info.dirty_pages = plate_count_changed(p, plate);
    int err = call_out(p->gate, call, call->arg[0], &info, sizeof(info));

    return err < 0 ? err : (int)sizeof(info);
}

static void
describe(void *state, const struct res *res, struct resource_info *info)
{
    struct plates *p = state;
    const struct plate_entry *plate = (const void *)res;
    const struct space_entry *e = plate_space(p, plate->space);

    info->detail[0] = plate->space;
    info->detail[1] = e->va;
    info->detail[2] = plate->pages;
    info->detail[3] = plate_count_changed(p, plate);
    if (info->name[0] == 0)
        text_copy(info->name, e->res.name, NAME_MAX);
    text_copy(info->state, info->detail[3] != 0 ? "changed" : "saved",
              sizeof(info->state));
}

void
plate_register(struct plates *p, struct gate *gate)
{
    const u32 user = 1u << OP_DELETE | 1u << OP_CLOSE | 1u << OP_READ;
    struct kind row = {.name = "plate",
                       .state = p,
                       .table = &p->head->table,
                       .user = user,
                       .user_kind = 1u << OP_CREATE | 1u << OP_OPEN,
                       .owner_only = 1u << OP_DELETE,
                       .describe = describe};

    row.program[OP_CREATE] = create;
    row.program[OP_DELETE] = destroy;
    row.program[OP_READ] = read;
    p->gate = gate;
    gate_register(gate, KIND_PLATE, &row);
}

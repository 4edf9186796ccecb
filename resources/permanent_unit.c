// permanent_unit.c -- resource permanent unit: where a plate lies on the disk
#include "resources/permanent_unit.h"

#include "tender/assert.h"
#include "tender/table.h"
#include "tender/text.h"

#define HEAD sizeof(struct punit_head)
#define ENTRY sizeof(struct punit_entry)

void
punit_attach(struct punits *units, void *table, const struct limits *limits)
{
    units->gate = NULL;
    units->head = table;
    units->map = (struct disk_page *)((word)table +
                                      table_bytes(HEAD, ENTRY, limits->punits));
    units->map_pages = limits->punit_pages;
}

void
punit_init(struct punits *units, void *table, const struct limits *limits)
{
    punit_attach(units, table, limits);
    table_init(&units->head->table, KIND_PUNIT, HEAD, ENTRY, limits->punits);
}

static struct punit_entry *
entry_of(const struct punits *units, rid id)
{
    struct res *res = table_get(&units->head->table, id);

    ASSERT(res != NULL);
    return (struct punit_entry *)(void *)res;
}

struct disk_page *
punit_map(const struct punits *units, rid id)
{
    return units->map + entry_of(units, id)->first;
}

u32
punit_pages(const struct punits *units, rid id)
{
    return entry_of(units, id)->pages;
}

// The unit that begins lowest in the map, at or above a page.
static struct punit_entry *
next_in_map(const struct punits *units, u32 from)
{
    struct punit_entry *found = NULL;
    struct res *res;
    u32 i = 0;

    while ((res = table_next(&units->head->table, &i)) != NULL) {
        struct punit_entry *e = (void *)res;

        if (e->first >= from && (found == NULL || e->first < found->first))
            found = e;
    }
    return found;
}

// Move all units down, so that what is free in the map lies above them.
static void
compact(struct punits *units)
{
    struct punit_entry *e;
    u32 high = 0;

    while ((e = next_in_map(units, high)) != NULL) {
        struct disk_page *to = units->map + high;
        const struct disk_page *from = units->map + e->first;

        // Downwards in ascending order: what is overwritten was moved.
        for (u32 i = 0; i < e->pages && to != from; i++)
            to[i] = from[i];
        e->first = high;
        high += e->pages;
    }
    units->head->high = high;
}

int
punit_create(struct punits *units, rid owner, u32 pages)
{
    struct punit_head *head = units->head;
    u32 most = MIN(head->room, units->map_pages);

    if (pages == 0)
        return E_ARGUMENT;
    if (head->table.used == head->table.capacity)
        return E_TABLE;
    if (head->pages > most || pages > most - head->pages)
        return E_UNITS;
    if (pages > units->map_pages - head->high)
        compact(units);
    if (pages > units->map_pages - head->high)
        return E_UNITS;
    struct punit_entry *e = (void *)table_add(&head->table, NULL, owner);

    e->first = head->high;
    e->pages = pages;
    head->high += pages;
    head->pages += pages;
    memset(units->map + e->first, 0, pages * (u32)sizeof(struct disk_page));
    return (int)e->res.id;
}

void
punit_delete(struct punits *units, rid id)
{
    struct punit_entry *e = entry_of(units, id);

    if (!e->retired)
        units->head->pages -= e->pages;
    if (e->first + e->pages == units->head->high)
        units->head->high = e->first;
    table_remove(&units->head->table, &e->res);
}

void
punit_retire(struct punits *units, rid id)
{
    struct punit_entry *e = entry_of(units, id);

    ASSERT(!e->retired);
    e->retired = 1;
    units->head->pages -= e->pages;
}

static int
create(void *state, struct call *call)
{
    if (call->arg[1] > 0x100000)
        return E_ARGUMENT;
    return punit_create(state, call->caller, (u32)call->arg[1]);
}

static int
destroy(void *state, struct call *call)
{
    punit_delete(state, call->target);
    return 0;
}

static void
describe(void *state, const struct res *res, struct resource_info *info)
{
    const struct punits *units = state;
    const struct punit_entry *e = (const void *)res;
    const struct disk_page *page = units->map + e->first;

    info->detail[0] = e->pages;
    info->detail[1] = page->block;
    for (u32 i = 0; i < e->pages; i++)
        info->detail[2] += page[i].block != 0;
    text_copy(info->state, info->detail[2] != 0 ? "on disk" : "zeros",
              sizeof(info->state));
}

void
punit_register(struct punits *units, struct gate *gate)
{
    struct kind row = {.name = "permanent-unit",
                       .state = units,
                       .table = &units->head->table,
                       .describe = describe};

    row.program[OP_CREATE] = create;
    row.program[OP_DELETE] = destroy;
    units->gate = gate;
    gate_register(gate, KIND_PUNIT, &row);
}

static const char *
check_blocks(const struct punits *units, const struct punit_entry *e,
             u32 *bitmap, u32 blocks)
{
    for (u32 i = 0; i < e->pages; i++) {
        u32 block = units->map[e->first + i].block;

        if (block == 0)
            continue;
        if (block < DISK_DATA_BLOCK || block >= blocks)
            return "U3: a permanent unit names a block outside the partition";
        if (bitmap[block / 32] & 1u << block % 32)
            return "U3: two pages of permanent units share a block";
        bitmap[block / 32] |= 1u << block % 32;
    }
    return NULL;
}

const char *
punit_check(const struct punits *units, const struct limits *limits,
            u32 *bitmap, u32 blocks)
{
    const struct punit_head *head = units->head;
    const char *wrong =
        table_check(&head->table, KIND_PUNIT, HEAD, ENTRY, limits->punits);
    const struct punit_entry *e;
    u32 pages = 0;
    u32 found = 0;
    u32 end = 0;

    if (wrong != NULL)
        return wrong;
    if (head->high > units->map_pages)
        return "U1: the unit map's high mark is above its end";
    for (; (e = next_in_map(units, end)) != NULL; end = e->first + e->pages) {
        if (e->pages == 0 || e->first > head->high ||
            e->pages > head->high - e->first)
            return "U1: a permanent unit leaves the unit map";
        wrong = check_blocks(units, e, bitmap, blocks);
        if (wrong != NULL)
            return wrong;
        if (!e->retired)
            pages += e->pages;
        found++;
    }
    if (found != head->table.used)
        return "U1: two permanent units overlap in the unit map";
    if (pages != head->pages || pages > head->room || head->room > blocks)
        return "U2: the permanent units do not fit their table's head";
    return NULL;
}

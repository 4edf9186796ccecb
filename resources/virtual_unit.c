// virtual_unit.c -- resource virtual unit: where a region's pages are paged out
#include "resources/virtual_unit.h"

#include "tender/assert.h"
#include "tender/partition.h"
#include "tender/table.h"
#include "tender/text.h"

#define HEAD sizeof(struct vunit_head)
#define ENTRY sizeof(struct vunit_entry)

// More than all plates may have; each costs a word of memory.
#define BLOCKS_PER_FRAME 4u

void
vunit_disk_open(struct vunit_disk *disk,
                const struct block_device *const device[], u32 devices,
                u32 buffer_pa, u64 (*now_us)(void))
{
    struct partition found;

    memset(disk, 0, sizeof(*disk));
    disk->buffer_pa = buffer_pa;
    disk->now_us = now_us;
    for (u32 i = 0; i < devices && disk->device == NULL; i++)
        if (partition_find(device[i], TYPE_VIRTUAL_UNITS, buffer_pa, &found) ==
            0) {
            disk->device = device[i];
            disk->first = found.first;
            disk->blocks = found.sectors / BLOCK_SECTORS;
        }
}

u32
vunit_blocks(const struct vunit_disk *disk, u32 memory_pages)
{
    return MIN(disk->blocks, BLOCKS_PER_FRAME * memory_pages);
}

u32
vunit_bytes(u32 blocks)
{
    return table_bytes(HEAD, ENTRY, VUNIT_LIMIT) + blocks * 4;
}

struct vunit_entry *
vunit_get(const struct vunits *units, rid id)
{
    return (struct vunit_entry *)(void *)table_get(&units->head->table, id);
}

u32 *
vunit_where(const struct vunits *units, rid id)
{
    const struct vunit_entry *e = vunit_get(units, id);

    ASSERT(e != NULL);
    return units->where + e->first;
}

// A unit that has one of these blocks, or NULL.
static const struct vunit_entry *
overlapping(const struct vunits *units, u32 first, u32 pages)
{
    const struct res *res;

    for (u32 i = 0; (res = table_next(&units->head->table, &i)) != NULL;) {
        const struct vunit_entry *e = (const void *)res;

        if (e->first < first + pages && first < e->first + e->pages)
            return e;
    }
    return NULL;
}

// The first free run of blocks -> 0 and *first, or E_VUNITS.
static int
find(const struct vunits *units, u32 pages, u32 *first)
{
    u32 end = MIN(units->head->blocks, units->disk->blocks);
    const struct vunit_entry *e;

    *first = 0;
    while (pages <= end && *first <= end - pages) {
        e = overlapping(units, *first, pages);
        if (e == NULL)
            return 0;
        *first = e->first + e->pages;
    }
    return E_VUNITS;
}

int
vunit_has_room(const struct vunits *units, u32 pages)
{
    const struct table *table = &units->head->table;
    u32 first;

    return table->used < table->capacity && find(units, pages, &first) == 0;
}

int
vunit_create(struct vunits *units, u32 pages)
{
    struct vunit_head *head = units->head;
    u32 first;

    if (pages == 0)
        return E_ARGUMENT;
    if (head->table.used == head->table.capacity)
        return E_TABLE;
    int err = find(units, pages, &first);

    if (err < 0)
        return err;
    struct vunit_entry *e = (void *)table_add(&head->table, NULL, RID_NONE);

    e->first = first;
    e->pages = pages;
    head->pages += pages;
    return (int)e->res.id;
}

void
vunit_delete(struct vunits *units, rid id)
{
    struct vunit_entry *e = vunit_get(units, id);

    units->head->pages -= e->pages;
    memset(units->where + e->first, 0, e->pages * 4);
    table_remove(&units->head->table, &e->res);
}

// --- transfers ---

static int
transfer(struct vunits *units, int write, u32 block, u32 pages)
{
    struct vunit_disk *disk = units->disk;
    u64 start = disk->now_us();

    ASSERT(pages != 0);
    if (block >= disk->blocks || pages > disk->blocks - block)
        return E_PAGING;
    int err = disk->device->transfer(disk->device->state, write,
                                     disk->first + block * BLOCK_SECTORS,
                                     disk->piece, pages);

    disk->us += disk->now_us() - start;
    disk->requests[write]++;
    disk->pages[write] += pages;
    return err < 0 ? E_PAGING : 0;
}

int
vunit_transfer(struct vunits *units, int write, u32 block, const u32 *frame_pa,
               u32 pages)
{
    ASSERT(pages <= BLOCK_PIECES_MAX);
    for (u32 i = 0; i < pages; i++)
        units->disk->piece[i] = (struct block_piece){frame_pa[i], PAGE_SIZE};
    return transfer(units, write, block, pages);
}

int
vunit_transfer_buffer(struct vunits *units, int write, u32 block, u32 from,
                      u32 pages)
{
    struct vunit_disk *disk = units->disk;
    u32 pa = disk->buffer_pa + from * PAGE_SIZE;

    ASSERT(from + pages <= VUNIT_BUFFER_PAGES);
    for (u32 i = 0; i < pages; i++)
        disk->piece[i] = (struct block_piece){pa + i * PAGE_SIZE, PAGE_SIZE};
    return transfer(units, write, block, pages);
}

// --- the kind ---

static int
create(void *state, struct call *call)
{
    if (call->arg[1] > 0x40000)
        return E_ARGUMENT;
    return vunit_create(state, (u32)call->arg[1]);
}

static int
destroy(void *state, struct call *call)
{
    vunit_delete(state, call->target);
    return 0;
}

static void
describe(void *state, const struct res *res, struct resource_info *info)
{
    const struct vunits *units = state;
    const struct vunit_entry *e = (const void *)res;

    info->detail[0] = e->pages;
    info->detail[1] = e->first;
    info->detail[3] = e->region;
    for (u32 i = 0; i < e->pages; i++) {
        u32 where = units->where[e->first + i];

        info->detail[2] +=
            (where & (VUNIT_RESIDENT | VUNIT_COPY)) == VUNIT_COPY;
    }
    text_copy(info->state, info->detail[2] != 0 ? "paged out" : "in memory",
              sizeof(info->state));
}

void
vunit_init(struct vunits *units, struct gate *gate, void *memory, u32 blocks,
           struct vunit_disk *disk)
{
    struct kind row = {
        .name = "virtual-unit", .state = units, .describe = describe};

    units->gate = gate;
    units->head = memory;
    units->where =
        (u32 *)((word)memory + table_bytes(HEAD, ENTRY, VUNIT_LIMIT));
    units->disk = disk;
    table_init(&units->head->table, KIND_VUNIT, HEAD, ENTRY, VUNIT_LIMIT);
    units->head->blocks = blocks;
    row.table = &units->head->table;
    row.program[OP_CREATE] = create;
    row.program[OP_DELETE] = destroy;
    gate_register(gate, KIND_VUNIT, &row);
}

const char *
vunit_check(const struct vunits *units)
{
    const struct vunit_head *head = units->head;
    const char *wrong =
        table_check(&head->table, KIND_VUNIT, HEAD, ENTRY, VUNIT_LIMIT);
    const struct res *res;
    u32 pages = 0;

    if (wrong != NULL)
        return wrong;
    for (u32 i = 0; (res = table_next(&head->table, &i)) != NULL;) {
        const struct vunit_entry *e = (const void *)res;

        if (e->pages == 0 || e->first > head->blocks ||
            e->pages > head->blocks - e->first)
            return "V1: a virtual unit leaves the partition";
        pages += e->pages;
    }
    if (pages != head->pages)
        return "V2: the virtual units do not fit their table's head";
    for (u32 i = 0; (res = table_next(&head->table, &i)) != NULL;) {
        const struct vunit_entry *e = (const void *)res;

        for (u32 other = i; (res = table_next(&head->table, &other)) != NULL;) {
            const struct vunit_entry *o = (const void *)res;

            if (o->first < e->first + e->pages &&
                e->first < o->first + o->pages)
                return "V1: two virtual units share a block";
        }
    }
    for (u32 block = 0; block < head->blocks; block++)
        if (units->where[block] != 0 && overlapping(units, block, 1) == NULL)
            return "V3: a block of no virtual unit has a page";
    return NULL;
}

// check.c -- the checker: the first broken invariant of the whole state
#include "plate/check.h"

#include "plate/disk.h"
#include "resources/permanent_unit.h"
#include "tender/id.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "vspace/paging.h"

static const char *
check_shapes(const struct plates *p)
{
    const struct limits *l = p->limits;
    const struct {
        const struct table *table;
        u32 kind, head, entry, capacity;
    } shape[] = {
        {p->regions->table, KIND_REGION, sizeof(struct table),
         sizeof(struct region_entry), l->regions},
        {p->vs->table, KIND_VSPACE, sizeof(struct table),
         sizeof(struct vspace_entry), l->vspaces},
        {p->vk->table, KIND_VKSPACE, sizeof(struct table),
         sizeof(struct space_entry), l->vkspaces},
        {&p->head->table, KIND_PLATE, sizeof(struct plate_head),
         sizeof(struct plate_entry), l->plates},
    };

    for (u32 i = 0; i < ARRAY_LEN(shape); i++) {
        const char *wrong =
            table_check(shape[i].table, shape[i].kind, shape[i].head,
                        shape[i].entry, shape[i].capacity);

        if (wrong != NULL)
            return wrong;
    }
    return NULL;
}

// Marks in scratch, at the first frame of a real memory: real_memory_check()
// has left 1 there.
#define TAKEN 2u   // a region or a virtual space has it
#define IS_AREA 4u // it is a plate's save area
#define IS_UNIT 8u // at the index of a permanent unit: it is a plate's

// Take a real memory for its one owner; 0 when it was taken before.
static int
take(u8 *scratch, const struct real_memory_entry *memory, u32 mark)
{
    u8 *at = &scratch[memory->first];

    if (*at & mark)
        return 0;
    *at |= (u8)mark;
    return 1;
}

static const struct real_memory_entry *
memory_of(const struct plates *p, rid memory)
{
    return (const void *)table_get(&p->rm->head->table, memory);
}

// Regions: their real memory exists, fits, and is nobody else's; what they are
// attached to names them.
static const char *
check_regions(const struct plates *p, u8 *scratch)
{
    u32 i = 0;
    const struct res *res;

    while ((res = table_next(p->regions->table, &i)) != NULL) {
        const struct region_entry *e = (const void *)res;
        const struct real_memory_entry *memory = memory_of(p, e->real_memory);

        if (memory == NULL || memory->pages > e->pages ||
            (memory->pages != e->pages && e->vunit == RID_NONE))
            return "a region's real memory is missing or of another size";
        if (memory->pages != 0 && !take(scratch, memory, TAKEN))
            return "a real memory belongs to two regions";
        if (e->attached == RID_NONE)
            continue;
        const struct space_entry *space = plate_space(p, e->attached);

        if (space == NULL) {
            if (rid_kind(e->attached) == KIND_VUSPACE && p->vu == NULL)
                continue;
            return "a region is attached to a space that is not there";
        }
        if (space->region != res->id || space->pages != e->pages)
            return "a space and its region do not name each other";
    }
    return NULL;
}

// Virtual spaces: their page tables are a real memory of their own, which the
// page directory begins.
static const char *
check_vspaces(const struct plates *p, u8 *scratch)
{
    u32 i = 0;
    const struct res *res;

    while ((res = table_next(p->vs->table, &i)) != NULL) {
        const struct vspace_entry *e = (const void *)res;
        const struct real_memory_entry *memory = memory_of(p, e->page_tables);

        if (memory == NULL || !take(scratch, memory, TAKEN))
            return "a virtual space's page tables are missing or another's";
        if ((e->flags & ~VSPACE_CACHE) != 0)
            return "a virtual space has flags that mean nothing";
        if (e->page_directory != memory->first << PAGE_SHIFT ||
            e->tables_used >= memory->pages)
            return "a virtual space's page directory is not its own";
    }
    return NULL;
}

// One table of spaces: region, virtual space and plate of each.
static const char *
check_spaces(const struct plates *p, const struct spaces *spaces)
{
    u32 i = 0;
    const struct res *res;

    while ((res = table_next(spaces->table, &i)) != NULL) {
        const struct space_entry *e = (const void *)res;
        const struct region_entry *region = region_get(p->regions, e->region);

        if (region == NULL || region->attached != res->id)
            return "a space's region is missing or attached elsewhere";
        if (vspace_get(p->vs, e->vspace) == NULL)
            return "a space lies in no virtual space";
        if (e->plate == RID_NONE)
            continue;
        const struct plate_entry *plate =
            (const void *)table_get(&p->head->table, e->plate);

        if (plate == NULL || plate->space != res->id ||
            plate->pages != e->pages)
            return "P1: a space and its plate do not name each other";
        if (!plate_wanted(e))
            return "P2: a save area or bootstrap table is a plate";
    }
    return NULL;
}

// The permanent unit of a plate on a disk.
static const char *
check_unit(const struct plates *p, rid unit, u32 pages, u8 *scratch)
{
    u8 *at = &scratch[rid_index(unit)];

    if (table_get(&p->punits->head->table, unit) == NULL)
        return "P2: a permanent unit is missing";
    if (pages != 0 && punit_pages(p->punits, unit) != pages)
        return "P2: a permanent unit is of another size than its plate";
    if (*at & IS_UNIT)
        return "P3: a permanent unit belongs to two plates";
    *at |= IS_UNIT;
    return NULL;
}

// Both areas of a plate, each counted once for P3.
static const char *
check_areas(const struct plates *p, const rid area[2], u32 pages, u8 *scratch,
            u32 *areas)
{
    if (p->punits != NULL)
        return check_unit(p, area[0], pages, scratch);
    for (int a = 0; a < 2; a++) {
        const struct space_entry *e = space_get(p->vk, area[a]);

        if (e == NULL || (e->flags & SPACE_SAVE_AREA) == 0)
            return "P2: a save area is missing";
        if (pages != 0 && e->pages != pages)
            return "P2: a save area is of another size than its plate";
        const struct region_entry *region = region_get(p->regions, e->region);

        if (!take(scratch, memory_of(p, region->real_memory), IS_AREA))
            return "P3: a save area belongs to two plates";
        (*areas)++;
    }
    return NULL;
}

static u32
count_areas(const struct plates *p)
{
    u32 i = 0;
    u32 n = 0;
    const struct res *res;

    while ((res = table_next(p->vk->table, &i)) != NULL)
        if (((const struct space_entry *)(const void *)res)->flags &
            SPACE_SAVE_AREA)
            n++;
    return n;
}

static const char *
check_plates(const struct plates *p, u8 *scratch)
{
    const struct plate_head *head = p->head;
    const char *wrong = NULL;
    const struct res *res;
    u32 areas = 0;

    if (head->pending > head->table.capacity - head->table.used)
        return "P4: the pending-delete table is too full";
    for (u32 i = 0; (res = table_next(&head->table, &i)) != NULL;) {
        const struct plate_entry *plate = (const void *)res;

        wrong = check_areas(p, plate->area, plate->pages, scratch, &areas);
        if (wrong != NULL)
            return wrong;
        const struct space_entry *e = plate_space(p, plate->space);

        if (e == NULL &&
            !(p->vu == NULL && rid_kind(plate->space) == KIND_VUSPACE))
            return "P1: a plate has no space";
        if (e != NULL && e->plate != res->id)
            return "P1: a plate and its space do not name each other";
    }
    for (u32 i = 0; i < head->pending && wrong == NULL; i++)
        wrong = check_areas(p, p->pending[i].area, 0, scratch, &areas);
    if (wrong == NULL && areas != count_areas(p))
        wrong = "P3: a save area belongs to no plate";
    if (wrong == NULL && p->punits != NULL &&
        p->punits->head->table.used != head->table.used + head->pending)
        wrong = "P3: a permanent unit belongs to no plate";
    return wrong;
}

// Every real memory is a region's or a virtual space's, so none is lost.
static const char *
check_owners(const struct plates *p)
{
    if (p->rm->head->table.used != p->regions->table->used + p->vs->table->used)
        return "a real memory belongs to no region and no virtual space";
    return NULL;
}

const char *
check_tables(const struct plates *p, u8 *scratch)
{
    const char *wrong = check_shapes(p);

    if (wrong == NULL && p->punits != NULL)
        wrong = disk_check_units(p->disk, p->punits);
    if (wrong == NULL)
        wrong = real_memory_check(p->rm, p->limits, p->layout, scratch);
    if (wrong == NULL)
        wrong = check_regions(p, scratch);
    if (wrong == NULL)
        wrong = check_vspaces(p, scratch);
    if (wrong == NULL)
        wrong = check_spaces(p, p->vk);
    if (wrong == NULL && p->vu != NULL)
        wrong = check_spaces(p, p->vu);
    if (wrong == NULL)
        wrong = check_plates(p, scratch);
    if (wrong == NULL)
        wrong = check_owners(p);
    if (wrong == NULL && p->pager != NULL)
        wrong = check_paged(p, scratch);
    return wrong;
}

const char *
check_mappings(const struct plates *p, struct spaces *spaces)
{
    u32 i = 0;
    const struct res *res;

    while ((res = table_next(spaces->table, &i)) != NULL) {
        const struct space_entry *e = (const void *)res;
        const struct region_entry *region = region_get(p->regions, e->region);
        u32 frame = real_memory_first(p->rm, region->real_memory);
        u32 directory = space_directory(spaces, e);

        if (region->vunit != RID_NONE) {
            const char *wrong = check_paged_mapping(p, e, directory);

            if (wrong != NULL)
                return wrong;
            continue;
        }
        for (u32 n = 0; n < e->pages; n++) {
            const u32 *pte = paging_entry(directory, e->va + n * PAGE_SIZE);

            if (pte == NULL || (*pte & PTE_PRESENT) == 0 ||
                *pte >> PAGE_SHIFT != frame)
                return "a page table does not map what the tables say";
            frame = real_memory_next(p->rm, frame);
        }
    }
    return NULL;
}

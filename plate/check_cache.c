// check_cache.c -- the checker's part for virtual spaces that are caches
//
//   C1  such a space has no virtual user spaces
//   C2  its page tables are frames of its own, as many as it counts
//   C3  its entries show frames of pools, for programs
#include "plate/check.h"

#include "tender/ram.h"
#include "tender/table.h"
#include "vspace/paging.h"

#define IS_POOL 1u  // in scratch, at a frame: a pool has it
#define IS_TABLE 2u // it may be a page table of the space in hand

static void
mark(const struct plates *p, rid memory, u8 *scratch, u8 bit, int set)
{
    u32 frame = real_memory_first(p->rm, memory);

    for (; frame != 0; frame = real_memory_next(p->rm, frame))
        scratch[frame] =
            (u8)(set ? scratch[frame] | bit : scratch[frame] & ~bit);
}

static void
mark_pools(const struct plates *p, u8 *scratch)
{
    u32 i = 0;
    const struct res *res;

    while ((res = table_next(p->vk->table, &i)) != NULL) {
        const struct space_entry *e = (const void *)res;
        const struct region_entry *region = region_get(p->regions, e->region);

        if (e->flags & SPACE_POOL)
            mark(p, region->real_memory, scratch, IS_POOL, 1);
    }
}

static const char *
check_entries(const struct plates *p, const u32 *table, const u8 *scratch)
{
    for (u32 i = 0; i < PAGE_SIZE / 4; i++) {
        u32 frame = table[i] >> PAGE_SHIFT;

        if (table[i] == 0)
            continue;
        if ((table[i] & PTE_PRESENT) == 0 || (table[i] & PTE_USER) == 0 ||
            frame >= p->layout->end_frame || (scratch[frame] & IS_POOL) == 0)
            return "C3: a program's page table shows what is no page of a pool";
    }
    return NULL;
}

// The marks of its page tables are taken off one by one.
static const char *
check_space(const struct plates *p, const struct vspace_entry *e, u8 *scratch)
{
    const u32 *directory = ram_at(e->page_directory);
    const char *wrong = NULL;
    u32 tables = 0;

    mark(p, e->page_tables, scratch, IS_TABLE, 1);
    scratch[e->page_directory >> PAGE_SHIFT] &= (u8)~IS_TABLE;
    for (u32 i = 0; i < USER_END / TABLE_SPAN && wrong == NULL; i++) {
        u32 frame = directory[i] >> PAGE_SHIFT;

        if (directory[i] == 0)
            continue;
        if (frame >= p->layout->end_frame || (scratch[frame] & IS_TABLE) == 0)
            return "C2: a page table of a cache is no frame of its own";
        scratch[frame] &= (u8)~IS_TABLE;
        wrong = check_entries(p, ram_at(directory[i] & PTE_FRAME), scratch);
        tables++;
    }
    mark(p, e->page_tables, scratch, IS_TABLE, 0);
    if (wrong == NULL && tables != e->tables_used)
        wrong = "C2: the page tables of a cache are miscounted";
    return wrong;
}

static int
has_user_space(const struct plates *p, rid vspace)
{
    u32 i = 0;
    const struct res *res;

    while ((res = table_next(p->vu->table, &i)) != NULL)
        if (((const struct space_entry *)(const void *)res)->vspace == vspace)
            return 1;
    return 0;
}

const char *
check_caches(const struct plates *p, u8 *scratch)
{
    u32 i = 0;
    const char *wrong = NULL;
    const struct res *res;

    mark_pools(p, scratch);
    while (wrong == NULL && (res = table_next(p->vs->table, &i)) != NULL) {
        const struct vspace_entry *e = (const void *)res;

        if ((e->flags & VSPACE_CACHE) == 0)
            continue;
        wrong = has_user_space(p, res->id)
                    ? "C1: a virtual space that is a cache has a region"
                    : check_space(p, e, scratch);
    }
    return wrong;
}

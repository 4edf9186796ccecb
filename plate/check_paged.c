// check_paged.c -- the checker's part for regions that are paged
#include "plate/check.h"

#include "tender/table.h"
#include "vspace/pager.h"
#include "vspace/paging.h"

#define IS_PAGED 16u // in scratch, at a frame: a paged region has it

// V5: mark the frames of the real memory, and take them off page by page.
static const char *
check_frames(const struct plates *p, const struct region_entry *region,
             u8 *scratch)
{
    const u32 *where = pager_where(p->pager, region);
    u32 frame = real_memory_first(p->rm, region->real_memory);
    u32 frames = 0;

    for (; frame != 0; frame = real_memory_next(p->rm, frame)) {
        scratch[frame] |= IS_PAGED;
        frames++;
    }
    for (u32 i = 0; i < region->pages; i++) {
        if ((where[i] & VUNIT_RESIDENT) == 0)
            continue;
        frame = where[i] >> PAGE_SHIFT;
        if (frame >= p->layout->end_frame || (scratch[frame] & IS_PAGED) == 0)
            return "V5: a page of a virtual unit has a frame of another";
        scratch[frame] &= (u8)~IS_PAGED;
        frames--;
    }
    return frames == 0 ? NULL : "V5: a paged region has a frame of no page";
}

const char *
check_paged(const struct plates *p, u8 *scratch)
{
    const struct vunits *units = p->pager->units;
    const char *wrong = vunit_check(units);
    const struct res *res;
    u32 paged = 0;

    for (u32 i = 0;
         wrong == NULL && (res = table_next(p->regions->table, &i)) != NULL;) {
        const struct region_entry *region = (const void *)res;

        if (region->vunit == RID_NONE)
            continue;
        const struct vunit_entry *unit = vunit_get(units, region->vunit);

        if (unit == NULL || unit->region != res->id ||
            unit->pages != region->pages)
            return "V4: a region and its virtual unit do not name each other";
        wrong = check_frames(p, region, scratch);
        paged++;
    }
    if (wrong == NULL && paged != units->head->table.used)
        wrong = "V4: a virtual unit belongs to no region";
    return wrong;
}

const char *
check_paged_mapping(const struct plates *p, const struct space_entry *e,
                    u32 directory)
{
    const u32 *where = pager_where(p->pager, region_get(p->regions, e->region));

    for (u32 i = 0; i < e->pages; i++) {
        const u32 *pte = paging_entry(directory, e->va + i * PAGE_SIZE);
        int resident = (where[i] & VUNIT_RESIDENT) != 0;

        if (pte == NULL || ((*pte & PTE_PRESENT) != 0) != resident)
            return "a page table maps what is paged out, or does not map "
                   "what is not";
        if (resident && ((*pte ^ where[i]) & PTE_FRAME) != 0)
            return "a page table does not map what a virtual unit says";
        if (!resident && *pte != pager_entry(e))
            return "a page table does not name the space of a page that is "
                   "paged out";
    }
    return NULL;
}

// pager.c -- regions with more pages than there are frames for them
#include "vspace/pager.h"

#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "tender/text.h"
#include "vspace/paging.h"

void
pager_init(struct pager *p, struct real_memory *rm, struct regions *regions,
           struct vunits *units, struct vspaces *vs, struct spaces *vk,
           struct spaces *vu)
{
    memset(p, 0, sizeof(*p));
    p->rm = rm;
    p->regions = regions;
    p->units = units;
    p->vs = vs;
    p->vk = vk;
    p->vu = vu;
    vs->pager = p;
    vk->pager = p;
    vu->pager = p;
    rm->reclaim = pager_reclaim;
    rm->reclaim_state = p;
}

u32 *
pager_where(const struct pager *p, const struct region_entry *region)
{
    if (p == NULL || region->vunit == RID_NONE)
        return NULL;
    return vunit_where(p->units, region->vunit);
}

u32
pager_entry(const struct space_entry *e)
{
    return rid_index(e->res.id) << PAGE_SHIFT | PTE_PAGED;
}

static struct spaces *
spaces_of(const struct pager *p, const struct space_entry *e)
{
    return rid_kind(e->res.id) == KIND_VKSPACE ? p->vk : p->vu;
}

void
pager_map(struct pager *p, struct space_entry *e)
{
    const struct region_entry *region = region_get(p->regions, e->region);
    struct vspace_entry *vspace = vspace_get(p->vs, e->vspace);
    const u32 *where = pager_where(p, region);
    u32 flags = space_pte_flags(e) & ~PTE_DIRTY;

    for (u32 i = 0; i < e->pages; i++) {
        u32 va = e->va + i * PAGE_SIZE;

        if (where[i] & VUNIT_RESIDENT)
            vspace_map(p->vs, vspace, va, where[i] >> PAGE_SHIFT, flags);
        else
            vspace_set(p->vs, vspace, va, pager_entry(e));
    }
}

void
pager_note_dirty(struct pager *p, const struct space_entry *e)
{
    u32 *where = pager_where(p, region_get(p->regions, e->region));
    u32 directory = space_directory(spaces_of(p, e), e);

    for (u32 i = 0; i < e->pages; i++) {
        u32 pte = *paging_entry(directory, e->va + i * PAGE_SIZE);

        if ((pte & PTE_PRESENT) != 0 && (pte & PTE_DIRTY) != 0)
            where[i] = (where[i] & ~VUNIT_COPY) | VUNIT_CHANGED;
    }
}

// --- bringing pages back ---

// How many pages from this one on are in consecutive blocks, at most so many.
static u32
run(const u32 *where, u32 pages, u32 most)
{
    u32 n = 0;

    while (n < MIN(pages, most) && pager_is_out(where[n]))
        n++;
    return n;
}

// Who reads pages in their order gets more of them at once each time.
static u32
look_ahead(struct vunit_entry *unit, u32 page, const u32 *where)
{
    if (page == unit->ahead_next && unit->ahead != 0)
        unit->ahead = MIN(unit->ahead * 2, PAGER_AHEAD_MAX);
    else
        unit->ahead = PAGER_AHEAD;
    return MAX(1, run(where, unit->pages - page, unit->ahead));
}

// Frames for so many pages, or for one.  -> how many, or E_MEMORY.
static int
take_frames(struct pager *p, rid memory, u32 pages, u32 *pa)
{
    if (real_memory_check_room(p->rm, 0, pages) < 0)
        pages = 1;
    for (u32 i = 0; i < pages; i++) {
        int frame = real_memory_extend(p->rm, memory);

        if (frame < 0)
            return frame;
        pa[i] = (u32)frame << PAGE_SHIFT;
    }
    return (int)pages;
}

static void
give_back(struct pager *p, rid memory, const u32 *pa, u32 pages)
{
    for (u32 i = 0; i < pages; i++)
        real_memory_mark(p->rm, pa[i] >> PAGE_SHIFT);
    real_memory_shed(p->rm, memory);
}

// Fill the frames.  What cannot be read may be another page than the one that
// is wanted: that one is then read alone.  -> how many pages, or E_PAGING.
static int
fill(struct pager *p, const struct vunit_entry *unit, u32 page, u32 where,
     const u32 *pa, u32 pages)
{
    u32 block = unit->first + page;

    if ((where & VUNIT_COPY) == 0) {
        machine_zero_page(ram_at(pa[0]));
        return 1;
    }
    if (vunit_transfer(p->units, 0, block, pa, pages) == 0)
        return (int)pages;
    return pages > 1 && vunit_transfer(p->units, 0, block, pa, 1) == 0
               ? 1
               : E_PAGING;
}

// Bring in a page of a space, and perhaps some of those behind it.
static int
bring(struct pager *p, const struct space_entry *e, u32 directory, u32 page)
{
    struct region_entry *region = region_get(p->regions, e->region);
    struct vunit_entry *unit = vunit_get(p->units, region->vunit);
    u32 *where = pager_where(p, region) + page;
    u32 flags = space_pte_flags(e) & ~PTE_DIRTY;
    u32 pa[PAGER_AHEAD_MAX];
    u32 wanted = look_ahead(unit, page, where);
    int taken = take_frames(p, region->real_memory, wanted, pa);

    ASSERT((*where & VUNIT_RESIDENT) == 0);
    if (taken < 0)
        return taken;
    int filled = fill(p, unit, page, *where, pa, (u32)taken);
    u32 pages = filled < 0 ? 0 : (u32)filled;

    for (u32 i = 0; i < pages; i++) {
        where[i] =
            pa[i] | VUNIT_RESIDENT | (where[i] & (VUNIT_COPY | VUNIT_CHANGED));
        *paging_entry(directory, e->va + (page + i) * PAGE_SIZE) =
            pa[i] | flags | PTE_PRESENT | (i == 0 ? PTE_ACCESSED : 0);
    }
    if (pages < (u32)taken)
        give_back(p, region->real_memory, pa + pages, (u32)taken - pages);
    unit->ahead_next = page + pages;
    return filled < 0 ? filled : 0;
}

int
pager_fault(struct pager *p, const struct vspace_entry *vspace, u32 va)
{
    const u32 *pte;

    if (va < USER_BASE || va >= USER_END)
        return E_POINTER;
    pte = paging_entry(vspace->page_directory, va);
    if (pte == NULL || *pte == 0 || (*pte & PTE_PRESENT) != 0)
        return E_POINTER;
    const struct space_entry *e =
        (const void *)table_at(p->vu->table, *pte >> PAGE_SHIFT);

    ASSERT(e->res.id != RID_NONE);
    ASSERT(e->vspace == vspace->res.id);
    ASSERT(va >= e->va && va - e->va < e->pages * PAGE_SIZE);
    return bring(p, e, vspace->page_directory, (va - e->va) >> PAGE_SHIFT);
}

// --- for saves and restores ---

int
pager_fetch(struct pager *p, const struct region_entry *region, u32 page,
            u32 most)
{
    const struct vunit_entry *unit = vunit_get(p->units, region->vunit);
    u32 pages = run(pager_where(p, region) + page, unit->pages - page,
                    MIN(most, VUNIT_BUFFER_PAGES));
    int err = vunit_transfer_buffer(p->units, 0, unit->first + page, 0, pages);

    return err < 0 ? err : (int)pages;
}

int
pager_put(struct pager *p, const struct region_entry *region, u32 page, u32 end)
{
    const struct vunit_entry *unit = vunit_get(p->units, region->vunit);
    const u32 *where = pager_where(p, region);
    u32 from = 0;
    int err = 0;

    while (err == 0 && page < end) {
        u32 pages = run(where + page, end - page, VUNIT_BUFFER_PAGES);

        if (pages > 0)
            err = vunit_transfer_buffer(p->units, 1, unit->first + page, from,
                                        pages);
        from += pages;
        page += MAX(pages, 1);
    }
    return err;
}

u32
pager_buffer_frame(const struct pager *p, u32 n)
{
    ASSERT(n < VUNIT_BUFFER_PAGES);
    return (p->units->disk->buffer_pa >> PAGE_SHIFT) + n;
}

static int
restored(struct pager *p, const struct vunit_entry *unit)
{
    const struct region_entry *region = region_get(p->regions, unit->region);
    u32 *where = p->units->where + unit->first;

    if (region == NULL || region->vunit != unit->res.id ||
        region->pages != unit->pages)
        return E_PLATE_DAMAGED;
    u32 frame = real_memory_first(p->rm, region->real_memory);

    for (u32 i = 0; i < unit->pages; i++) {
        where[i] &= VUNIT_RESIDENT | VUNIT_COPY;
        if ((where[i] & VUNIT_RESIDENT) == 0)
            continue;
        if (frame == 0)
            return E_PLATE_DAMAGED;
        where[i] = frame << PAGE_SHIFT | VUNIT_RESIDENT;
        frame = real_memory_next(p->rm, frame);
    }
    return frame == 0 ? 0 : E_PLATE_DAMAGED;
}

int
pager_restored(struct pager *p)
{
    const struct res *res;

    for (u32 i = 0; (res = table_next(&p->units->head->table, &i)) != NULL;) {
        const struct vunit_entry *unit = (const void *)res;

        if (unit->first + unit->pages > p->units->disk->blocks)
            return E_NO_VUNITS;
        int err = restored(p, unit);

        if (err < 0)
            return err;
    }
    return 0;
}

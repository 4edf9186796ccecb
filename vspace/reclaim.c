// reclaim.c -- page out what programs have not used lately
//
// Called when frames are wanted and too few are free, perhaps from deep inside
// an operation.  It needs no memory itself.  Each time, one more program's
// region becomes a paged one, so that those which were there first are paged
// out, too; then a clock goes over the pages of all paged regions: who was used
// since it came by last is spared once.
//
// A page is unmapped first, its translation dropped next, and the page written
// last; one that its block still equals is not written at all.
#include "vspace/pager.h"

#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "vspace/paging.h"

// --- which region is paged next ---

// Kernel memory is attached to a kernel space that is not only its parking
// place; a region that just comes to be has neither space nor owner.
static int
is_program(const struct pager *p, const struct region_entry *e)
{
    if (e->attached == RID_NONE)
        return e->res.owner != RID_NONE;
    if (rid_kind(e->attached) == KIND_VUSPACE)
        return 1;
    const struct space_entry *space = space_get(p->vk, e->attached);

    return space != NULL && (space->flags & SPACE_PARKED) != 0;
}

// The largest one there are blocks for.
static struct region_entry *
next_region(const struct pager *p)
{
    struct region_entry *found = NULL;
    struct res *res;

    for (u32 i = 0; (res = table_next(p->regions->table, &i)) != NULL;) {
        struct region_entry *e = (void *)res;

        if (e->vunit == RID_NONE &&
            (found == NULL || e->pages > found->pages) && is_program(p, e) &&
            vunit_has_room(p->units, e->pages))
            found = e;
    }
    return found;
}

// All its pages are resident; its page-table entries stay as they are.
static int
make_paged(struct pager *p)
{
    struct region_entry *e = next_region(p);

    if (e == NULL)
        return 0;
    int id = vunit_create(p->units, e->pages);

    ASSERT(id > 0);
    u32 *where = vunit_where(p->units, (rid)id);
    u32 frame = real_memory_first(p->rm, e->real_memory);

    vunit_get(p->units, (rid)id)->region = e->res.id;
    e->vunit = (rid)id;
    for (u32 i = 0; i < e->pages; i++) {
        where[i] = frame << PAGE_SHIFT | VUNIT_RESIDENT;
        frame = real_memory_next(p->rm, frame);
    }
    ASSERT(frame == 0);
    return 1;
}

// --- which pages go ---

// A page that may go, unless it was used since the clock came by last.
static void
consider(struct pager *p, const struct vunit_entry *unit,
         const struct region_entry *region, const struct space_entry *e,
         u32 page)
{
    u32 *where = p->units->where + unit->first + page;
    u32 *pte = NULL;

    if ((*where & (VUNIT_RESIDENT | VUNIT_LEAVING)) != VUNIT_RESIDENT)
        return;
    if (e != NULL) {
        u32 va = e->va + page * PAGE_SIZE;

        pte = paging_entry(space_directory(e->va < USER_END ? p->vu : p->vk, e),
                           va);
        ASSERT((*pte & PTE_FRAME) == (*where & PTE_FRAME));
        if (*pte & PTE_ACCESSED) {
            *pte &= ~PTE_ACCESSED;
            machine_invalidate(va);
            return;
        }
    }
    p->victim[p->victims++] =
        (struct pager_victim){.where = where,
                              .pte = pte,
                              .block = unit->first + page,
                              .memory = region->real_memory};
    *where |= VUNIT_LEAVING;
    if (pte == NULL)
        return;
    // From here on nobody can change it.
    p->victim[p->victims - 1].entry = *pte;
    *pte = pager_entry(e);
    machine_invalidate(e->va + page * PAGE_SIZE);
}

static const struct space_entry *
space_of(const struct pager *p, const struct region_entry *region)
{
    if (region->attached == RID_NONE)
        return NULL;
    return space_get(rid_kind(region->attached) == KIND_VKSPACE ? p->vk : p->vu,
                     region->attached);
}

// Let the hand go over a unit, from where it is.  Returns pages passed.
static u32
go_over(struct pager *p, const struct vunit_entry *unit)
{
    const struct region_entry *region = region_get(p->regions, unit->region);
    u32 passed = 0;

    // Paged regions are made empty, and are known to their unit only then.
    if (region == NULL)
        return 0;
    const struct space_entry *e = space_of(p, region);

    while (p->hand_page < unit->pages && p->victims < PAGER_BATCH) {
        consider(p, unit, region, e, p->hand_page++);
        passed++;
    }
    return passed;
}

// Twice round at most: after the first time nobody is spared.
static void
choose(struct pager *p)
{
    const struct table *table = &p->units->head->table;
    u32 most = 2 * p->units->head->pages;

    p->victims = 0;
    for (u32 passed = 0, rounds = 0;
         passed < most && rounds < 3 && p->victims < PAGER_BATCH;) {
        u32 index = p->hand_unit;
        const struct vunit_entry *unit =
            (const void *)table_next(table, &index);

        if (unit == NULL || rid_index(unit->res.id) != p->hand_unit)
            p->hand_page = 0;
        if (unit == NULL) {
            p->hand_unit = 0;
            rounds++;
            continue;
        }
        p->hand_unit = rid_index(unit->res.id);
        passed += go_over(p, unit);
        if (p->hand_page >= unit->pages) {
            p->hand_unit++;
            p->hand_page = 0;
        }
    }
}

// --- how they go ---

// A page that could not be written stays where it is.
static void
keep(struct pager_victim *v)
{
    if (v->pte != NULL)
        *v->pte = v->entry;
    *v->where &= ~VUNIT_LEAVING;
    v->where = NULL;
}

// Write what differs from its block: in one request what lies together.
static void
write_out(struct pager *p)
{
    u32 pa[PAGER_BATCH];
    u32 pages = 0;

    for (u32 i = 0; i < p->victims; i++) {
        struct pager_victim *v = &p->victim[i];

        if (v->entry & PTE_DIRTY)
            *v->where = (*v->where & ~VUNIT_COPY) | VUNIT_CHANGED;
        v->writing = (*v->where & VUNIT_COPY) == 0;
    }
    for (u32 i = 0; i < p->victims; i++) {
        const struct pager_victim *v = &p->victim[i];

        if (!v->writing)
            continue;
        pa[pages++] = *v->where & PTE_FRAME;
        if (i + 1 < p->victims && v[1].writing && v[1].block == v->block + 1)
            continue;
        int err = vunit_transfer(p->units, 1, v->block + 1 - pages, pa, pages);

        for (; pages > 0; pages--)
            if (err < 0)
                keep(&p->victim[i + 1 - pages]);
            else
                *p->victim[i + 1 - pages].where |= VUNIT_COPY;
    }
}

// Free the frames; returns how many.
static u32
let_go(struct pager *p)
{
    u32 gone = 0;

    for (u32 i = 0; i < p->victims; i++) {
        const struct pager_victim *v = &p->victim[i];

        if (v->where != NULL) {
            real_memory_mark(p->rm, *v->where >> PAGE_SHIFT);
            *v->where &= VUNIT_COPY | VUNIT_CHANGED;
            gone++;
        }
        if (i + 1 == p->victims || v[1].memory != v->memory)
            real_memory_shed(p->rm, v->memory);
    }
    return gone;
}

void
pager_reclaim(void *state, u32 frames)
{
    struct pager *p = state;
    u32 gone = 1;

    make_paged(p);
    while (p->rm->head->free < frames) {
        if (gone == 0 && !make_paged(p))
            return;
        choose(p);
        write_out(p);
        gone = let_go(p);
    }
}

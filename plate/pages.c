// pages.c -- the pages of a plate: which have changed, their copies, and back
//
// A page has changed when it is dirty, or, if its region is paged, when its
// word says so (vspace/pager.h); it may then be on the disk only.
#include "plate/plate.h"

#include "tender/assert.h"
#include "tender/machine.h"
#include "vspace/pager.h"
#include "vspace/paging.h"

#define FEW_PAGES 32u // fewer are forgotten one by one
#define GAP_PAGES 32u // what lies between changed pages is read, too

// A walk over the pages of a plate's space.
struct walk {
    const struct region_entry *region;
    u32 directory;
    u32 va;
    u32 page;
    u32 pages;
    u32 *pte;
    u32 *where; // NULL: the region is not paged
};

static void
walk_begin(struct walk *walk, const struct plates *p,
           const struct plate_entry *plate)
{
    const struct space_entry *e = plate_space(p, plate->space);

    ASSERT(e != NULL && e->pages == plate->pages);
    walk->region = region_get(p->regions, e->region);
    walk->directory = space_directory(
        rid_kind(plate->space) == KIND_VKSPACE ? p->vk : p->vu, e);
    walk->va = e->va;
    walk->page = -1u;
    walk->pages = plate->pages;
    walk->where = pager_where(p->pager, walk->region);
}

// The next page: walk->page, ->va, ->pte, ->where.  0 at the end.
static int
walk_next(struct walk *walk)
{
    if (++walk->page == walk->pages)
        return 0;
    if (walk->page > 0) {
        walk->va += PAGE_SIZE;
        walk->where += walk->where != NULL;
    }
    if (walk->page == 0 || paging_table_index(walk->va) == 0)
        walk->pte = paging_entry(walk->directory, walk->va);
    else
        walk->pte++;
    ASSERT(walk->pte != NULL);
    ASSERT((*walk->pte & PTE_PRESENT) != 0 || walk->where != NULL);
    return 1;
}

static int
is_resident(const struct walk *walk)
{
    return walk->where == NULL || (*walk->where & VUNIT_RESIDENT) != 0;
}

static int
is_changed(const struct walk *walk)
{
    if (walk->where != NULL && (*walk->where & VUNIT_CHANGED) != 0)
        return 1;
    return is_resident(walk) && (*walk->pte & PTE_DIRTY) != 0;
}

static void
set_changed(const struct walk *walk)
{
    if (walk->where != NULL)
        *walk->where |= VUNIT_CHANGED;
    else
        *walk->pte |= PTE_DIRTY;
}

// Clear the dirty bit, and only then copy: what is written from now on sets
// the bit again, because no translation that remembers it is left.  The block
// of a page that was dirty holds something else.
static void
copy_resident(struct plates *p, const struct plate_entry *plate,
              const struct walk *walk)
{
    if (walk->where != NULL) {
        *walk->where &= ~VUNIT_CHANGED;
        if (*walk->pte & PTE_DIRTY)
            *walk->where &= ~VUNIT_COPY;
    }
    *walk->pte &= ~PTE_DIRTY;
    machine_invalidate(walk->va);
    p->store->put(p, plate, walk->page, *walk->pte >> PAGE_SHIFT);
    p->copied++;
}

// How many pages are worth reading at once: up to the last changed one, and not
// over wide gaps.
static u32
worth_reading(const struct walk *walk)
{
    u32 most = 1;

    for (u32 i = 1; i < walk->pages - walk->page && i - most < GAP_PAGES; i++)
        if (walk->where[i] & VUNIT_CHANGED)
            most = i + 1;
    return most;
}

// Pages that were never used are zeros, which no store has to be told.
static int
copy_paged_out(struct plates *p, const struct plate_entry *plate,
               const struct walk *walk)
{
    if (!pager_is_out(*walk->where)) {
        *walk->where &= ~VUNIT_CHANGED;
        return 0;
    }
    int pages =
        pager_fetch(p->pager, walk->region, walk->page, worth_reading(walk));

    for (int i = 0; i < pages; i++) {
        if ((walk->where[i] & VUNIT_CHANGED) == 0)
            continue;
        walk->where[i] &= ~VUNIT_CHANGED;
        p->store->put(p, plate, walk->page + (u32)i,
                      pager_buffer_frame(p->pager, (u32)i));
        p->copied++;
    }
    return pages < 0 ? pages : 0;
}

void
plate_gather(struct plates *p)
{
    if (p->gather != NULL)
        p->gather(p->gather_state);
}

int
plate_copy_changed(struct plates *p, struct plate_entry *plate)
{
    struct walk walk;
    int err = 0;

    walk_begin(&walk, p, plate);
    while (err == 0 && walk_next(&walk)) {
        if (!is_changed(&walk))
            continue;
        if (is_resident(&walk))
            copy_resident(p, plate, &walk);
        else
            err = copy_paged_out(p, plate, &walk);
    }
    return err;
}

// The pages of a region that is not paged.  The same order as in
// copy_resident(), but for many pages one forgetting of all translations costs
// less than one for each.
static void
copy_all_resident(struct plates *p, const struct plate_entry *plate)
{
    struct walk walk;

    walk_begin(&walk, p, plate);
    while (walk_next(&walk)) {
        *walk.pte &= ~PTE_DIRTY;
        if (walk.pages < FEW_PAGES)
            machine_invalidate(walk.va);
    }
    if (walk.pages >= FEW_PAGES)
        machine_invalidate_all();
    walk_begin(&walk, p, plate);
    while (walk_next(&walk))
        p->store->put(p, plate, walk.page, *walk.pte >> PAGE_SHIFT);
    p->copied += walk.pages;
}

int
plate_copy_all(struct plates *p, struct plate_entry *plate)
{
    struct walk walk;

    walk_begin(&walk, p, plate);
    if (walk.where == NULL) {
        copy_all_resident(p, plate);
        return 0;
    }
    while (walk_next(&walk))
        set_changed(&walk);
    return plate_copy_changed(p, plate);
}

void
plate_set_changed(const struct plates *p, const struct plate_entry *plate,
                  u32 page)
{
    struct walk walk;

    walk_begin(&walk, p, plate);
    walk.pte = paging_entry(walk.directory, walk.va + page * PAGE_SIZE);
    if (walk.where != NULL)
        walk.where += page;
    set_changed(&walk);
}

u32
plate_count_changed(const struct plates *p, const struct plate_entry *plate)
{
    struct walk walk;
    u32 changed = 0;

    walk_begin(&walk, p, plate);
    while (walk_next(&walk))
        changed += is_changed(&walk) != 0;
    return changed;
}

// --- back again ---

// What was read into the buffer is written where it belongs.
static int
put_out(struct plates *p, const struct walk *walk, u32 first, u32 end)
{
    int err = p->store->finish(p);

    return err < 0 ? err : pager_put(p->pager, walk->region, first, end);
}

// By way of the buffer, as many at once as it holds.
static int
put_back_paged_out(struct plates *p, const struct plate_entry *plate)
{
    struct walk walk;
    u32 pages = 0; // in the buffer: those that are out of [first, walk.page)
    u32 first = 0;
    int err = 0;

    walk_begin(&walk, p, plate);
    while (err == 0 && walk_next(&walk)) {
        if (!pager_is_out(*walk.where))
            continue;
        if (pages == VUNIT_BUFFER_PAGES) {
            err = put_out(p, &walk, first, walk.page);
            first = walk.page;
            pages = 0;
        }
        p->store->get(p, plate, walk.page, pager_buffer_frame(p->pager, pages));
        pages++;
    }
    return err < 0 || pages == 0 ? err : put_out(p, &walk, first, plate->pages);
}

int
plate_put_back(struct plates *p, const struct plate_entry *plate)
{
    struct walk walk;

    walk_begin(&walk, p, plate);
    while (walk_next(&walk))
        if (is_resident(&walk))
            p->store->get(p, plate, walk.page, *walk.pte >> PAGE_SHIFT);
    return walk.where == NULL ? 0 : put_back_paged_out(p, plate);
}

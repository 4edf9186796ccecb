// space.c -- virtual kernel spaces and virtual user spaces: regions in place
#include "vspace/space.h"

#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "tender/text.h"
#include "vspace/pager.h"
#include "vspace/paging.h"

void
space_attach_table(struct spaces *spaces, void *table, struct vspaces *vs,
                   struct regions *regions, struct real_memory *rm)
{
    spaces->gate = NULL;
    spaces->table = table;
    spaces->vs = vs;
    spaces->regions = regions;
    spaces->rm = rm;
    spaces->pager = NULL;
}

struct space_entry *
space_get(const struct spaces *spaces, rid id)
{
    return (struct space_entry *)(void *)table_get(spaces->table, id);
}

u32
space_directory(const struct spaces *spaces, const struct space_entry *e)
{
    const struct vspace_entry *vspace = vspace_get(spaces->vs, e->vspace);

    ASSERT(vspace != NULL);
    return vspace->page_directory;
}

// A page of a plate is clean when it is mapped: restore has just made it equal
// to its copy.  Pages nobody watches are dirty from the start, so that the
// processor has no reason to write into the page table.
u32
space_pte_flags(const struct space_entry *e)
{
    u32 flags = 0;

    if (e->flags & SPACE_WRITABLE)
        flags |= PTE_WRITE;
    if (e->va < USER_END)
        flags |= PTE_USER;
    if (e->plate == RID_NONE && (e->flags & SPACE_BOOTSTRAP) == 0)
        flags |= PTE_DIRTY;
    return flags;
}

void
space_map(struct spaces *spaces, struct space_entry *e)
{
    const struct region_entry *region = region_get(spaces->regions, e->region);
    struct vspace_entry *vspace = vspace_get(spaces->vs, e->vspace);
    u32 flags = space_pte_flags(e);

    ASSERT(region != NULL && region->pages == e->pages);
    if (region->vunit != RID_NONE) {
        pager_map(spaces->pager, e);
        return;
    }
    u32 frame = real_memory_first(spaces->rm, region->real_memory);
    u32 *pte = NULL;

    for (u32 i = 0; i < e->pages; i++) {
        u32 va = e->va + i * PAGE_SIZE;

        ASSERT(frame != 0);
        if (pte == NULL || paging_table_index(va) == 0) {
            vspace_map(spaces->vs, vspace, va, frame, flags);
            pte = paging_entry(vspace->page_directory, va);
        } else {
            pte++; // the next one in the same page table
            ASSERT(*pte == 0);
            *pte = vspace_pte(frame, flags);
        }
        frame = real_memory_next(spaces->rm, frame);
    }
    ASSERT(frame == 0);
}

struct space_entry *
space_add(struct spaces *spaces, const char *name, rid owner,
          struct region_entry *region, struct vspace_entry *vspace, u32 va,
          u32 flags)
{
    struct space_entry *e = (void *)table_add(spaces->table, name, owner);

    ASSERT(region->attached == RID_NONE);
    e->region = region->res.id;
    e->vspace = vspace->res.id;
    e->va = va;
    e->pages = region->pages;
    e->flags = flags;
    region->attached = e->res.id;
    space_map(spaces, e);
    return e;
}

void
space_remove(struct spaces *spaces, struct space_entry *e)
{
    struct vspace_entry *vspace = vspace_get(spaces->vs, e->vspace);
    struct region_entry *region = region_get(spaces->regions, e->region);

    ASSERT(region != NULL && region->attached == e->res.id);
    if (region->vunit != RID_NONE)
        pager_note_dirty(spaces->pager, e);
    for (u32 i = 0; i < e->pages; i++)
        vspace_unmap(vspace, e->va + i * PAGE_SIZE);
    region->attached = RID_NONE;
    table_remove(spaces->table, &e->res);
}

void
space_delete_all(struct spaces *spaces, rid vspace)
{
    u32 i = 0;
    struct res *res;

    while ((res = table_next(spaces->table, &i)) != NULL) {
        const struct space_entry *e = (const void *)res;

        if (e->vspace != vspace)
            continue;
        int err = gate_delete(spaces->gate, res->id);

        ASSERT(err == 0);
    }
}

void
space_describe(void *state, const struct res *res, struct resource_info *info)
{
    const struct space_entry *e = (const void *)res;
    const char *what = "not a plate";

    (void)state;
    info->detail[0] = e->pages;
    info->detail[1] = e->va;
    info->detail[2] = e->region;
    info->detail[3] = e->plate;
    if (e->flags & SPACE_SAVE_AREA)
        what = "save area";
    else if (e->flags & SPACE_BOOTSTRAP)
        what = "bootstrap";
    else if (e->plate != RID_NONE)
        what = "plate";
    text_copy(info->state, what, sizeof(info->state));
}

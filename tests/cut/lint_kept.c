// lint_kept.c -- what a save needs: its slot, and the newest copies of its pages
#include <string.h>

#include "tender/id.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "tests/cut/lint_walk.h"
#include "vspace/paging.h"

#define USER_TABLE_PAGES 256u

// The tables of one state: the live ones or a slot's.
struct view {
    const struct table *memories, *regions, *vk;
    const u32 *frame; // frame words
    const struct plate_head *plates;
};

static void
look(const struct walk *w, const u32 table_pa[BOOTSTRAP_TABLES],
     struct view *view)
{
    view->memories = walk_at(w, table_pa[TABLE_REAL_MEMORY]);
    view->frame = walk_at(w, table_pa[TABLE_REAL_MEMORY] +
                                 table_bytes(sizeof(struct real_memory_head),
                                             sizeof(struct real_memory_entry),
                                             w->limits->real_memories));
    view->regions = walk_at(w, table_pa[TABLE_REGION]);
    view->vk = walk_at(w, table_pa[TABLE_VKSPACE]);
    view->plates = walk_at(w, table_pa[TABLE_PLATE]);
}

// The first frame of a save area, by the tables alone: page tables may be
// those of another state.  0: there is none.
static u32
first_frame(const struct view *view, rid area)
{
    const struct space_entry *e = (const void *)table_get(view->vk, area);
    const struct region_entry *region;
    const struct real_memory_entry *memory;

    region =
        e == NULL ? NULL : (const void *)table_get(view->regions, e->region);
    memory = region == NULL
                 ? NULL
                 : (const void *)table_get(view->memories, region->real_memory);
    return memory == NULL ? 0 : memory->first;
}

// For each page of a plate: its newest copy.
static void
each_copy(struct walk *w, const struct view *view,
          const struct plate_entry *plate,
          void (*look_at)(struct walk *w, const struct plate_entry *plate,
                          u32 page, u32 copy_pa))
{
    u32 a = first_frame(view, plate->area[0]);
    u32 b = first_frame(view, plate->area[1]);

    for (u32 page = 0; page < plate->pages; page++) {
        if (a == 0 || b == 0 || a >= w->image->pages || b >= w->image->pages)
            return;
        u32 newest = (view->frame[a] & FRAME_NEWEST) != 0 ? b : a;

        look_at(w, plate, page, newest * PAGE_SIZE);
        a = view->frame[a] & FRAME_NEXT;
        b = view->frame[b] & FRAME_NEXT;
    }
}

static void
each_plate(struct walk *w, const u32 table_pa[BOOTSTRAP_TABLES],
           void (*look_at)(struct walk *w, const struct plate_entry *plate,
                           u32 page, u32 copy_pa))
{
    struct view view;
    struct res *res;
    u32 i = 0;

    look(w, table_pa, &view);
    while ((res = table_next(&view.plates->table, &i)) != NULL)
        each_copy(w, &view, (const void *)res, look_at);
}

// --- L1, L3: what must stay ---

static void
keep(struct walk *w, u32 pa, u32 pages)
{
    for (u32 i = 0; i < pages; i++)
        if (pa / PAGE_SIZE + i < w->image->pages)
            w->kept[pa / PAGE_SIZE + i] = 1;
}

static void
keep_copy(struct walk *w, const struct plate_entry *plate, u32 page,
          u32 copy_pa)
{
    (void)plate;
    (void)page;
    keep(w, copy_pa, 1);
}

static void
keep_save(struct walk *w, u32 word_of_root)
{
    u32 slot = word_of_root & 1;

    if ((word_of_root & GENERATION_MAX) == 0)
        return;
    keep(w, w->layout.slot_pa[slot], SLOT_HEADER_PAGES);
    for (int t = 0; t < BOOTSTRAP_TABLES; t++)
        keep(w, w->layout.slot_table_pa[slot][t], w->layout.table_pages[t]);
    each_plate(w, w->layout.slot_table_pa[slot], keep_copy);
}

void
kept_find(struct walk *w, const struct nv_root *root)
{
    memset(w->kept, 0, w->image->pages);
    keep_save(w, root->commit);
    keep_save(w, root->previous);
    if (root->flag != FLAG_NORMAL)
        return;
    keep(w, w->layout.shutdown_pa, 1);
    for (int t = 0; t < BOOTSTRAP_TABLES; t++)
        keep(w, w->layout.table_pa[t], w->layout.table_pages[t]);
}

// --- L4: clean pages ---

// The table of virtual user spaces lies in a kernel space: a copy.
static const struct table *
user_spaces(const struct walk *w)
{
    static u8 copy[USER_TABLE_PAGES * PAGE_SIZE];
    const struct table *vk = walk_at(w, w->layout.table_pa[TABLE_VKSPACE]);
    const struct space_entry *e = (const void *)table_find(vk, "table/vuspace");

    for (u32 page = 0; e != NULL && page < e->pages; page++) {
        u32 pte = walk_pte(w, w->layout.kernel_directory_pa,
                           e->va + page * PAGE_SIZE);

        if ((pte & PTE_PRESENT) == 0 || page == USER_TABLE_PAGES)
            return NULL;
        memcpy(copy + page * PAGE_SIZE, walk_at(w, pte & PTE_FRAME), PAGE_SIZE);
    }
    return e == NULL ? NULL : (const void *)copy;
}

// How a page of a space is mapped.
static u32
pte_of(const struct walk *w, const struct space_entry *e, u32 page)
{
    const struct vspace_entry *vspace = (const void *)table_get(
        walk_at(w, w->layout.table_pa[TABLE_VSPACE]), e->vspace);

    return vspace == NULL
               ? 0
               : walk_pte(w, vspace->page_directory, e->va + page * PAGE_SIZE);
}

static void
check_clean(struct walk *w, const struct plate_entry *plate, u32 page,
            u32 copy_pa)
{
    const struct table *spaces =
        rid_kind(plate->space) == KIND_VKSPACE
            ? walk_at(w, w->layout.table_pa[TABLE_VKSPACE])
            : w->user_spaces;
    const struct space_entry *e =
        spaces == NULL ? NULL : (const void *)table_get(spaces, plate->space);
    u32 pte = e == NULL ? 0 : pte_of(w, e, page);

    if ((pte & PTE_PRESENT) == 0 || (pte & PTE_DIRTY) != 0)
        return;
    // What programs wrote in a pool is noted in their own page tables.
    if (memcmp(walk_at(w, pte & PTE_FRAME), walk_at(w, copy_pa), PAGE_SIZE) !=
            0 &&
        ((e->flags & SPACE_POOL) == 0 ||
         !context_is_of_programs(w, pte / PAGE_SIZE, PTE_DIRTY)))
        lint_finding(w, 4, "the page at %x of %s differs from its copy",
                     e->va + page * PAGE_SIZE, e->res.name);
}

void
kept_check_clean(struct walk *w)
{
    w->user_spaces = user_spaces(w);
    if (walk_root(w)->commit != 0)
        each_plate(w, w->layout.table_pa, check_clean);
}

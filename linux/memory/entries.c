// entries.c -- the page tables of programs, which follow the map
//
// What is forgotten here is then forgotten by the processor, too, before anybody
// runs: at the end of each function.
#include "linux/errno.h"
#include "linux/memory/parts.h"
#include "tender/machine.h"
#include "tender/ram.h"
#include "vspace/cache.h"

static struct vspace_entry *
space_of(const struct memory *m)
{
    struct vspace_entry *e = vspace_get(m->linux->vs, m->vspace);

    ASSERT(e != NULL);
    return e;
}

// The entry of a page, or NULL if none shows it.
static u32 *
entry_of(const struct vspace_entry *e, u32 va)
{
    u32 *pte = paging_entry(e->page_directory, va);

    return pte == NULL || *pte == 0 ? NULL : pte;
}

static void
hand_on(struct memory *m, u32 *pte, page_no page)
{
    if ((*pte & PTE_DIRTY) == 0)
        return;
    pages_dirty(pool_of(m), page);
    *pte &= ~PTE_DIRTY;
}

// The processor forgets: one address, or, when more went, all.
static void
forget(u32 entries, u32 va)
{
    if (entries == 1)
        machine_invalidate(va);
    else if (entries > 1)
        machine_invalidate_all();
}

// Take bits from the entries of a range; all of them: the entry is gone.
static void
entries_take(struct memory *m, u32 start, u32 end, u32 bits)
{
    const struct vspace_entry *e = space_of(m);
    struct map_walk w = {.va = start, .end = end};
    const page_no *slot;
    u32 taken = 0;
    u32 at = 0;

    while ((slot = map_next(m, &w)) != NULL) {
        u32 *pte = entry_of(e, w.va);

        if (pte == NULL || (*pte & bits) == 0)
            continue;
        hand_on(m, pte, *slot);
        *pte &= ~bits;
        at = w.va;
        taken++;
    }
    forget(taken, at);
}

void
entries_drop(struct memory *m, u32 start, u32 end)
{
    entries_take(m, start, end, ~0u);
}

void
entries_protect(struct memory *m, u32 start, u32 end)
{
    entries_take(m, start, end, PTE_WRITE);
}

// All entries go, and the frames of their tables are free again.
static void
give_up_tables(struct memory *m)
{
    entries_gather(m);
    cache_drop_all(m->linux->vs, space_of(m));
}

// How many frames must stay free is counted only for a table that is new: most
// pages find theirs.
static int
has_room(struct memory *m, struct vspace_entry *e, u32 va)
{
    return cache_has_table(m->linux->vs, e, va) || pages_leave(pool_of(m), 1);
}

// Memory for a page table may have run out, but for what the next save will
// want: then this space's tables are given up, and at last everybody's.
static int
entry_room(struct memory *m, struct vspace_entry *e, u32 va)
{
    if (has_room(m, e, va))
        return 1;
    give_up_tables(m);
    if (has_room(m, e, va))
        return 1;
    for (struct memory *other = m->linux->memories; other != NULL;
         other = other->next)
        give_up_tables(other);
    return has_room(m, e, va);
}

int
entry_show(struct memory *m, u32 va, page_no page, int writable)
{
    struct vspace_entry *e = space_of(m);
    u32 flags = PTE_USER | (writable ? PTE_WRITE : 0);

    if (!entry_room(m, e, va))
        return -ENOMEM;
    u32 *pte = vspace_entry_at(m->linux->vs, e, va);

    if (*pte != 0)
        hand_on(m, pte, page);
    *pte = vspace_pte(pages_frame(pool_of(m), page), flags);
    machine_invalidate(va);
    return 0;
}

static int
gather_table(struct memory *m, u32 index, u32 *pte)
{
    const page_no *slot = map_at(m, index * TABLE_SPAN);
    int found = 0;

    for (u32 i = 0; i < TABLE_PAGES; i++) {
        if ((pte[i] & PTE_DIRTY) == 0)
            continue;
        ASSERT(slot != NULL && slot[i] != 0);
        hand_on(m, &pte[i], slot[i]);
        found = 1;
    }
    return found;
}

int
entries_gather(struct memory *m)
{
    const u32 *directory = ram_at(space_of(m)->page_directory);
    int found = 0;

    for (u32 i = 0; i < MAP_TABLES; i++)
        if (directory[i] & PTE_PRESENT)
            found |= gather_table(m, i, ram_at(directory[i] & PTE_FRAME));
    return found;
}

// All dirty bits are handed on first and forgotten then: nobody runs in between
// but the kernel, which writes through the pool's own mapping.
void
memory_gather(struct linux *l)
{
    int found = 0;

    for (struct memory *m = l->memories; m != NULL; m = m->next)
        found |= entries_gather(m);
    if (found)
        machine_invalidate_all();
}

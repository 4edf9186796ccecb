// pager.h -- regions with more pages than there are frames for them
//
// A region is paged when it has a virtual unit (resources/virtual_unit.h).
// Its real memory then has the frames of its resident pages, in any order, and
// the words of the unit tell where each page is.  While the region is attached:
//
//   word                     page-table entry
//   RESIDENT                 present, the word's frame; its dirty bit is exact:
//                            the page differs from its block
//   not RESIDENT             PTE_PAGED and the index of the space
//
// What is to be saved again is dirty or VUNIT_CHANGED.  A page that is paged
// out takes its dirty bit along as CHANGED; a save that clears the dirty bit
// clears COPY, too, because the block does not equal the page any more.
//
//                     pager_fault()                reclaim
//     never used  ------------------->  resident  --------->  in its block
//                                          ^                       |
//                                          +------ pager_fault() --+
//
// The kernel's own memory is never paged out, so none of this waits for
// anybody: the disk is polled, with interrupts off.
#ifndef VSPACE_PAGER_H
#define VSPACE_PAGER_H

#include "resources/region.h"
#include "resources/virtual_unit.h"
#include "vspace/space.h"

#define PAGER_BATCH 64u     // pages that are paged out at once
#define PAGER_AHEAD 4u      // pages that are read at once, at first,
#define PAGER_AHEAD_MAX 64u // and when they are wanted in their order

// A page on its way out.
struct pager_victim {
    u32 *where;
    u32 *pte;  // NULL: its region is not attached
    u32 entry; // what it was
    u32 block;
    u32 writing;
    rid memory;
};

struct pager {
    struct real_memory *rm;
    struct regions *regions;
    struct vunits *units;
    struct vspaces *vs;
    struct spaces *vk, *vu;
    u32 hand_unit; // the clock's hand: index of a unit, and its page
    u32 hand_page;
    u32 victims;
    struct pager_victim victim[PAGER_BATCH];
};

// From now on, programs' regions are paged when memory is short.
void pager_init(struct pager *p, struct real_memory *rm,
                struct regions *regions, struct vunits *units,
                struct vspaces *vs, struct spaces *vk, struct spaces *vu);

// Bring the page of a user address back.  0; E_POINTER if it is not paged out;
// E_PAGING, E_MEMORY.
int pager_fault(struct pager *p, const struct vspace_entry *vspace, u32 va);

// The words of a region's pages, NULL if it is not paged.  p may be NULL.
u32 *pager_where(const struct pager *p, const struct region_entry *region);

// For space.c: map the pages of a space whose region is paged; and, before they
// are unmapped, note in the words which are dirty.
void pager_map(struct pager *p, struct space_entry *e);
void pager_note_dirty(struct pager *p, const struct space_entry *e);

// What an entry of a page that is not resident looks like.
u32 pager_entry(const struct space_entry *e);

// Whether a page is in its block only.
static inline int
pager_is_out(u32 where)
{
    return (where & (VUNIT_RESIDENT | VUNIT_COPY)) == VUNIT_COPY;
}

// Read a page that is out, and those behind it that are, too, at most so many,
// into the buffer.  -> how many, or E_PAGING.
int pager_fetch(struct pager *p, const struct region_entry *region, u32 page,
                u32 most);

// Write the buffer's pages, from the first on, where those of [page, end) lie
// that are out.  0 or E_PAGING.
int pager_put(struct pager *p, const struct region_entry *region, u32 page,
              u32 end);

// The frame of a page of the buffer.
u32 pager_buffer_frame(const struct pager *p, u32 n);

// A restore: which pages are resident follows from the words, their frames from
// the real memory; nothing is in its block yet.  0, E_NO_VUNITS or
// E_PLATE_DAMAGED.
int pager_restored(struct pager *p);

// --- reclaim.c: the real memory's reclaim() ---

void pager_reclaim(void *state, u32 frames);

#endif

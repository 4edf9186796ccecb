// cache.h -- virtual spaces whose user page tables are only a cache
//
// Such a space (VSPACE_CACHE) has no virtual user spaces. Whoever made it knows
// by other means what each address shows, fills in entries when the program
// faults, and may drop any of them at any time. They show pages of virtual
// kernel spaces with SPACE_POOL, which keep the dirty bits that count: before
// an entry loses its own, its owner hands that on.
//
// A translation is forgotten with machine_invalidate(), whichever space the
// entry belongs to. The processor remembers translations of the current space
// only: no page is global (CR4.PGE is never set), and every change to another
// space loads CR3. For a space that is not current it forgets too much, which
// is harmless.
//
// What lets the program do more (an entry made, or made writable) needs
// no forgetting: the processor does not remember what is not present, and looks
// again before it faults for want of a right.
#ifndef VSPACE_CACHE_H
#define VSPACE_CACHE_H

#include "vspace/vspace.h"

// Whether vspace_entry_at() needs no new frame for the address.
int
cache_has_table(const struct vspaces *vs, const struct vspace_entry *e, u32 va);

// All entries go at once, and their page tables are free memory.  The caller has
// handed on the dirty bits.
void cache_drop_all(struct vspaces *vs, struct vspace_entry *e);

#endif

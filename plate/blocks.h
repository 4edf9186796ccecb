// blocks.h -- which blocks of the partition for permanent units are free
//
// Never stored: it follows from the maps of the saves.  A block is free when
// it is in none of these sets:
//
//   used    what the newest save names
//   kept    what the save before it named, so that it stays whole
//   fresh   what is being written now
#ifndef PLATE_BLOCKS_H
#define PLATE_BLOCKS_H

#include "tender/types.h"

#define BLOCKS_MAX (512u * 1024) // 2 GiB: what lies behind is not used

struct blocks {
    u32 end;  // of the partition
    u32 next; // where the search goes on
    u32 used[BLOCKS_MAX / 32];
    u32 kept[BLOCKS_MAX / 32];
    u32 fresh[BLOCKS_MAX / 32];
};

// No block is in any set.
void blocks_init(struct blocks *b, u32 end);

// A free block, in fresh from now on; 0 if there is none: if possible the one
// after the last.  When only blocks in kept are left, all of them are given up.
u32 blocks_take(struct blocks *b);

// Where the search is to go on.
void blocks_go_on(struct blocks *b, u32 block);

int blocks_is_fresh(const struct blocks *b, u32 block);

// The save did not come to its end.
void blocks_drop_fresh(struct blocks *b);

// A save is committed: what was used is kept, and what is used now is to be
// told by blocks_use().
void blocks_turn(struct blocks *b);
void blocks_use(struct blocks *b, u32 block);

#endif

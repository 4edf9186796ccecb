// block.h -- the block-device door: how plates and virtual units reach a disk
//
// Unlike the disk resource's driver it is used where nothing may wait for an
// interrupt: while the system is occupied, in a page fault, and at a boot
// before the kernel's data are back.  So a device keeps no state that would
// have to survive, moves memory directly, and waits for the end by itself.
#ifndef TENDER_BLOCK_H
#define TENDER_BLOCK_H

#include "tender/types.h"

#define SECTOR_BYTES 512u
#define BLOCK_SECTORS (PAGE_SIZE / SECTOR_BYTES) // of a page

// Contiguous memory: a multiple of SECTOR_BYTES, within one page.
struct block_piece {
    u32 pa;
    u32 bytes;
};

#define BLOCK_PIECES_MAX 256u // of one transfer: 1 MiB

struct block_device {
    const char *name;
    void *state;
    u32 sectors; // 0 = there is no such disk
    // Move the pieces, in their order, to or from consecutive sectors.
    // 0, or E_DISK: then any part of it may have been moved.
    int (*transfer)(void *state, int write, u32 sector,
                    const struct block_piece *piece, u32 pieces);
    // Everything written before is durable when this returns 0.
    int (*flush)(void *state);
};

#endif

// ext2_parts.h -- what the files that read an ext2 share
#ifndef RESOURCES_EXT2_PARTS_H
#define RESOURCES_EXT2_PARTS_H

#include "resources/ext2.h"

#define INODE_BYTES_MIN 128u
#define ROOT_INODE 2u

static inline u32
get16(const u8 *at)
{
    return at[0] | (u32)at[1] << 8;
}

static inline u32
get32(const u8 *at)
{
    return get16(at) | get16(at + 2) << 16;
}

// Some bytes of one block.
int
ext2_read_block(struct ext2 *fs, u32 block, u32 offset, void *to, u32 bytes);

#endif

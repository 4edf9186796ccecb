// partition.h -- find a partition of a disk
#ifndef TENDER_PARTITION_H
#define TENDER_PARTITION_H

#include "tender/block.h"

#define TYPE_PERMANENT_UNITS 0x7eu
#define TYPE_VIRTUAL_UNITS 0x7fu

struct partition {
    u32 first; // sector of the disk
    u32 sectors;
    u32 signature; // of the disk: its name for life
};

// The first of the four primary partitions that has this type and lies on the
// disk.  The page at buffer_pa is overwritten.  0; E_NO_DISK; E_DISK;
// E_NAME if there is none; E_ARGUMENT if the only ones do not lie on the disk.
int partition_find(const struct block_device *disk, u32 type, u32 buffer_pa,
                   struct partition *found);

#endif

// disk_read.h -- how the kernel asks the disk resource for a part of a file
#ifndef TENDER_DISK_READ_H
#define TENDER_DISK_READ_H

#include "tender/types.h"

// DISK_READ_FILE fills buffer with bytes of the file from offset on and
// returns how many it read (less than asked at the end of the file).
struct disk_read {
    const char *path;
    void *buffer;
    u32 offset;
    u32 bytes;
};

#endif

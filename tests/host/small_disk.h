// small_disk.h -- a disk with a few programs that takes its time
#ifndef HOST_SMALL_DISK_H
#define HOST_SMALL_DISK_H

#include "tender/driver.h"

struct disk_driver *small_disk(void);

#endif

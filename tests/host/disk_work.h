// disk_work.h -- what the power-cut cases of the disk store do
#ifndef HOST_DISK_WORK_H
#define HOST_DISK_WORK_H

#include "disk_cut.h"

void disk_enable(void);

// Write the places' next version and save it: it is promised from then on.
void disk_save_next(void);

// The first save; three more.
void disk_enable_and_save(void);
void disk_save_three(void);

// Partitions of so few blocks that each of them is written again and again: in
// the one, a save takes nearly all that the two before it leave; in the other,
// it must take those of the second of them.
#define DISK_LITTLE_ROOM 450u
#define DISK_LEAST_ROOM 410u

#define DISK_ROOM_VERSIONS 3u // between two saves there

// Change all pages there and save; -> the blocks it wrote.
u32 disk_save_in_room(void);

// So many saves that each block was written three times, on average; and one
// more.
void disk_fill_room(void);
void disk_save_round(void);

// A save that meets this error is refused; then one more.
void disk_refuse_and_save(struct medium_fault fault);

#endif

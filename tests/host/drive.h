// drive.h -- sectors of one word each, on the simulated drive
//
// For the tests of the simulated drive itself.
#ifndef HOST_DRIVE_H
#define HOST_DRIVE_H

#include "medium.h"
#include "tender/format.h"

#define DRIVE_SECTORS 4096u
#define DRIVE_DATA (NV_ROOT_PA + PAGE_SIZE)      // what drive_put() writes
#define DRIVE_BACK (DRIVE_DATA + 64 * PAGE_SIZE) // room for what is read
#define DRIVE_JUNK 0xd5d5d5d5u

// A suite's open() and close(): a machine, and a drive nobody has written to.
void drive_open(void);
void drive_close(void);

int drive_move(int write, u32 sector, u32 pa, u32 sectors);
int drive_flush(void);

// Write sectors of which all words are value, value + 1 ...
int drive_put(u32 sector, u32 sectors, u32 value);

// The word of a sector; 0: its words are not the same.
u32 drive_get(u32 sector);

#endif

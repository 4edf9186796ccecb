// disk_mutant.h -- the simulated drive with planted bugs
//
// Stands between the disk store and the drive, and gets wrong on purpose what
// the store asked for right: a store that asked wrongly would leave the same on
// the drive.  Do the power-cut cases notice?
#ifndef HOST_DISK_MUTANT_H
#define HOST_DISK_MUTANT_H

#include "tender/types.h"

struct disk_mutant {
    u32 flush;      // this flush is not done; counted from 1, 0 = none
    u32 write;      // this transfer is not done; the same
    int late;       // data are written behind the commit sector that names them
    int one_sector; // all commit sectors go to the first one
    int believe;    // each commit sector that is read has a checksum that fits
};

// From now on; and no more.
void disk_mutate(struct disk_mutant mutant);
void disk_mutate_end(void);

// Flushes and writing transfers since disk_mutate().
extern u32 disk_mutant_flushes;
extern u32 disk_mutant_writes;

// What a save would do wrong if its steps were wrong, done between two saves:
// the blocks of the newest save are free, those of the one before are, the unit
// map's pages are taken to be unchanged, and the pages a refused save had
// written are.
void disk_mutate_used(void);
void disk_mutate_kept(void);
void disk_mutate_map(void);
void disk_mutate_abandoned(void);

#endif

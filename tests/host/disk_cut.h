// disk_cut.h -- cut the power at every sector write of an operation
//
// A case is run once while the simulated drive records (medium.h).  Then every
// image that a cut could have left on the drive is booted and judged:
//
//   save:117.torn52.64         the 117th write or flush is the last one; of the
//                              52nd sector since a flush only 64 bytes arrived
//   save:117.all+12.rand3      and the save after that boot was cut again
//
// The names behind the point are those of medium.h.  An image that differs from
// one already tried only in sectors recovery does not read is not run again
// (disk_tree.h); some are, to notice if that is wrong.
//
// Kept is the version of the places (host_kernel.h), 0 after a cold start.
//
// Environment:
//   CUT_ID=save:117.all     run exactly this one, in this process, and talk
//   CUT_PAIRS=no            no second cuts
//   CUT_ALL=yes             skip no first cut
//   CUT_JOBS=2              processes
#ifndef HOST_DISK_CUT_H
#define HOST_DISK_CUT_H

#include "host_disk.h"

struct disk_case {
    const char *name;
    u32 blocks; // of the partition; 0 = 2560
    // A machine is booted cold, and has three places; prepare it.
    void (*setup)(void);
    // What is cut.  Comes back, or ends in machine_stop().
    void (*operation)(void);
    int once; // no second cuts
    // If not 0, the newest save is damaged on each image that has two, and the
    // one before must be there, so many versions older.
    u32 damage;
    int first_only; // stop at the first failure
};

// Whatever happens from now on, a boot must not find less than the present
// version; or than nothing.
void disk_cut_promise(void);
void disk_cut_promise_nothing(void);

// What was promised before the recording began holds from its first cut on.
void disk_cut_promise_again(void);

#define DISK_CUT_FAILURES 8

struct disk_cut_report {
    u32 writes; // cut points of the operation
    u32 images;
    u32 runs;  // of them: recovery was run
    u32 pairs; // second cuts for which it was
    u32 failures;
    struct {
        char id[96];
        char sentence[512];
    } failure[DISK_CUT_FAILURES];
};

u32 disk_cut_run(const struct disk_case *c, struct disk_cut_report *report);

// The same, inside a Check test: a failure fails it and prints its id.
void disk_cut_check(const struct disk_case *c);

// What the cases share: end the run with a sentence if something is wrong.
void disk_must(int result);
void disk_whole(const char *when);
void disk_boot(struct booted *booted, enum outcome expected);

#endif

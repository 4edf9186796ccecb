// disk_cutter.h -- what the files of the disk store's power cuts share
//
//   disk_case.c  is called by the tests, says what failed
//   disk_cut.c   records a case, shares the work out
//   disk_run.c   runs recovery on one image and judges it
//   disk_tree.c  remembers which images have been tried
#ifndef HOST_DISK_CUTTER_H
#define HOST_DISK_CUTTER_H

#include "disk_cut.h"
#include "disk_tree.h"

#define DISK_CUT_DEPTHS 2u

struct disk_wanted {
    u32 cut;
    char name[32];
};

struct disk_cutter {
    const struct disk_case *c;
    struct disk_cut_report *report; // shared by the processes
    struct disk_tree *tree[DISK_CUT_DEPTHS];
    char id[DISK_CUT_DEPTHS][48];
    struct disk_wanted wanted[DISK_CUT_DEPTHS];
    u32 depths; // of what is wanted; 0: everything
    u32 skipped;
    int skip_nothing;
    int pairs;
    int pairs_now; // not when a known image is run again
    u64 now_us;
};

extern struct disk_cutter disk_cutter;

// Note a failure of the image that is looked at.
void disk_run_failed(u32 depth, const char *sentence);

// Try the image of a cut: run recovery on it unless one like it was run.
// It must keep at least so much.
void disk_run_try(u32 depth, u32 cut, u32 variant, u32 least);

#endif

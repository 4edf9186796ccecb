// hunt.h -- power cuts in the operations of one kernel, until something is lost
//
// An id is KERNEL:OPERATION: and
//
//   m1.N         the first N events are in memory
//   m2.N.V       what N events left durable, and variant V of the pending stores
//   m1.N+m1.K    the first K events of the recovery of m1.N, too
//
// Records are kept, so an id is one image until its kernel is recorded again.
#ifndef CUT_HUNT_H
#define CUT_HUNT_H

#include "tests/cut/mutant.h"

struct hunt {
    const char *name, *elf; // of the kernel
    struct mutant mutant[OPERATIONS];
    u64 events, images, distinct, boots;
    char id[120]; // of the image that was wrong
};

// NULL: nothing is lost.  Else hunt->id and the result's why say what.
const struct mutant *hunt_kernel(struct hunt *hunt);

// One image alone: 0 right, 1 wrong, 2 unknown.  hunt: name and elf.
int hunt_again(struct hunt *hunt, const char *id, bool gdb);

#endif

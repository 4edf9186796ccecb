// hunt.h -- power cuts in the operations of one kernel, until something is lost
#ifndef CUT_HUNT_H
#define CUT_HUNT_H

#include "tests/cut/mutant.h"

struct hunt {
    const char *name, *elf; // of the kernel
    struct mutant mutant[OPERATIONS];
    u64 images, boots;
    char id[120]; // of the image that was wrong
};

// NULL: nothing is lost.  Else hunt->id and the result's why say what.
const struct mutant *hunt_kernel(struct hunt *hunt);

#endif

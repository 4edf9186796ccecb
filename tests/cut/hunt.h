// hunt.h -- power cuts in one operation of one kernel, until something is lost
#ifndef CUT_HUNT_H
#define CUT_HUNT_H

#include "tests/cut/mutant.h"

struct hunt {
    struct mutant mutant;
    u64 images;
    char id[120]; // of the image that was wrong
};

// Is anything lost?  hunt->id and hunt->mutant.why say what.
bool hunt_operation(struct hunt *hunt);

#endif

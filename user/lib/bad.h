// bad.h -- argument values the kernel must refuse
#ifndef USER_BAD_H
#define USER_BAD_H

#include "tender.h"

#define EDGE_VA 0x60000000u // one attached page without neighbours

// What is wrong with an argument.
enum badness {
    GOOD,
    BAD_NAME,   // no readable name; NULL is none, and so is right
    BAD_IN,     // may not be read
    BAD_OUT,    // may not be written
    BAD_ID,     // of no resource
    BAD_SIZE,   // nothing, or far too much
    BAD_LENGTH, // far too much; 0 is right
    BAD_VA,     // where nothing can be attached
    BAD_FLAGS,  // unknown
    BAD_KIND    // there is none
};

struct bad_list {
    const u32 *value;
    u32 count;
};

// All values that are wrong in this way.
struct bad_list bad_values(enum badness badness);

#endif

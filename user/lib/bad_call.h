// bad_call.h -- call the kernel wrongly, and count what it makes of it
#ifndef USER_BAD_CALL_H
#define USER_BAD_CALL_H

#include "bad.h"

extern const char program_code[], program_code_end[]; // user.ld

struct badcalls {
    u32 refused;
    u32 accepted; // wrongly
    u32 changed;  // calls that changed memory
    u32 code_sum;
    u32 canary_sum;
    rid self;
    rid region; // attached at EDGE_VA
    rid space;
    rid unattached;
    rid event;
    char canary[PAGE_SIZE];
    char buffer[PAGE_SIZE]; // where calls may write
    struct random random;
};

// Make what the calls are about, and remember what must not change.
int bad_prepare(struct badcalls *bad, u32 seed);

// One call, which must be refused and leave memory alone.
void bad_call(struct badcalls *bad, u32 op, rid target, const word arg[4]);

// See whether the program's code is as it was.
void bad_code(struct badcalls *bad);

// bad_attempts.c: calls that would be right but for one argument; calls that
// are wrong as they stand.
void bad_arguments(struct badcalls *bad);
void bad_wholes(struct badcalls *bad);

#endif

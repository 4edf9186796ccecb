// sectors.h -- contents of sectors, each kept once, under a number
//
// Two sectors hold the same if their numbers are the same.  Number 0 is junk,
// what a drive holds that nobody has written yet.
#ifndef HOST_SECTORS_H
#define HOST_SECTORS_H

#include "tender/types.h"

#define SECTORS_JUNK 0u

// Forget all but number 0.
void sectors_open(void);

u32 sectors_number(const void *contents);
const u8 *sectors_contents(u32 number);

// Numbers below count are given; those from count on can be forgotten.
u32 sectors_count(void);
void sectors_forget(u32 count);

#endif

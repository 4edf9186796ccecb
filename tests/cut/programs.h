// programs.h -- what programs can read, as one number
#ifndef CUT_PROGRAMS_H
#define CUT_PROGRAMS_H

#include "tender/types.h"

// The contents of all pages of all virtual user spaces, found through their page
// tables, of a state in memory that may be damaged.
u64 programs_hash(const u8 *ram, u32 bytes);

#endif

// reads.h -- images that differ only in what their boot does not read
//
// A boot is a function of the words that it reads before it writes them.  It is
// traced which these are, and which words the judge reads that the boot has not
// written: together a set.  Another image with the same contents in such a set
// comes to the same verdict, and need not be booted.
//
// For each set a number follows the changes of the image in hand: 0 while it
// agrees.
#ifndef CUT_READS_H
#define CUT_READS_H

#include <stdbool.h>

#include "tender/types.h"

#define READS_SETS 32u

struct reads {
    u32 bytes;    // of memory
    u32 *readers; // of each word: a bit for each set it is in
    u64 differs[READS_SETS];
    u64 used[READS_SETS]; // when it last agreed; 0: no set
    u32 verdict[READS_SETS];
    u32 *word[READS_SETS];
    u32 words[READS_SETS];
    u64 time;
};

struct reads *reads_new(u32 bytes);
void reads_free(struct reads *r);

// The image in hand changes: `size` bytes (8 at most) at `pa` of memory
// become those at `to`.
void
reads_change(struct reads *r, const u8 *memory, u32 pa, const u8 *to, u32 size);

// Does it agree with a set?
bool reads_known(struct reads *r, u32 *verdict);

// A new set, of the image in hand: a bit for each word.
void reads_add(struct reads *r, const u64 *set, u32 verdict);

#endif

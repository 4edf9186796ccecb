// readset.h -- which words of memory one or several runs depend on
#ifndef HOST_READSET_H
#define HOST_READSET_H

#include "tender/types.h"

struct readset {
    u64 *bits; // one for each word of memory
    u8 *listed;
    u32 *page; // pages that have bits
    u32 pages;
};

void readset_open(struct readset *set, u32 memory_pages);
void readset_close(struct readset *set);
void readset_clear(struct readset *set);

// Add what the tracer saw being read since trace_track().
void readset_add(struct readset *set);

// One bit for each of the 16 words of a 64-byte line.
static inline u32
readset_line(const struct readset *set, u32 line)
{
    return (u32)(set->bits[line / 4] >> line % 4 * 16) & 0xffff;
}

static inline int
readset_has(const struct readset *set, u32 word)
{
    return (set->bits[word / 64] >> word % 64 & 1) != 0;
}

#endif

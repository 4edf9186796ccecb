// id.h -- resource identifiers: kind, generation and index in 32 bits
//
//   31  30         26 25          14 13            0
//   [0 |   kind 5   | generation 12 |   index 14   ]
//
// Generation 0 is never given to a resource: it names the kind itself.  A
// deleted slot gets a new generation, so a stale id is refused, not followed.
#ifndef TENDER_ID_H
#define TENDER_ID_H

#include "tender/abi.h"

// The owner of what an ended process left behind because others use it.
#define RID_GONE 1u

#define RID_GENERATIONS 4096u
#define RID_INDEXES 16384u

static inline rid
rid_make(u32 kind, u32 generation, u32 index)
{
    return kind << 26 | generation << 14 | index;
}

static inline u32
rid_kind(rid id)
{
    return id >> 26;
}

static inline u32
rid_generation(rid id)
{
    return id >> 14 & (RID_GENERATIONS - 1);
}

static inline u32
rid_index(rid id)
{
    return id & (RID_INDEXES - 1);
}

#endif

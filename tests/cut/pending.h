// pending.h -- which stores of a record are not durable yet, line by line
//
// Fault model M2: a line of 64 bytes is written back whole, at any moment, so
// after a cut it holds any prefix of its stores since it was last durable.  A
// flush makes durable what the line holds: clflush and wbinvd at once, clwb and
// clflushopt at the next fence.
//
// An image begins with what is durable; pending_variant() adds pending stores to
// it, and crash_back() takes them away again.
#ifndef CUT_PENDING_H
#define CUT_PENDING_H

#include "tests/cut/crash.h"

#define PENDING_LINE 64u // bytes

struct pending_store {
    u32 pa, size;
    u64 value;
    u32 event; // its number
    u32 next;  // of the same line: index + 1, or 0
};

struct pending {
    struct pending_store *store;
    u32 stores, room;
    u32 lines;
    u32 *head, *tail;  // by line: index + 1
    u32 *flushed;      // by line: the newest store that was flushed
    u32 *list, *place; // lines that have pending stores
    u32 listed;
    u32 *flushing, flushings;
};

struct pending *pending_new(u32 memory_bytes);
void pending_free(struct pending *p);

// The next event happened; what it makes durable goes into the image, if there
// is one.
void pending_event(struct pending *p, struct crash *image,
                   const struct cut_event *event, u32 number);

// Has a line stores that are not durable?
static inline bool
pending_line(const struct pending *p, u32 line)
{
    return p->head[line] != 0;
}

// Add pending stores to the image.  Variant 0: none; 1: all; then, in turn, with
// the seed: all but one line, only one line, a prefix of each line, some lines.
// Half of the lines picked are among the newest.
void pending_variant(const struct pending *p, struct crash *image, u32 variant,
                     u64 seed);

#endif

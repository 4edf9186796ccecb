// unflushed.h -- fault model M2: which stores of which lines are not durable yet
//
// A store is pending until a fence after a flush of its line, or until a flush
// that is durable at once.  A power cut leaves of each line what is durable and
// any number of its pending stores, oldest first.
#ifndef CUT_UNFLUSHED_H
#define CUT_UNFLUSHED_H

#include "tests/cut/crash.h"

#define LINE_BYTES 64u

struct unflushed {
    const struct cut_event *events;
    u8 *durable;   // memory, were the power cut and nothing pending written
    u32 bytes;     // of memory
    u32 *first;    // of each line: its oldest pending store, as number + 1
    u32 *last;     // and its newest
    u32 *next;     // of each store: the next one of its line
    u32 *flushed;  // of each line: flushed after so many events; 0: not
    u32 *flushing; // lines flushed and waiting for a fence
    u32 flushings;
};

// image: before the first event.
struct unflushed *unflushed_new(const struct crash *image,
                                const struct cut_event *events, u64 count);
void unflushed_free(struct unflushed *p);

// This event has happened.
void unflushed_event(struct unflushed *p, u64 number);

// Is a store to this line pending?
static inline bool
unflushed_line(const struct unflushed *p, u32 line)
{
    return p->first[line] != 0;
}

bool unflushed_page(const struct unflushed *p, u32 page);

// Let an image in which everything has happened hold only so many of a line's
// pending stores.
void unflushed_put(const struct unflushed *p, struct crash *image, u32 line,
                   u32 stores);
u32 unflushed_length(const struct unflushed *p, u32 line);

// The variants of a cut at this moment.  Number 0 is without anything pending;
// then pages, of which one is lost or one alone is written; then a prefix of
// each line, by chance.
struct unflushed_variants {
    u32 *page; // with anything pending
    u32 pages;
    u32 count; // of variants
};

void unflushed_list(const struct unflushed *p, struct unflushed_variants *v);
// Make it of an image in which everything has happened; name: of the variant.
void
unflushed_make(const struct unflushed *p, const struct unflushed_variants *v,
               u32 number, struct crash *image, char name[32]);

#endif

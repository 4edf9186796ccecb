// trace.h -- what was stored and read, word by word, in physical memory
//
// Two things may be on.  Logging keeps an event for every 32-bit word that
// changed, and for every flush and fence; memory at any moment of the log can
// be built from it.  Tracking keeps two bits for every word: whether it was
// written, and whether it was read before it was written, that is, whether the
// code that ran could know what it held.
//
// The compiler calls us before each store, so what it stored is looked up when
// the next thing happens ("settled").
#ifndef HOST_TRACE_H
#define HOST_TRACE_H

#include "tender/types.h"

struct event {
    u32 word; // physical address / 4, or one of the following
    u32 old;
    u32 new;
    u32 pc; // of the code that stored, from the start of the program
};

#define EVENT_FLUSH 0xf0000001u // old: first line, new: how many
#define EVENT_FENCE 0xf0000002u
#define EVENT_FLUSH_ALL 0xf0000003u
#define EVENT_PROMISE 0xf0000004u // new: what was promised (cut.h)

static inline int
event_is_store(const struct event *event)
{
    return event->word < EVENT_FLUSH;
}

struct event_log {
    struct event *event;
    u32 events;
    u32 capacity;
};

void event_log_open(struct event_log *log, u32 capacity);
void event_log_close(struct event_log *log);

// One page's words, one bit each.
struct track {
    u32 epoch;
    u32 spare;
    u64 read[PAGE_SIZE / 4 / 64];
    u64 written[PAGE_SIZE / 4 / 64];
};

#define ANNOUNCED_MAX 64

struct trace {
    struct event_log *log; // NULL: not logging
    int tracking;
    u32 *memory; // physical memory
    u32 *shadow; // the same as of the last event
    u32 pages;

    struct track *track;
    u32 epoch;
    u32 *touched; // pages read or written since trace_track()
    u32 touched_pages;

    struct {
        u32 pa;
        u32 bytes;
        u32 pc;
    } announced[ANNOUNCED_MAX]; // stores not yet settled
    u32 announcements;
};

extern struct trace trace;

void trace_open(u32 *memory, u32 pages);
void trace_close(void);

// Log into *log from now on, behind what it holds; NULL: no more.  The shadow
// must be what memory is (trace_copy_shadow()).
void trace_log(struct event_log *log);
void trace_copy_shadow(void);

// Forget what was read and written, and begin (or not) to note it.
void trace_track(int on);

// The code is about to store, or load, bytes inside one page.
void trace_store(u32 pa, u32 bytes, u32 pc);
void trace_load(u32 pa, u32 bytes);

// A whole page was stored just now.
void trace_page_stored(u32 pa, u32 pc);

// Somebody not traced may read, and write, anything in this page.
void trace_page_open(u32 frame);

// Store a word and note it, as the MMU does.
void trace_put(u32 pa, u32 value, u32 pc);

// Look up what the announced stores stored.
void trace_settle(void);

// Note something that is not a store.
void trace_note(u32 what, u32 old, u32 new, u32 pc);

// Make events of all changes nobody announced; returns how many there were,
// and the physical address of the first.
u32 trace_sync(u32 *first_pa);

// Whether this word was read before it was written, since trace_track().
int trace_was_read(u32 word);

#endif

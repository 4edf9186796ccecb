// lines.h -- which stores of which cache lines are not durable yet
//
// A store is pending from when it is done until a fence after a flush of its
// line.  Walking through a log, the caller tells what happens; the image then
// holds what is durable, and may be given any number of a line's pending stores.
#ifndef HOST_LINES_H
#define HOST_LINES_H

#include "trace.h"

#define LINE_WORDS (LINE_SIZE / 4)

// The pending stores of each line, oldest first, as event indexes + 1.
struct lines {
    u32 *head;
    u32 *tail;
    u32 *flushed; // flushed up to this event, 0 = not at all
    u16 *words;   // which words of the line are pending
    u32 *next;    // by event
    u8 *durable;  // by event
    u32 *pending; // lines that have any
    u32 *place;   // of a line in pending[]
    u32 pendings;
    u32 *flushing; // lines that have flushed != 0
    u32 flushings;
};

void lines_open(struct lines *l, u32 memory_pages, u32 events);
void lines_close(struct lines *l, u32 memory_pages, u32 events);

// Event e stores a word; a line is flushed; what was flushed becomes durable.
void lines_store(struct lines *l, u32 word, u32 e);
void lines_flush(struct lines *l, u32 line);
void lines_flush_all(struct lines *l);
void lines_fence(struct lines *l, const struct event_log *log);

// Begin with another log.
void lines_forget(struct lines *l);

// How many stores of a line are pending.
u32 lines_length(const struct lines *l, u32 line);

// Let a line of the image hold so many of its pending stores.
void lines_put(const struct lines *l, const struct event_log *log, u32 line,
               u32 length);

// Keep what a line of the image holds, and put it back.
void lines_save(u32 line, u32 *words);
void lines_load(u32 line, const u32 *words);

// Build an image: in memory and in the shadow.
static inline void
image_put(u32 word, u32 value)
{
    trace.memory[word] = value;
    trace.shadow[word] = value;
}

#endif

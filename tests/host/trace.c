// trace.c -- what was stored and read, word by word, in physical memory
#define _GNU_SOURCE
#include "trace.h"

#include <sys/mman.h>

#include "bytes.h"
#include "fake.h"

// Nothing here may call memcpy() or memset(): they are traced.
#pragma GCC optimize("no-tree-loop-distribute-patterns")

#define PAGE_WORDS (PAGE_SIZE / 4)

struct trace trace;

static void *
reserve(size_t bytes)
{
    void *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (start == MAP_FAILED)
        fake_fail("the host has no room for %zu bytes", bytes);
    return start;
}

void
event_log_open(struct event_log *log, u32 capacity)
{
    log->event = reserve((size_t)capacity * sizeof(struct event));
    log->events = 0;
    log->capacity = capacity;
}

void
event_log_close(struct event_log *log)
{
    munmap(log->event, (size_t)log->capacity * sizeof(struct event));
    log->event = NULL;
}

void
trace_open(u32 *memory, u32 pages)
{
    trace.log = NULL;
    trace.tracking = 0;
    trace.memory = memory;
    trace.pages = pages;
    trace.shadow = reserve((size_t)pages * PAGE_SIZE);
    trace.track = reserve((size_t)pages * sizeof(struct track));
    trace.touched = reserve((size_t)pages * sizeof(u32));
    trace.touched_pages = 0;
    trace.epoch = 1;
    trace.announcements = 0;
}

void
trace_close(void)
{
    munmap(trace.shadow, (size_t)trace.pages * PAGE_SIZE);
    munmap(trace.track, (size_t)trace.pages * sizeof(struct track));
    munmap(trace.touched, (size_t)trace.pages * sizeof(u32));
    trace.log = NULL;
    trace.tracking = 0;
}

void
trace_copy_shadow(void)
{
    u32 first = NV_ROOT_PA / 4;

    bytes_copy(trace.shadow + first, trace.memory + first,
               (size_t)(fake.end_frame * PAGE_WORDS - first) * 4);
}

void
trace_log(struct event_log *log)
{
    trace_settle();
    trace.log = log;
}

void
trace_track(int on)
{
    trace.tracking = on;
    trace.epoch++;
    trace.touched_pages = 0;
}

static struct track *
touch(u32 frame)
{
    struct track *track = &trace.track[frame];

    if (track->epoch != trace.epoch) {
        track->epoch = trace.epoch;
        bytes_fill(track->read, 0, sizeof(track->read));
        bytes_fill(track->written, 0, sizeof(track->written));
        trace.touched[trace.touched_pages++] = frame;
    }
    return track;
}

static void
append(u32 word, u32 old, u32 new, u32 pc)
{
    struct event_log *log = trace.log;

    if (log->events == log->capacity) {
        trace.log = NULL;
        fake_fail("the event log is full (%u events)", log->events);
    }
    log->event[log->events++] = (struct event){word, old, new, pc};
}

// Words [first, last] may have changed: make events of those that did.
static void
compare(u32 first, u32 last, u32 pc)
{
    for (u32 word = first; word <= last; word++) {
        u32 old = trace.shadow[word];
        u32 new = trace.memory[word];

        if (old != new) {
            trace.shadow[word] = new;
            append(word, old, new, pc);
        }
    }
}

void
trace_settle(void)
{
    u32 count = trace.announcements;

    trace.announcements = 0;
    if (trace.log == NULL)
        return;
    for (u32 i = 0; i < count; i++)
        compare(trace.announced[i].pa / 4,
                (trace.announced[i].pa + trace.announced[i].bytes - 1) / 4,
                trace.announced[i].pc);
}

static void
note_load(struct track *track, u32 pa, u32 bytes)
{
    u32 last = (pa + bytes - 1) % PAGE_SIZE / 4;

    for (u32 word = pa % PAGE_SIZE / 4; word <= last; word++) {
        u64 bit = 1ull << word % 64;

        track->read[word / 64] |= bit & ~track->written[word / 64];
    }
}

// A word of which only a part is written must have been known before.
static void
note_store(struct track *track, u32 pa, u32 bytes)
{
    u32 last = (pa + bytes - 1) % PAGE_SIZE / 4;

    if (pa % 4 != 0)
        note_load(track, pa, 1);
    if ((pa + bytes) % 4 != 0)
        note_load(track, pa + bytes - 1, 1);
    for (u32 word = pa % PAGE_SIZE / 4; word <= last; word++)
        track->written[word / 64] |= 1ull << word % 64;
}

void
trace_store(u32 pa, u32 bytes, u32 pc)
{
    if (trace.tracking)
        note_store(touch(pa / PAGE_SIZE), pa, bytes);
    if (trace.log == NULL)
        return;
    if (trace.announcements == ANNOUNCED_MAX)
        fake_fail("one store of more than %d pages", ANNOUNCED_MAX);
    trace.announced[trace.announcements].pa = pa;
    trace.announced[trace.announcements].bytes = bytes;
    trace.announced[trace.announcements].pc = pc;
    trace.announcements++;
}

void
trace_load(u32 pa, u32 bytes)
{
    if (trace.tracking)
        note_load(touch(pa / PAGE_SIZE), pa, bytes);
}

void
trace_page_stored(u32 pa, u32 pc)
{
    if (trace.tracking)
        bytes_fill(touch(pa / PAGE_SIZE)->written, 0xff,
                   sizeof(trace.track->written));
    if (trace.log != NULL)
        compare(pa / 4, pa / 4 + PAGE_WORDS - 1, pc);
}

void
trace_page_open(u32 frame)
{
    if (trace.tracking) {
        struct track *track = touch(frame);

        for (u32 i = 0; i < ARRAY_LEN(track->read); i++)
            track->read[i] |= ~track->written[i];
    }
}

void
trace_put(u32 pa, u32 value, u32 pc)
{
    if (trace.tracking)
        note_store(touch(pa / PAGE_SIZE), pa, 4);
    trace.memory[pa / 4] = value;
    if (trace.log != NULL)
        compare(pa / 4, pa / 4, pc);
}

void
trace_note(u32 what, u32 old, u32 new, u32 pc)
{
    trace_settle();
    if (trace.log != NULL)
        append(what, old, new, pc);
}

u32
trace_sync(u32 *first_pa)
{
    u32 missed = 0;

    trace_settle();
    *first_pa = 0;
    for (u32 page = NV_ROOT_PA / PAGE_SIZE; page < fake.end_frame; page++) {
        u32 before = trace.log->events;

        compare(page * PAGE_WORDS, page * PAGE_WORDS + PAGE_WORDS - 1, 0);
        if (missed == 0 && trace.log->events != before)
            *first_pa = trace.log->event[before].word * 4;
        missed += trace.log->events - before;
    }
    return missed;
}

int
trace_was_read(u32 word)
{
    const struct track *track = &trace.track[word / PAGE_WORDS];

    return track->epoch == trace.epoch &&
           (track->read[word % PAGE_WORDS / 64] >> word % 64 & 1) != 0;
}

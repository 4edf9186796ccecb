// lines.c -- which stores of which cache lines are not durable yet
#define _GNU_SOURCE
#include "lines.h"

#include <sys/mman.h>

#include "fake.h"

#define PAGE_LINES (PAGE_SIZE / LINE_SIZE)

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
lines_open(struct lines *l, u32 memory_pages, u32 events)
{
    size_t lines = (size_t)memory_pages * PAGE_LINES;

    l->head = reserve(lines * 4);
    l->tail = reserve(lines * 4);
    l->flushed = reserve(lines * 4);
    l->pending = reserve(lines * 4);
    l->place = reserve(lines * 4);
    l->flushing = reserve(lines * 4);
    l->words = reserve(lines * 2);
    l->next = reserve((size_t)events * 4);
    l->durable = reserve(events);
    l->pendings = 0;
    l->flushings = 0;
}

void
lines_close(struct lines *l, u32 memory_pages, u32 events)
{
    size_t lines = (size_t)memory_pages * PAGE_LINES;

    munmap(l->head, lines * 4);
    munmap(l->tail, lines * 4);
    munmap(l->flushed, lines * 4);
    munmap(l->pending, lines * 4);
    munmap(l->place, lines * 4);
    munmap(l->flushing, lines * 4);
    munmap(l->words, lines * 2);
    munmap(l->next, (size_t)events * 4);
    munmap(l->durable, events);
}

void
lines_forget(struct lines *l)
{
    for (u32 i = 0; i < l->pendings; i++) {
        l->head[l->pending[i]] = 0;
        l->flushed[l->pending[i]] = 0;
        l->words[l->pending[i]] = 0;
    }
    l->pendings = 0;
    l->flushings = 0;
}

void
lines_store(struct lines *l, u32 word, u32 e)
{
    u32 line = word / LINE_WORDS;

    l->next[e] = 0;
    l->durable[e] = 0;
    if (l->head[line] == 0) {
        l->head[line] = e + 1;
        l->place[line] = l->pendings;
        l->pending[l->pendings++] = line;
    } else {
        l->next[l->tail[line] - 1] = e + 1;
    }
    l->tail[line] = e + 1;
    l->words[line] |= (u16)(1u << word % LINE_WORDS);
}

void
lines_flush(struct lines *l, u32 line)
{
    if (l->head[line] == 0)
        return;
    if (l->flushed[line] == 0)
        l->flushing[l->flushings++] = line;
    l->flushed[line] = l->tail[line];
}

// Make durable what was flushed of a line.
static void
settle(struct lines *l, const struct event_log *log, u32 line)
{
    u32 e = l->head[line];

    for (; e != 0 && e <= l->flushed[line]; e = l->next[e - 1]) {
        const struct event *event = &log->event[e - 1];

        image_put(event->word, event->new);
        l->durable[e - 1] = 1;
    }
    l->head[line] = e;
    l->flushed[line] = 0;
    l->words[line] = 0;
    for (u32 next = e; next != 0; next = l->next[next - 1])
        l->words[line] |= (u16)(1u << log->event[next - 1].word % LINE_WORDS);
    if (e == 0) {
        u32 moved = l->pending[--l->pendings];

        l->pending[l->place[line]] = moved;
        l->place[moved] = l->place[line];
    }
}

void
lines_flush_all(struct lines *l)
{
    for (u32 i = 0; i < l->pendings; i++)
        lines_flush(l, l->pending[i]);
}

void
lines_fence(struct lines *l, const struct event_log *log)
{
    for (u32 i = 0; i < l->flushings; i++)
        settle(l, log, l->flushing[i]);
    l->flushings = 0;
}

// --- images ---

void
lines_save(u32 line, u32 *words)
{
    for (u32 i = 0; i < LINE_WORDS; i++)
        words[i] = trace.shadow[line * LINE_WORDS + i];
}

void
lines_load(u32 line, const u32 *words)
{
    for (u32 i = 0; i < LINE_WORDS; i++)
        image_put(line * LINE_WORDS + i, words[i]);
}

void
lines_put(const struct lines *l, const struct event_log *log, u32 line,
          u32 length)
{
    for (u32 e = l->head[line]; e != 0 && length > 0;
         e = l->next[e - 1], length--)
        image_put(log->event[e - 1].word, log->event[e - 1].new);
}

u32
lines_length(const struct lines *l, u32 line)
{
    u32 length = 0;

    for (u32 e = l->head[line]; e != 0; e = l->next[e - 1])
        length++;
    return length;
}

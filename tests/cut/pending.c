// pending.c -- which stores of a record are not durable yet, line by line
#include "tests/cut/pending.h"

#include <stdio.h>
#include <stdlib.h>

#define NEWEST 16u // lines

struct pending *
pending_new(u32 memory_bytes)
{
    struct pending *p = calloc(1, sizeof(*p));

    p->lines = memory_bytes / PENDING_LINE;
    p->head = calloc(p->lines, sizeof(u32));
    p->tail = calloc(p->lines, sizeof(u32));
    p->flushed = calloc(p->lines, sizeof(u32));
    p->list = calloc(p->lines, sizeof(u32));
    p->place = calloc(p->lines, sizeof(u32));
    p->flushing = calloc(p->lines, sizeof(u32));
    return p;
}

void
pending_free(struct pending *p)
{
    free(p->store);
    free(p->head);
    free(p->tail);
    free(p->flushed);
    free(p->list);
    free(p->place);
    free(p->flushing);
    free(p);
}

static void
add(struct pending *p, u32 pa, u32 size, u64 value, u32 number)
{
    u32 line = pa / PENDING_LINE;

    if (p->stores == p->room) {
        p->room = p->room * 2 + 4096;
        p->store = realloc(p->store, p->room * sizeof(*p->store));
        if (p->store == NULL)
            abort();
    }
    p->store[p->stores++] = (struct pending_store){pa, size, value, number, 0};
    if (p->head[line] == 0) {
        p->head[line] = p->stores;
        p->place[line] = p->listed;
        p->list[p->listed++] = line;
    } else {
        p->store[p->tail[line] - 1].next = p->stores;
    }
    p->tail[line] = p->stores;
}

// A store over the end of a line is two: the line may be lost alone.
static void
add_event(struct pending *p, const struct cut_event *event, u32 number)
{
    u32 room = PENDING_LINE - event->pa % PENDING_LINE;

    if (event->size <= room) {
        add(p, event->pa, event->size, event->value, number);
        return;
    }
    add(p, event->pa, room, event->value, number);
    add(p, event->pa + room, event->size - room, event->value >> room * 8,
        number);
}

static void
put(struct crash *image, const struct pending_store *s)
{
    if (image != NULL)
        crash_put(image, s->pa, &s->value, s->size);
}

// Make durable what was flushed of a line.
static void
settle(struct pending *p, struct crash *image, u32 line)
{
    u32 at = p->head[line];

    for (; at != 0 && at <= p->flushed[line]; at = p->store[at - 1].next)
        put(image, &p->store[at - 1]);
    p->head[line] = at;
    p->flushed[line] = 0;
    if (at == 0) {
        u32 moved = p->list[--p->listed];

        p->list[p->place[line]] = moved;
        p->place[moved] = p->place[line];
    }
}

static void
flush(struct pending *p, u32 line)
{
    if (line >= p->lines || p->head[line] == 0)
        return;
    if (p->flushed[line] == 0)
        p->flushing[p->flushings++] = line;
    p->flushed[line] = p->tail[line];
}

static void
fence(struct pending *p, struct crash *image)
{
    for (u32 i = 0; i < p->flushings; i++)
        if (p->flushed[p->flushing[i]] != 0)
            settle(p, image, p->flushing[i]);
    p->flushings = 0;
}

// At once, without what other flushes wait for.
static void
flush_now(struct pending *p, struct crash *image, u32 line)
{
    if (line >= p->lines || p->head[line] == 0)
        return;
    p->flushed[line] = p->tail[line];
    settle(p, image, line);
}

void
pending_event(struct pending *p, struct crash *image,
              const struct cut_event *event, u32 number)
{
    switch (event->kind) {
    case CUT_FLUSH:
        flush(p, event->pa / PENDING_LINE);
        break;
    case CUT_FLUSH_NOW:
        flush_now(p, image, event->pa / PENDING_LINE);
        break;
    case CUT_FLUSH_ALL:
        while (p->listed > 0)
            flush_now(p, image, p->list[p->listed - 1]);
        p->flushings = 0;
        break;
    case CUT_FENCE:
        fence(p, image);
        break;
    default:
        if (crash_is_store(event))
            add_event(p, event, number);
    }
}

// --- images ---

static u32
draw(u64 *seed, u32 below)
{
    *seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
    return below == 0 ? 0 : (u32)((*seed >> 33) % below);
}

static void
put_line(const struct pending *p, struct crash *image, u32 line, u32 length)
{
    u32 at = p->head[line];

    for (; at != 0 && length > 0; at = p->store[at - 1].next, length--)
        put(image, &p->store[at - 1]);
}

static u32
line_length(const struct pending *p, u32 line)
{
    u32 length = 0;

    for (u32 at = p->head[line]; at != 0; at = p->store[at - 1].next)
        length++;
    return length;
}

// A line, every second time one of the newest.
static u32
pick(const struct pending *p, u64 *seed)
{
    u32 newest = p->listed < NEWEST ? p->listed : NEWEST;

    if (draw(seed, 2) == 0)
        return p->list[draw(seed, p->listed)];
    return p->list[p->listed - 1 - draw(seed, newest)];
}

void
pending_variant(const struct pending *p, struct crash *image, u32 variant,
                u64 seed)
{
    u32 mode = variant < 2 ? variant : 2 + (variant - 2) % 4;
    u64 state = (seed + 1) * 0x9e3779b97f4a7c15ull + variant;
    u32 one;

    if (p->listed == 0 || mode == 0)
        return;
    draw(&state, 2);
    one = pick(p, &state);
    if (mode == 3) { // of that line a prefix, too
        put_line(p, image, one, 1 + draw(&state, line_length(p, one)));
        return;
    }
    for (u32 i = 0; i < p->listed; i++) {
        u32 line = p->list[i];
        u32 length = ~0u;

        if (mode == 2 && line == one)
            length = draw(&state, line_length(p, line));
        else if (mode == 4)
            length = draw(&state, line_length(p, line) + 1);
        else if (mode == 5 && draw(&state, 2) == 0)
            length = 0;
        put_line(p, image, line, length);
    }
}

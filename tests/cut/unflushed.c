// unflushed.c -- fault model M2: which stores of which lines are not durable yet
#include "tests/cut/unflushed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PREFIXES 8u // variants by chance
#define PAGE_LINES (PAGE_SIZE / LINE_BYTES)

static void *
zeros(u64 count, size_t size)
{
    void *memory = calloc(count, size);

    if (memory == NULL)
        abort();
    return memory;
}

struct unflushed *
unflushed_new(const struct crash *image, const struct cut_event *events,
              u64 count)
{
    struct unflushed *p = zeros(1, sizeof(*p));
    u32 lines = image->bytes / LINE_BYTES;

    p->events = events;
    p->bytes = image->bytes;
    p->durable = malloc(image->bytes);
    if (p->durable == NULL)
        abort();
    memcpy(p->durable, image->memory, image->bytes);
    p->first = zeros(lines, sizeof(u32));
    p->last = zeros(lines, sizeof(u32));
    p->flushed = zeros(lines, sizeof(u32));
    p->flushing = zeros(lines, sizeof(u32));
    p->next = zeros(count, sizeof(u32));
    return p;
}

void
unflushed_free(struct unflushed *p)
{
    free(p->durable);
    free(p->first);
    free(p->last);
    free(p->flushed);
    free(p->flushing);
    free(p->next);
    free(p);
}

// Pending stores up to and with this number + 1 become durable.
static void
settle(struct unflushed *p, u32 line, u32 upto)
{
    while (p->first[line] != 0 && p->first[line] <= upto) {
        u32 number = p->first[line] - 1;
        const struct cut_event *e = &p->events[number];

        memcpy(p->durable + e->pa, &e->value, e->size);
        p->first[line] = p->next[number];
    }
}

static void
store(struct unflushed *p, u32 number)
{
    const struct cut_event *e = &p->events[number];
    u32 line = e->pa / LINE_BYTES;

    if (p->first[line] == 0)
        p->first[line] = number + 1;
    else
        p->next[p->last[line] - 1] = number + 1;
    p->last[line] = number + 1;
}

static void
fence(struct unflushed *p)
{
    for (u32 i = 0; i < p->flushings; i++) {
        u32 line = p->flushing[i];

        settle(p, line, p->flushed[line]);
        p->flushed[line] = 0;
    }
    p->flushings = 0;
}

static void
flush_all(struct unflushed *p)
{
    fence(p);
    for (u32 line = 0; line < p->bytes / LINE_BYTES; line++)
        settle(p, line, ~0u);
}

void
unflushed_event(struct unflushed *p, u64 number)
{
    const struct cut_event *e = &p->events[number];
    u32 line = e->pa / LINE_BYTES;
    u32 n = (u32)number;

    if (crash_is_store(e))
        store(p, n);
    else if (e->kind == CUT_FLUSH_NOW)
        settle(p, line, n + 1);
    else if (e->kind == CUT_FLUSH_ALL)
        flush_all(p);
    else if (e->kind == CUT_FENCE)
        fence(p);
    else if (e->kind == CUT_FLUSH && e->pa < p->bytes) {
        if (p->flushed[line] == 0)
            p->flushing[p->flushings++] = line;
        p->flushed[line] = n + 1;
    }
}

bool
unflushed_page(const struct unflushed *p, u32 page)
{
    for (u32 i = 0; i < PAGE_LINES; i++)
        if (unflushed_line(p, page * PAGE_LINES + i))
            return true;
    return false;
}

u32
unflushed_length(const struct unflushed *p, u32 line)
{
    u32 length = 0;

    for (u32 at = p->first[line]; at != 0; at = p->next[at - 1])
        length++;
    return length;
}

// A store over the end of its line counts for the line where it begins: the
// copy is longer than a line.
void
unflushed_put(const struct unflushed *p, struct crash *image, u32 line,
              u32 stores)
{
    u8 bytes[LINE_BYTES + 8];
    u32 at = p->first[line];

    memcpy(bytes, p->durable + line * LINE_BYTES, LINE_BYTES);
    for (; at != 0 && stores > 0; at = p->next[at - 1], stores--) {
        const struct cut_event *e = &p->events[at - 1];

        memcpy(bytes + e->pa % LINE_BYTES, &e->value, e->size);
    }
    if (memcmp(image->memory + line * LINE_BYTES, bytes, LINE_BYTES) != 0)
        crash_put(image, line * LINE_BYTES, bytes, LINE_BYTES);
}

void
unflushed_list(const struct unflushed *p, struct unflushed_variants *v)
{
    u32 all = p->bytes / PAGE_SIZE;

    v->page = zeros(all, sizeof(u32));
    v->pages = 0;
    for (u32 page = 0; page < all; page++)
        if (unflushed_page(p, page))
            v->page[v->pages++] = page;
    v->count = v->pages == 0 ? 0 : 1 + 2 * v->pages + PREFIXES;
}

static void
lose_page(const struct unflushed *p, struct crash *image, u32 page)
{
    for (u32 i = 0; i < PAGE_LINES; i++)
        if (unflushed_line(p, page * PAGE_LINES + i))
            unflushed_put(p, image, page * PAGE_LINES + i, 0);
}

static void
cut_page(const struct unflushed *p, struct crash *image, u32 page, u32 *seed)
{
    for (u32 i = 0; i < PAGE_LINES; i++) {
        u32 line = page * PAGE_LINES + i;

        if (!unflushed_line(p, line))
            continue;
        *seed = *seed * 1664525u + 1013904223u;
        unflushed_put(p, image, line,
                      (*seed >> 8) % (unflushed_length(p, line) + 1));
    }
}

void
unflushed_make(const struct unflushed *p, const struct unflushed_variants *v,
               u32 number, struct crash *image, char name[32])
{
    u32 one = number == 0 ? v->pages : (number - 1) % v->pages;
    bool lost = number - 1 < v->pages;
    u32 seed = number;

    if (number > 2 * v->pages) {
        for (u32 i = 0; i < v->pages; i++)
            cut_page(p, image, v->page[i], &seed);
        snprintf(name, 32, "prefixes%u", number - 2 * v->pages);
        return;
    }
    if (number == 0)
        snprintf(name, 32, "none");
    else
        snprintf(name, 32, "%s%x", lost ? "lost" : "only", v->page[one]);
    for (u32 i = 0; i < v->pages; i++)
        if (number == 0 || lost == (i == one))
            lose_page(p, image, v->page[i]);
}

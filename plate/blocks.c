// blocks.c -- which blocks of the partition for permanent units are free
#include "plate/blocks.h"

#include "tender/assert.h"
#include "tender/format.h"
#include "tender/text.h"

static u32
words(const struct blocks *b)
{
    return (b->end + 31) / 32;
}

void
blocks_init(struct blocks *b, u32 end)
{
    b->end = MIN(end, BLOCKS_MAX);
    b->next = DISK_DATA_BLOCK;
    memset(b->used, 0, words(b) * 4);
    memset(b->kept, 0, words(b) * 4);
    memset(b->fresh, 0, words(b) * 4);
}

static u32
taken(const struct blocks *b, u32 word_index)
{
    return b->used[word_index] | b->kept[word_index] | b->fresh[word_index];
}

static int
is_free(const struct blocks *b, u32 block)
{
    return block >= DISK_DATA_BLOCK && block < b->end &&
           (taken(b, block / 32) & 1u << block % 32) == 0;
}

// The first of 32 free blocks in a row, searched from next on and then from the
// start; 0 if there are none.
static u32
find_run(const struct blocks *b)
{
    u32 n = b->end / 32;
    u32 first = (b->next + 31) / 32;

    for (u32 i = 0; i < n; i++) {
        u32 at = (first + i) % n;

        if (at != 0 && taken(b, at) == 0)
            return at * 32;
    }
    return 0;
}

static u32
find_any(const struct blocks *b)
{
    for (u32 i = 0; i < words(b); i++) {
        if (taken(b, i) == -1u)
            continue;
        for (u32 block = i * 32; block < i * 32 + 32; block++)
            if (is_free(b, block))
                return block;
    }
    return 0;
}

// The one after the last, so that a save is one run on the disk; else the start
// of a new run; else any.
static u32
find(const struct blocks *b)
{
    if (is_free(b, b->next))
        return b->next;
    u32 block = find_run(b);

    return block != 0 ? block : find_any(b);
}

u32
blocks_take(struct blocks *b)
{
    u32 block = find(b);

    if (block == 0) {
        memset(b->kept, 0, words(b) * 4);
        block = find(b);
    }
    if (block == 0)
        return 0;
    b->fresh[block / 32] |= 1u << block % 32;
    b->next = block + 1;
    return block;
}

int
blocks_is_fresh(const struct blocks *b, u32 block)
{
    return block < b->end && (b->fresh[block / 32] & 1u << block % 32) != 0;
}

void
blocks_drop_fresh(struct blocks *b)
{
    memset(b->fresh, 0, words(b) * 4);
}

void
blocks_turn(struct blocks *b)
{
    memcpy(b->kept, b->used, words(b) * 4);
    memset(b->used, 0, words(b) * 4);
    memset(b->fresh, 0, words(b) * 4);
}

void
blocks_go_on(struct blocks *b, u32 block)
{
    b->next = block;
}

void
blocks_use(struct blocks *b, u32 block)
{
    if (block == 0)
        return;
    ASSERT(block >= DISK_DATA_BLOCK && block < b->end);
    b->used[block / 32] |= 1u << block % 32;
}

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

// The first free block in [from, to), or 0.
static u32
find(const struct blocks *b, u32 from, u32 to)
{
    for (u32 block = from; block < to; block++) {
        u32 i = block / 32;
        u32 taken = b->used[i] | b->kept[i] | b->fresh[i];

        if (taken == -1u)
            block |= 31;
        else if ((taken & 1u << block % 32) == 0)
            return block;
    }
    return 0;
}

static u32
find_anywhere(const struct blocks *b)
{
    u32 block = find(b, b->next, b->end);

    return block != 0 ? block : find(b, DISK_DATA_BLOCK, b->next);
}

u32
blocks_take(struct blocks *b)
{
    u32 block = find_anywhere(b);

    if (block == 0) {
        memset(b->kept, 0, words(b) * 4);
        block = find_anywhere(b);
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
blocks_use(struct blocks *b, u32 block)
{
    if (block == 0)
        return;
    ASSERT(block >= DISK_DATA_BLOCK && block < b->end);
    b->used[block / 32] |= 1u << block % 32;
}

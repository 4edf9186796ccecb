// sectors.c -- contents of sectors, each kept once, under a number
#define _GNU_SOURCE
#include "sectors.h"

#include <sys/mman.h>

#include "bytes.h"
#include "fake.h"
#include "tender/block.h"

// Nothing here may call memcpy() or memset(): they are traced.
#pragma GCC optimize("no-tree-loop-distribute-patterns")

#define NUMBERS (2u << 20)
#define CHAINS (1u << 20)
#define JUNK 0xd5

static struct {
    u8 (*contents)[SECTOR_BYTES];
    u32 *chain; // the newest number with this hash, 0 = none
    u32 *next;  // an older one with the same
    u32 count;
} kept;

static void *
reserve(size_t bytes)
{
    void *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (start == MAP_FAILED)
        fake_fail("the host has no room for %zu bytes of sectors", bytes);
    return start;
}

static u32
hash(const u8 *contents)
{
    const u64 *word = (const u64 *)contents;
    u64 sum = 0;

    for (u32 i = 0; i < SECTOR_BYTES / 8; i++) {
        sum = (sum ^ word[i]) * 0x9e3779b97f4a7c15ull;
        sum ^= sum >> 29;
    }
    return (u32)(sum >> 32) % CHAINS;
}

void
sectors_open(void)
{
    if (kept.contents == NULL) {
        kept.contents = reserve((size_t)NUMBERS * SECTOR_BYTES);
        kept.chain = reserve(CHAINS * sizeof(u32));
        kept.next = reserve(NUMBERS * sizeof(u32));
        bytes_fill(kept.contents[SECTORS_JUNK], JUNK, SECTOR_BYTES);
        kept.count = 1;
    }
    sectors_forget(1);
}

u32
sectors_number(const void *contents)
{
    u32 *chain = &kept.chain[hash(contents)];

    if (bytes_same(contents, kept.contents[SECTORS_JUNK], SECTOR_BYTES) ==
        SECTOR_BYTES)
        return SECTORS_JUNK;
    for (u32 i = *chain; i != 0; i = kept.next[i])
        if (bytes_same(contents, kept.contents[i], SECTOR_BYTES) ==
            SECTOR_BYTES)
            return i;
    if (kept.count == NUMBERS)
        fake_fail("more than %u different sectors were written", NUMBERS);
    bytes_copy(kept.contents[kept.count], contents, SECTOR_BYTES);
    kept.next[kept.count] = *chain;
    *chain = kept.count;
    return kept.count++;
}

const u8 *
sectors_contents(u32 number)
{
    return kept.contents[number];
}

u32
sectors_count(void)
{
    return kept.count;
}

// The newest number is always the first of its chain.
void
sectors_forget(u32 count)
{
    while (kept.count > count) {
        u32 last = --kept.count;

        kept.chain[hash(kept.contents[last])] = kept.next[last];
    }
}

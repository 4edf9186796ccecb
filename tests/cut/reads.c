// reads.c -- images that differ only in what their boot does not read
#include "tests/cut/reads.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct reads *
reads_new(u32 bytes)
{
    struct reads *r = calloc(1, sizeof(*r));

    r->bytes = bytes;
    r->readers = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (r->readers == MAP_FAILED)
        abort();
    return r;
}

void
reads_free(struct reads *r)
{
    for (u32 i = 0; i < READS_SETS; i++)
        free(r->word[i]);
    munmap(r->readers, r->bytes);
    free(r);
}

// Of one word with one value: their sum over a set tells memories apart.
static u64
mix(u32 word, u32 value)
{
    u64 h = ((u64)word << 32 | value) * 0x9e3779b97f4a7c15ull;

    h = (h ^ h >> 29) * 0xbf58476d1ce4e5b9ull;
    h = (h ^ h >> 32) * 0x94d049bb133111ebull;
    return h ^ h >> 31;
}

static void
change_word(struct reads *r, u32 word, u32 from, u32 to)
{
    u64 change = mix(word, to) - mix(word, from);

    for (u32 sets = r->readers[word]; sets != 0; sets &= sets - 1)
        r->differs[__builtin_ctz(sets)] += change;
}

void
reads_change(struct reads *r, const u8 *memory, u32 pa, const u8 *to, u32 size)
{
    u32 first = pa / 4, last = (pa + size - 1) / 4, from;
    u8 bytes[12];

    for (u32 word = first; word <= last; word++) {
        if (r->readers[word] == 0)
            continue;
        memcpy(bytes, memory + first * 4, (last - first + 1) * 4);
        memcpy(&from, bytes + (word - first) * 4, 4);
        memcpy(bytes + pa % 4, to, size);
        u32 now;

        memcpy(&now, bytes + (word - first) * 4, 4);
        change_word(r, word, from, now);
    }
}

bool
reads_known(struct reads *r, u32 *verdict)
{
    for (u32 i = 0; i < READS_SETS; i++)
        if (r->used[i] != 0 && r->differs[i] == 0) {
            r->used[i] = ++r->time;
            *verdict = r->verdict[i];
            return true;
        }
    return false;
}

static void
forget(struct reads *r, u32 set)
{
    for (u32 i = 0; i < r->words[set]; i++)
        r->readers[r->word[set][i]] &= ~(1u << set);
    free(r->word[set]);
    r->word[set] = NULL;
    r->words[set] = 0;
}

void
reads_add(struct reads *r, const u64 *set, u32 verdict)
{
    u32 at = 0, n = 0;

    for (u32 i = 0; i < READS_SETS; i++)
        at = r->used[i] < r->used[at] ? i : at;
    forget(r, at);
    for (u32 i = 0; i < r->bytes / 4 / 64; i++)
        n += (u32)__builtin_popcountll(set[i]);
    r->word[at] = malloc(n * sizeof(u32) + 1);
    for (u32 i = 0; i < r->bytes / 4 / 64; i++)
        for (u64 bits = set[i]; bits != 0; bits &= bits - 1) {
            u32 word = i * 64 + (u32)__builtin_ctzll(bits);

            r->word[at][r->words[at]++] = word;
            r->readers[word] |= 1u << at;
        }
    r->differs[at] = 0;
    r->verdict[at] = verdict;
    r->used[at] = ++r->time;
}

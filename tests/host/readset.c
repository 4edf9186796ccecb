// readset.c -- which words of memory one or several runs depend on
#include "readset.h"

#include <stdlib.h>

#include "bytes.h"
#include "trace.h"

#define PAGE_BITS (PAGE_SIZE / 4 / 64) // u64s for the words of a page

void
readset_open(struct readset *set, u32 memory_pages)
{
    set->bits = calloc(memory_pages, PAGE_BITS * sizeof(u64));
    set->listed = calloc(memory_pages, 1);
    set->page = calloc(memory_pages, sizeof(u32));
    set->pages = 0;
}

void
readset_close(struct readset *set)
{
    free(set->bits);
    free(set->listed);
    free(set->page);
}

void
readset_clear(struct readset *set)
{
    for (u32 i = 0; i < set->pages; i++) {
        bytes_fill(set->bits + set->page[i] * PAGE_BITS, 0,
                   PAGE_BITS * sizeof(u64));
        set->listed[set->page[i]] = 0;
    }
    set->pages = 0;
}

void
readset_add(struct readset *set)
{
    for (u32 i = 0; i < trace.touched_pages; i++) {
        u32 page = trace.touched[i];
        u64 *bits = set->bits + page * PAGE_BITS;

        if (!set->listed[page]) {
            set->listed[page] = 1;
            set->page[set->pages++] = page;
        }
        for (u32 j = 0; j < PAGE_BITS; j++)
            bits[j] |= trace.track[page].read[j];
    }
}

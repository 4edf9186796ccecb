// heap.h -- small objects in pages of the pool
#ifndef LINUX_HEAP_H
#define LINUX_HEAP_H

#include "linux/pool/pages.h"

#define HEAP_CLASSES 8u // 16, 32, ... 2048 bytes

struct heap {
    struct pages *pages;
    void *free[HEAP_CLASSES];
    u32 used;      // objects
    u32 own_pages; // that they are in: more when they lie scattered
};

void heap_init(struct heap *h, struct pages *pages);

// Zeroed, aligned to 16, at most 2048 bytes; NULL if there is no memory.
void *heap_new(struct heap *h, u32 bytes);
void heap_free(struct heap *h, void *object, u32 bytes);

#endif

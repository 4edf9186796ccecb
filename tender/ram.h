// ram.h -- where physical memory and the kernel's spaces appear
//
//   0x00000000 - 0x7fffffff   user: the virtual user spaces
//   0x80000000 - 0xbfffffff   straight window: all physical memory
//   0xc0000000 - 0xffffffff   kernel: the virtual kernel spaces
//
// The straight window is an alias: a write through it sets no dirty bit that
// anyone watches.  It is for page tables, slots, copies and restore only.
#ifndef TENDER_RAM_H
#define TENDER_RAM_H

#include "tender/types.h"

#define USER_BASE 0x00001000u
#define USER_END 0x80000000u
#define RAM_BASE 0x80000000u
#define KERNEL_BASE 0xc0000000u

// The kernel's data lie at the start, then the bootstrap tables, then what
// is created at run time.
#define KERNEL_DATA_VA 0xc0000000u
#define KERNEL_TABLES_VA 0xc0100000u
#define KERNEL_SPACES_VA 0xc0800000u

static inline void *
ram_at(u32 pa)
{
    return (void *)(word)(RAM_BASE + pa);
}

static inline void *
kernel_at(u32 va)
{
    return (void *)(word)va;
}

#endif

// paging.h -- i386 page tables, as plain memory seen through the straight window
#ifndef VSPACE_PAGING_H
#define VSPACE_PAGING_H

#include "tender/types.h"

#define PTE_PRESENT 1u
#define PTE_WRITE 2u
#define PTE_USER 4u
#define PTE_ACCESSED 0x20u
#define PTE_DIRTY 0x40u
#define PTE_LARGE 0x80u
#define PTE_FRAME 0xfffff000u

// Of an entry that is not present: its page is paged out, and in the place of
// the frame is the index of its space in that one's table.
#define PTE_PAGED 2u

#define TABLE_SPAN 0x400000u // what one page table covers

static inline u32
paging_directory_index(u32 va)
{
    return va >> 22;
}

static inline u32
paging_table_index(u32 va)
{
    return va >> PAGE_SHIFT & 1023;
}

// The page-table entry of an address below the straight window or in the
// kernel window, or NULL when there is no page table for it.
u32 *paging_entry(u32 directory_pa, u32 va);

// How many page tables [va, va + pages) still lacks.
u32 paging_tables_missing(u32 directory_pa, u32 va, u32 pages);

// Whether no page of [va, va + pages) is mapped or paged out.
int paging_free(u32 directory_pa, u32 va, u32 pages);

// The first run of so many unmapped pages, with an unmapped page on either
// side, in [from, to); 0 if there is none.
u32 paging_find(u32 directory_pa, u32 from, u32 to, u32 pages);

#endif

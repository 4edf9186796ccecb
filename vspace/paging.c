// paging.c -- i386 page tables, as plain memory seen through the straight window
#include "vspace/paging.h"

#include "tender/ram.h"

u32 *
paging_entry(u32 directory_pa, u32 va)
{
    const u32 *directory = ram_at(directory_pa);
    u32 pde = directory[paging_directory_index(va)];

    if ((pde & PTE_PRESENT) == 0 || (pde & PTE_LARGE) != 0)
        return NULL;
    u32 *table = ram_at(pde & PTE_FRAME);

    return &table[paging_table_index(va)];
}

u32
paging_tables_missing(u32 directory_pa, u32 va, u32 pages)
{
    const u32 *directory = ram_at(directory_pa);
    u32 first = paging_directory_index(va);
    u32 last = paging_directory_index(va + (pages - 1) * PAGE_SIZE);
    u32 missing = 0;

    for (u32 i = first; i <= last; i++)
        if ((directory[i] & PTE_PRESENT) == 0)
            missing++;
    return missing;
}

int
paging_free(u32 directory_pa, u32 va, u32 pages)
{
    for (u32 i = 0; i < pages; i++) {
        const u32 *pte = paging_entry(directory_pa, va + i * PAGE_SIZE);

        if (pte != NULL && *pte != 0)
            return 0;
    }
    return 1;
}

u32
paging_find(u32 directory_pa, u32 from, u32 to, u32 pages)
{
    u32 run = 0; // unmapped pages just before va

    const u32 *pte = NULL;

    for (u32 left = (to - from) >> PAGE_SHIFT, va = from; left > 0;) {
        u32 step = 1;

        if (pte == NULL || paging_table_index(va) == 0)
            pte = paging_entry(directory_pa, va);
        else
            pte++;
        if (pte == NULL) // a whole missing table at once
            step = MIN(left, 1024 - paging_table_index(va));
        if (pte == NULL || *pte == 0)
            run += step;
        else
            run = 0;
        va += step * PAGE_SIZE;
        left -= step;
        if (run >= pages + 2)
            return va - (run - 1) * PAGE_SIZE;
    }
    return 0;
}

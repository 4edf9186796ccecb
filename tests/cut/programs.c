// programs.c -- what programs can read, as one number
#include "tests/cut/programs.h"

#include "tender/layout.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "vspace/paging.h"

static u64
hash_bytes(u64 h, const void *bytes, u32 size)
{
    const u64 *word = bytes;

    for (u32 i = 0; i < size / 8; i++) {
        h = (h ^ word[i]) * 0xff51afd7ed558ccdull;
        h ^= h >> 32;
    }
    return h;
}

static u64
hash_number(u64 h, u64 number)
{
    return hash_bytes(h, &number, sizeof(number));
}

static u64
hash_table(u64 h, const u8 *ram, u32 bytes, u32 va, u32 table_pa)
{
    const u32 *pte = (const u32 *)(ram + table_pa);

    for (u32 i = 0; i < PAGE_SIZE / 4; i++) {
        if ((pte[i] & PTE_PRESENT) == 0 || pte[i] >= bytes)
            continue;
        h = hash_number(h, va + i * PAGE_SIZE);
        h = hash_bytes(h, ram + (pte[i] & ~(PAGE_SIZE - 1)), PAGE_SIZE);
    }
    return h;
}

static u64
hash_space(u64 h, const u8 *ram, u32 bytes, u32 directory)
{
    const u32 *pde = (const u32 *)(ram + directory);

    for (u32 i = 0; i < RAM_BASE >> 22; i++)
        if ((pde[i] & PTE_PRESENT) != 0 && pde[i] < bytes)
            h = hash_table(h, ram, bytes, i << 22, pde[i] & ~(PAGE_SIZE - 1));
    return h;
}

u64
programs_hash(const u8 *ram, u32 bytes)
{
    const struct nv_root *root = (const void *)(ram + NV_ROOT_PA);
    struct layout layout;
    u32 i = 0;
    u64 h = 1;
    const struct res *res;

    if (root->memory_pages != bytes / PAGE_SIZE ||
        layout_compute(&layout, root->memory_pages, root->memory_pages,
                       &root->limits) < 0)
        return 0;
    while (
        (res = table_next((const void *)(ram + layout.table_pa[TABLE_VSPACE]),
                          &i)) != NULL) {
        const struct vspace_entry *e = (const void *)res;

        if (e->page_directory % PAGE_SIZE != 0 || e->page_directory >= bytes)
            return 0;
        h = hash_number(h, res->id);
        h = hash_space(h, ram, bytes, e->page_directory);
    }
    return h;
}

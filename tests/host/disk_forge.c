// disk_forge.c -- change what lies on the plate disk, and make checksums fit
#include "disk_forge.h"

#include "bytes.h"
#include "host_disk.h"
#include "tender/crc.h"
#include "tender/page_sum.h"

// Nothing here may call memcpy() or memset(): they are traced.
#pragma GCC optimize("no-tree-loop-distribute-patterns")

static u8 page[PAGE_SIZE] __attribute__((aligned(8)));
static u8 header[DISK_SAVE_PAGES * PAGE_SIZE] __attribute__((aligned(8)));

static void
put32(u8 *at, u32 value)
{
    bytes_copy(at, &value, sizeof(value));
}

void
disk_forge_header(u32 offset, u32 value)
{
    u32 crc = offsetof(struct disk_header, crc);

    host_disk_peek(0, page);
    put32(page + offset, value);
    put32(page + crc, crc_add(0, page, crc));
    host_disk_poke(0, page);
}

// The newest commit sector, and its block.
static u32
find_newest(struct disk_commit *newest)
{
    struct disk_commit commit[2];
    u32 found;

    for (u32 i = 0; i < 2; i++) {
        host_disk_peek(DISK_COMMIT_BLOCK + i, page);
        bytes_copy(&commit[i], page, sizeof(commit[i]));
    }
    found = commit[1].generation > commit[0].generation;
    *newest = commit[found];
    return DISK_COMMIT_BLOCK + found;
}

static void
put_commit(u32 block, struct disk_commit *commit)
{
    commit->crc = disk_commit_crc(commit);
    host_disk_peek(block, page);
    bytes_copy(page, commit, sizeof(*commit));
    host_disk_poke(block, page);
}

void
disk_forge_commit(u32 offset, u32 value)
{
    struct disk_commit commit;
    u32 block = find_newest(&commit);

    put32((u8 *)&commit + offset, value);
    put_commit(block, &commit);
}

// The number of a table's first page among all table pages.
static u32
first_page(u32 table)
{
    u32 number = 0;

    for (u32 t = 0; t < table; t++)
        number += kernel_layout()->table_pages[t];
    return number;
}

void
disk_forge_table(u32 table, u32 offset, u32 value)
{
    struct disk_page *pages = (struct disk_page *)(void *)(header + PAGE_SIZE);
    struct disk_page *at = &pages[first_page(table) + offset / PAGE_SIZE];
    u32 header_pages = disk_header_pages(kernel_layout());
    struct disk_commit commit;
    u32 block = find_newest(&commit);

    for (u32 i = 0; i < header_pages; i++)
        host_disk_peek(commit.header[i], header + i * PAGE_SIZE);
    if (at->block == 0)
        fake_fail("a page of zeros cannot be forged");
    host_disk_peek(at->block, page);
    put32(page + offset % PAGE_SIZE, value);
    host_disk_poke(at->block, page);
    at->sum = page_sum(page);
    commit.header_crc = crc_add(0, header, header_pages * PAGE_SIZE);
    for (u32 i = 0; i < header_pages; i++)
        host_disk_poke(commit.header[i], header + i * PAGE_SIZE);
    put_commit(block, &commit);
}

// disk_io.c -- the disk store's transfers: merged, sorted, large
//
// What is written is copied first: the kernel's own data and the very stack it
// runs on change while it waits for the disk, and a checksum must be that of
// the bytes that were written.  What is read goes straight into its frames.
#include "plate/disk.h"

#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/page_sum.h"
#include "tender/ram.h"
#include "tender/text.h"

// Blocks that are not wanted are read, too, when no more than this many lie
// between two that are: passing over 768 KiB takes a drive less than a seek.
#define GAP_BLOCKS 192u

static int
transfer(struct disk_store *d, int write, u32 block, u32 pieces)
{
    u64 start = d->now_us();
    int err = d->device->transfer(d->device->state, write,
                                  d->partition.first + block * BLOCK_SECTORS,
                                  d->piece, pieces);

    d->us += d->now_us() - start;
    d->requests++;
    return err < 0 ? E_PLATE_DISK : 0;
}

int
disk_sector(struct disk_store *d, int write, u32 block, void *sector)
{
    u8 *at = ram_at(d->sink_pa);

    if (write)
        memcpy(at, sector, SECTOR_BYTES);
    d->piece[0] = (struct block_piece){d->sink_pa, SECTOR_BYTES};
    int err = transfer(d, write, block, 1);

    if (err == 0 && !write)
        memcpy(sector, at, SECTOR_BYTES);
    return err;
}

int
disk_page(struct disk_store *d, int write, u32 block, u32 pa)
{
    d->piece[0] = (struct block_piece){pa, PAGE_SIZE};
    return transfer(d, write, block, 1);
}

int
disk_flush(struct disk_store *d)
{
    u64 start = d->now_us();
    int err = d->device->flush(d->device->state);

    d->us += d->now_us() - start;
    d->requests++;
    return err < 0 ? E_PLATE_DISK : 0;
}

// --- writing ---

static u32
stage_pa(const struct disk_store *d, u32 n)
{
    return d->buffer_pa + n * PAGE_SIZE;
}

int
disk_write_staged(struct disk_store *d)
{
    u32 pieces = 0;

    for (u32 i = 0; i < d->staged; i++) {
        d->piece[pieces++] = (struct block_piece){stage_pa(d, i), PAGE_SIZE};
        if (i + 1 < d->staged &&
            d->staged_block[i + 1] == d->staged_block[i] + 1)
            continue;
        int err = transfer(d, 1, d->staged_block[i + 1 - pieces], pieces);

        if (err < 0 && d->error == 0)
            d->error = err;
        pieces = 0;
    }
    d->staged = 0;
    return d->error;
}

u32
disk_stage(struct disk_store *d, u32 block, const void *page)
{
    if (d->staged == DISK_STAGE_PAGES)
        disk_write_staged(d);
    void *copy = ram_at(stage_pa(d, d->staged));

    machine_copy_page(copy, page);
    d->staged_block[d->staged++] = block;
    return page_sum(copy);
}

// --- reading ---

// Let the entry at i sink into its place in a heap of n (greatest on top).
static void
sink(struct disk_read_request *read, u32 i, u32 n)
{
    struct disk_read_request moved = read[i];
    u32 child;

    while ((child = 2 * i + 1) < n) {
        if (child + 1 < n && read[child + 1].block > read[child].block)
            child++;
        if (read[child].block <= moved.block)
            break;
        read[i] = read[child];
        i = child;
    }
    read[i] = moved;
}

static void
sort(struct disk_read_request *read, u32 n)
{
    for (u32 i = n / 2; i-- > 0;)
        sink(read, i, n);
    while (n > 1) {
        struct disk_read_request top = read[0];

        read[0] = read[--n];
        read[n] = top;
        sink(read, 0, n);
    }
}

// Read from *block on, requests from the one at index from, as far as one
// transfer goes.  Returns the first request it did not reach; *block is then
// where the transfer ended.
static u32
read_run(struct disk_store *d, u32 from, u32 *block)
{
    u32 start = *block;
    u32 pieces = 0;
    u32 i = from;

    while (i < d->reads && pieces < BLOCK_PIECES_MAX) {
        u32 gap = d->read[i].block - start - pieces;
        u32 pa = d->sink_pa;

        if (gap > GAP_BLOCKS)
            break;
        if (gap == 0)
            pa = d->read[i++].frame << PAGE_SHIFT;
        d->piece[pieces++] = (struct block_piece){pa, PAGE_SIZE};
    }
    *block = start + pieces;
    d->error = transfer(d, 0, start, pieces);
    return i;
}

int
disk_read_all(struct disk_store *d)
{
    u32 block = 0;
    u32 next;

    sort(d->read, d->reads);
    for (u32 i = 0; i < d->reads && d->error == 0; i = next) {
        if (d->read[i].block - block > GAP_BLOCKS)
            block = d->read[i].block;
        next = read_run(d, i, &block);
        for (; i < next && d->error == 0; i++)
            if (page_sum(ram_at(d->read[i].frame << PAGE_SHIFT)) !=
                d->read[i].sum)
                d->error = E_PLATE_DAMAGED;
    }
    d->reads = 0;
    return d->error;
}

void
disk_want(struct disk_store *d, const struct disk_page *page, u32 frame)
{
    if (page->block == 0) {
        machine_zero_page(ram_at(frame << PAGE_SHIFT));
        return;
    }
    if (page->block < DISK_DATA_BLOCK || page->block >= d->blocks.end) {
        d->error = E_PLATE_DAMAGED;
        return;
    }
    if (d->reads == DISK_READS_MAX)
        disk_read_all(d);
    d->read[d->reads++] =
        (struct disk_read_request){page->block, frame, page->sum};
}

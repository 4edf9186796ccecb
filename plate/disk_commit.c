// disk_commit.c -- tables, save header and commit sector of the disk store
//
// The order, and what a cut leaves:
//
//   1  plate pages, table pages, save header   to blocks that are free
//   2  flush
//   3  commit sector of this turn              <-- the commit point
//   4  flush
//
// A cut before 3 reaches the disk leaves the newest save and all its blocks as
// they were, and so does a cut that tears the sector, whose checksum then does
// not fit.  A cut after it restores this save: all it names was flushed in 2.
// An error in 3 or 4 leaves unknown whether the sector arrived: if it did, the
// next boot finds this save, whole, or, if its blocks were used again since,
// one whose checksums do not fit, and takes the one before.
#include "plate/disk.h"

#include "tender/assert.h"
#include "tender/crc.h"
#include "tender/machine.h"
#include "tender/page_sum.h"
#include "tender/ram.h"
#include "tender/text.h"
#include "vspace/paging.h"

u32
disk_commit_crc(const struct disk_commit *commit)
{
    return crc_add(0, commit, offsetof(struct disk_commit, crc));
}

int
disk_format(struct disk_store *d)
{
    struct disk_header header;

    if (d->formatted)
        return 0;
    memset(&header, 0, sizeof(header));
    header.magic = DISK_MAGIC;
    header.format = DISK_FORMAT;
    header.signature = d->partition.signature;
    header.first = d->partition.first;
    header.sectors = d->partition.sectors;
    header.memory_pages = d->memory_pages;
    header.build = d->build;
    header.limits = *d->limits;
    header.crc = crc_add(0, &header, offsetof(struct disk_header, crc));
    // A commit sector of whatever lay here before must not be believed in.
    int err = disk_forget(d);

    if (err == 0)
        err = disk_sector(d, 1, 0, &header);
    if (err == 0)
        err = disk_flush(d);
    d->formatted = err == 0;
    return err;
}

// No block is in use, so none holds a table page or a header either.
void
disk_use_nothing(struct disk_store *d)
{
    blocks_init(&d->blocks, d->blocks.end);
    for (u32 n = 0; n < DISK_TABLE_PAGES_MAX; n++)
        d->table[n].block = BLOCK_UNWRITTEN;
    memset(d->header, 0, sizeof(d->header));
}

// The older one goes first: a cut between them leaves the newest save.
int
disk_forget(struct disk_store *d)
{
    int err = 0;

    for (u32 i = 0; i < 2 && err == 0; i++) {
        u32 sector = d->turn ^ i;

        memset(&d->commit[sector], 0, sizeof(d->commit[sector]));
        err = disk_sector(d, 1, DISK_COMMIT_BLOCK + sector, &d->commit[sector]);
        if (err == 0)
            err = disk_flush(d);
    }
    if (err < 0)
        return err;
    d->newest = 0;
    disk_use_nothing(d);
    return 0;
}

void
disk_put_page(struct disk_store *d, struct disk_page *at, const void *page)
{
    if (page_is_zero(page)) {
        *at = (struct disk_page){0, 0};
        return;
    }
    u32 block = blocks_take(&d->blocks);

    if (block == 0) {
        at->block = BLOCK_UNWRITTEN;
        d->error = d->error == 0 ? E_UNITS : d->error;
        return;
    }
    at->block = block;
    at->sum = disk_stage(d, block, page);
}

static void
write_table(struct plates *p, u32 t, u32 number)
{
    const struct layout *layout = p->layout;

    for (u32 i = 0; i < layout->table_pages[t]; i++, number++) {
        u32 va = layout->table_va[t] + i * PAGE_SIZE;
        u32 *pte = paging_entry(layout->kernel_directory_pa, va);

        if ((*pte & PTE_DIRTY) == 0 &&
            p->disk->table[number].block != BLOCK_UNWRITTEN)
            continue;
        *pte &= ~PTE_DIRTY;
        machine_invalidate(va);
        disk_put_page(p->disk, &p->disk->table[number],
                      ram_at(layout->table_pa[t] + i * PAGE_SIZE));
        p->saved_table_pages++;
    }
}

int
disk_write_tables(struct plates *p)
{
    u32 number = 0;

    p->saved_table_pages = 0;
    for (u32 t = 0; t < BOOTSTRAP_TABLES; t++) {
        write_table(p, t, number);
        number += p->layout->table_pages[t];
    }
    return p->disk->error;
}

// The save header, in pages behind those that are staged; their blocks go to
// the commit sector.
static int
write_header(struct plates *p, struct disk_commit *commit)
{
    struct disk_store *d = p->disk;
    u32 pages = disk_header_pages(p->layout);
    struct disk_save *save =
        ram_at(d->buffer_pa + DISK_STAGE_PAGES * PAGE_SIZE);
    u8 *page = (u8 *)save;

    memset(save, 0, pages * PAGE_SIZE);
    save->magic = DISK_SAVE_MAGIC;
    save->generation = commit->generation;
    memcpy(save->table_pages, p->layout->table_pages,
           sizeof(save->table_pages));
    memcpy(&save->cpu, &p->cpu, sizeof(save->cpu));
    memcpy(page + PAGE_SIZE, d->table,
           p->layout->slot_pages * (u32)sizeof(struct disk_page));
    for (u32 i = 0; i < pages; i++) {
        u32 block = blocks_take(&d->blocks);

        if (block == 0)
            return d->error = E_UNITS;
        commit->header[i] = block;
        disk_stage(d, block, page + i * PAGE_SIZE);
    }
    commit->header_crc = crc_add(0, save, pages * PAGE_SIZE);
    return disk_write_staged(d);
}

int
disk_commit(struct plates *p, u32 generation, u32 flag)
{
    struct disk_store *d = p->disk;
    struct disk_commit *commit = &d->commit[d->turn];
    int err = disk_write_tables(p);

    memset(commit, 0, sizeof(*commit));
    commit->magic = DISK_COMMIT_MAGIC;
    commit->generation = generation;
    commit->build = d->build;
    commit->flag = flag;
    commit->boots = root_at()->boots;
    if (err == 0)
        err = write_header(p, commit);
    if (err == 0)
        err = disk_flush(d);
    if (err < 0)
        return err;
    commit->crc = disk_commit_crc(commit);
    err = disk_sector(d, 1, DISK_COMMIT_BLOCK + d->turn, commit);
    if (err == 0)
        err = disk_flush(d);
    if (err < 0)
        return err;
    memcpy(d->header, commit->header, sizeof(d->header));
    d->newest = generation;
    d->turn ^= 1;
    return 0;
}

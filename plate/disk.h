// disk.h -- the disk plate store: permanent units, tables and commit sectors
//
// docs/disk-store.md.  Everything in struct disk_store follows from the disk
// and is found again at every boot, so it lies in memory no save looks at.
#ifndef PLATE_DISK_H
#define PLATE_DISK_H

#include "plate/blocks.h"
#include "plate/decide.h"
#include "plate/plate.h"
#include "resources/permanent_unit.h"
#include "tender/block.h"
#include "tender/partition.h"

#define DISK_STAGE_PAGES BLOCK_PIECES_MAX // copied before they are written
#define DISK_READS_MAX 4096u              // sorted before they are read

// A page table page or plate page that has to be written.
#define BLOCK_UNWRITTEN 0xffffffffu

struct disk_read_request {
    u32 block;
    u32 frame;
    u32 sum;
};

struct disk_store {
    const struct block_device *device;
    struct partition partition;
    struct blocks blocks;
    u32 build;
    u32 memory_pages;
    const struct layout *layout;
    const struct limits *limits;
    u64 (*now_us)(void); // also before the kernel's clock goes

    u32 buffer_pa; // physical: DISK_STAGE_PAGES, then DISK_SAVE_PAGES
    u32 sink_pa;   // and one page for what is read and not wanted

    struct disk_page table[DISK_TABLE_PAGES_MAX]; // of the newest save
    u32 header[DISK_SAVE_PAGES];                  // where its header lies
    struct disk_commit commit[2];                 // as they are on the disk
    u32 turn;   // the commit sector the next save goes to
    u32 newest; // generation, 0 = none
    u32 formatted;
    int error; // the first one since the save began

    u32 staged;                         // pages in the buffer
    u32 staged_block[DISK_STAGE_PAGES]; // ascending as long as possible
    u32 reads;
    struct disk_read_request read[DISK_READS_MAX];
    struct block_piece piece[BLOCK_PIECES_MAX];

    u64 us; // spent in transfers and flushes, ever
    u32 requests;
};

// Pages of memory from buffer_pa on that disk_open() wants.
#define DISK_BUFFER_PAGES (DISK_STAGE_PAGES + DISK_SAVE_PAGES + 1)

// Find the partition on one of the devices; NULL, or what is wrong.
const char *
disk_open(struct disk_store *d, const struct block_device *const device[],
          u32 devices, u32 buffer_pa, const struct layout *layout,
          const struct limits *limits, u32 build);

// How many pages permanent units may have: each can be on the disk twice, so a
// save never finds it full once its plates are made.
u32 disk_room(const struct disk_store *d);

// The boot decision.
void disk_decide(struct disk_store *d, struct decision *decision,
                 enum nv_option wish);

// The decision's save could not be restored: decide for the one before it, if it
// may be taken, or refuse.
void disk_fall_back(const struct disk_store *d, struct decision *decision,
                    enum nv_option wish, int err);

// Boots since the cold start, when the newest save was made.
u32 disk_boots(const struct disk_store *d);

// Bring the tables of the decision's save into their place, and note which
// blocks it uses.  0 or an error.
int
disk_load_tables(struct disk_store *d, u32 generation, struct cpu_state *cpu);

// The whole commit sector with the highest generation below a limit, or NULL.
const struct disk_commit *
disk_commit_below(const struct disk_store *d, u32 limit);

// What is wrong with the blocks that a unit table names, or NULL.
const char *disk_check_units(struct disk_store *d, const struct punits *units);

// --- disk_io.c: transfers, timed and counted ---

// The first sector of a block; a block.
int disk_sector(struct disk_store *d, int write, u32 block, void *sector);
int disk_page(struct disk_store *d, int write, u32 block, u32 pa);
int disk_flush(struct disk_store *d);

// A page to be written to a block that is not the one before it, in any order;
// it is copied first.  Returns the copy's checksum.
u32 disk_stage(struct disk_store *d, u32 block, const void *page);
int disk_write_staged(struct disk_store *d);

// A page to be read; disk_read_all() reads in one sweep and compares checksums.
void disk_want(struct disk_store *d, const struct disk_page *page, u32 frame);
int disk_read_all(struct disk_store *d);

// --- disk_commit.c ---

// Pages of a save header.
static inline u32
disk_header_pages(const struct layout *layout)
{
    return 1 + PAGES_OF(layout->slot_pages * (u32)sizeof(struct disk_page));
}

// Write a page to a free block, unless it is all zeros, and note where.
void
disk_put_page(struct disk_store *d, struct disk_page *at, const void *page);

u32 disk_commit_crc(const struct disk_commit *commit);
int disk_format(struct disk_store *d);
int disk_forget(struct disk_store *d);
void disk_use_nothing(struct disk_store *d);
int disk_write_tables(struct plates *p);
int disk_commit(struct plates *p, u32 generation, u32 flag);

#endif

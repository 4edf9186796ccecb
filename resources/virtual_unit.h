// virtual_unit.h -- resource virtual unit: where a region's pages are paged out
//
// Tender's virtual units: a unit belongs to one region and is a range of the
// partition for virtual units, a block for each page.  The table has a word
// for each block, which says where its page is:
//
//   RESIDENT  COPY
//      0       0     nowhere: never used, all zeros
//      0       1     in the block
//      1       0     in the frame
//      1       1     in the frame; in the block, too, unless the page is dirty
//
//   CREATE (kernel only) -, pages   DELETE
//
// What the partition holds is worthless after a power cut: a restore fills it
// anew (vspace/pager.c).
//
// Invariants, tested by vunit_check() under the same number:
//   V1  units lie in the table's blocks and do not overlap
//   V2  the head counts the pages of all units
//   V3  the words of blocks in no unit are 0
// and by plate/check.c:
//   V4  a unit's region names the unit, and both have as many pages
//   V5  the frames of a unit's resident pages are those of its region's real
//       memory, each once
#ifndef RESOURCES_VIRTUAL_UNIT_H
#define RESOURCES_VIRTUAL_UNIT_H

#include "tender/block.h"
#include "tender/gate.h"

#define VUNIT_LIMIT 256u
#define VUNIT_BUFFER_PAGES 128u

// The partition, found anew at every boot: scratch.
struct vunit_disk {
    const struct block_device *device;
    u32 first;           // sector
    u32 blocks;          // 0: there is no partition
    u64 (*now_us)(void); // also before the kernel's clock goes
    u32 buffer_pa;       // physical: VUNIT_BUFFER_PAGES
    struct block_piece piece[BLOCK_PIECES_MAX];
    u32 requests[2]; // reads, writes
    u32 pages[2];
    u64 us;
};

struct vunits {
    struct gate *gate;
    struct vunit_head *head;
    u32 *where; // by block
    struct vunit_disk *disk;
};

// Find the partition on one of the devices.  Without one, disk->blocks is 0.
void vunit_disk_open(struct vunit_disk *disk,
                     const struct block_device *const device[], u32 devices,
                     u32 buffer_pa, u64 (*now_us)(void));

// How many blocks a machine wants of them.
u32 vunit_blocks(const struct vunit_disk *disk, u32 memory_pages);

u32 vunit_bytes(u32 blocks);
// Make zeroed memory an empty table, and make the kind known.
void vunit_init(struct vunits *units, struct gate *gate, void *memory,
                u32 blocks, struct vunit_disk *disk);

// -> id, E_VUNITS or E_TABLE.  The region is filled in by the caller.
int vunit_create(struct vunits *units, u32 pages);
void vunit_delete(struct vunits *units, rid id);

struct vunit_entry *vunit_get(const struct vunits *units, rid id);

// The words of a unit, one for each page.
u32 *vunit_where(const struct vunits *units, rid id);

// Is there room for a unit of so many pages?
int vunit_has_room(const struct vunits *units, u32 pages);

// Move pages between consecutive blocks and frames, or pages of the buffer.
// 0 or E_PAGING.
int vunit_transfer(struct vunits *units, int write, u32 block,
                   const u32 *frame_pa, u32 pages);
int vunit_transfer_buffer(struct vunits *units, int write, u32 block, u32 from,
                          u32 pages);

// The first broken invariant as a sentence, or NULL.
const char *vunit_check(const struct vunits *units);

#endif

// plate.h -- resource plate: a persistent piece of virtual memory
//
// Paper 002.  A plate belongs to one virtual kernel or user space and has two
// save areas.  The plate management table holds which space has which areas;
// which of the two is newest is known page by page (docs/design.md).
//
//   CREATE name, space   DELETE   READ struct plate_info
//
// Invariants, tested by check.c under the same number:
//   P1  a plate's space names the plate, and both have as many pages
//   P2  a plate has two save areas of the same size; a save area has no plate
//   P3  no two plates (or entries of the pending-delete table) share an area
//   P4  plates + pending-delete entries never exceed the table's capacity,
//       so that deleting a space never fails for want of an entry
#ifndef PLATE_PLATE_H
#define PLATE_PLATE_H

#include "plate/root.h"
#include "plate/store.h"
#include "tender/gate.h"
#include "vspace/space.h"

struct disk_store;
struct pager;
struct punits;

struct plates {
    struct cpu_state cpu; // of the requester; 16-byte aligned
    struct gate *gate;
    struct plate_head *head;
    struct pending_delete *pending;
    const struct plate_store *store;
    struct disk_store *disk; // with plate=disk, else NULL
    struct punits *punits;   // the same
    const struct layout *layout;
    const struct limits *limits;
    struct real_memory *rm;
    struct regions *regions;
    struct vspaces *vs;
    struct spaces *vk;
    struct spaces *vu;   // NULL while tables are restored
    struct pager *pager; // NULL without paging out
    u32 build;
    // Makes every write known that is noted elsewhere than in the page tables
    // of plates (linux/: the page tables of programs); NULL: there is no such.
    void (*gather)(void *state);
    void *gather_state;
    // The programs the table-program structure held before enabling.
    struct replacement delete_vk, delete_vu;
    // A page of a bootstrap table may be stale in either slot.
    u8 stale[2][SLOT_PAGES_MAX];
    u32 saved_pages, saved_table_pages, saved_us; // of the newest save
    u32 saved_disk_us, saved_requests;
    u32 copied; // pages ever copied into save areas
    u32 began;  // 0 cold, 1 continued, 2 restored
};

// Find the parts of the plate management table.
void
plate_attach_table(struct plates *p, void *table, const struct limits *limits);
void plate_init(struct plates *p, void *table, const struct limits *limits);
void plate_register(struct plates *p, struct gate *gate);

// The space a plate belongs to, or any space by its id; NULL if stale.
struct space_entry *plate_space(const struct plates *p, rid space);

// Whether a space has to be saved in save areas.
int plate_wanted(const struct space_entry *e);

// Make a plate of a space: save areas, and a first copy of every page.
// -> plate id or an error; after an error nothing has changed.
int plate_make(struct plates *p, const char *name, struct space_entry *e);

// The reverse, at once: for disabling, and for undoing.
void plate_unmake(struct plates *p, struct plate_entry *plate);

// How many frames the next save will take for save areas, at most.
u32 plate_reserve(const struct plates *p);

// --- pages.c ---

// Before anybody looks for changed pages.
void plate_gather(struct plates *p);

// Copy the pages written since the last copy, or all; counted in p->copied.
// 0, or why a page that is paged out cannot be read.
int plate_copy_changed(struct plates *p, struct plate_entry *plate);
int plate_copy_all(struct plates *p, struct plate_entry *plate);

// How many pages plate_copy_changed() would copy.
u32
plate_count_changed(const struct plates *p, const struct plate_entry *plate);

// A page has to be copied again.
void plate_set_changed(const struct plates *p, const struct plate_entry *plate,
                       u32 page);

// Put the saved copy of every page back in place; it is there after finish() of
// the store.  0, or why paged-out pages cannot come to their place.
int plate_put_back(struct plates *p, const struct plate_entry *plate);

// --- plate.c again ---

// Time spent in, and requests made to, the plate disk so far; 0 without one.
u64 plate_disk_us(const struct plates *p);
u32 plate_disk_requests(const struct plates *p);

// The pending-delete table: a plate without its space goes there, and is
// freed after the next commit.  One that no save can name is freed at once, so
// that a save never waits for memory only a save would free.
void plate_defer(struct plates *p, struct plate_entry *plate);
u32 plate_free_pending(struct plates *p);

#endif

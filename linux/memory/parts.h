// parts.h -- what the files of linux/memory*.c ask of each other
//
// The map has the shape of page tables: 512 tables of 1024 page numbers. What
// must hold, and memory_check() says whether it does:
//
//   M1  areas are sorted, aligned, not empty, and do not overlap
//   M2  a page in the map lies in an area and is held by the map
//   M3  a page-table entry that is present shows the page in the map
//   M4  it allows writing only if the area does and, where the area is
//       private, nobody else holds the page
//   M5  mapped and resident are counted right
//   M6  the area before the place last looked for is in the list
#ifndef LINUX_MEMORY_PARTS_H
#define LINUX_MEMORY_PARTS_H

#include "linux/linux.h"
#include "tender/assert.h"

#define TABLE_PAGES 1024u
#define MAP_TABLES 512u

static inline u32
page_round(u32 bytes)
{
    return (bytes + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

static inline struct pages *
pool_of(const struct memory *m)
{
    return &m->linux->pages;
}

// --- memory/map.c: the map ---

// The map's word for an address; NULL if it has no table for it.
page_no *map_at(const struct memory *m, u32 va);
// The same, with a table; NULL if there is no memory for one.
page_no *map_make(struct memory *m, u32 va);
// Tables for all of a range; 0 without memory for one.
int map_make_range(struct memory *m, u32 start, u32 end);
// The pages of [va, end), one after the other. Tables must stay meanwhile.
//     struct map_walk w = {.va = start, .end = end};
//     while ((slot = map_next(m, &w)) != NULL) ... w.va
struct map_walk {
    u32 va, end;
    page_no *slot; // of va, if it is known
};
page_no *map_next(const struct memory *m, struct map_walk *w);
// Put a page there, whose hold becomes the map's, instead of what there was.
void map_put(struct memory *m, u32 va, page_no page);
// Forget the pages of a range, with their page-table entries.
void map_drop(struct memory *m, u32 start, u32 end);
// Forget the pages of all areas, and the map's tables.
void map_drop_all(struct memory *m);
// Move the pages of a range to where none are; tables must be there.
void map_move(struct memory *m, u32 start, u32 end, u32 to);

// --- memory/entries.c: the page tables ---

// Page-table entries of a range: forget them, or only the right to write.
void entries_drop(struct memory *m, u32 start, u32 end);
void entries_protect(struct memory *m, u32 start, u32 end);
// Show the page of the map. 0 or -ENOMEM.
int entry_show(struct memory *m, u32 va, page_no page, int writable);
// Dirty bits to the pool's pages. -> whether there were any: translations are
// then to be forgotten.
int entries_gather(struct memory *m);

// --- memory/areas.c ---

struct area *area_new(struct memory *m, const struct area *like);
void area_free(struct memory *m, struct area *a);
void area_insert(struct memory *m, struct area *a);
// The same where the list ends, at *end, which becomes its new end.
void area_append(struct memory *m, struct area ***end, struct area *a);
void area_remove(struct memory *m, struct area *a);
// The first area that ends behind an address.
struct area *area_from(const struct memory *m, u32 address);
// No area crosses either end of a range any more. 0 or -ENOMEM.
int areas_isolate(struct memory *m, u32 start, u32 end);
// Neighbours that are alike become one, from one end of a range to the other.
void areas_merge(struct memory *m, u32 start, u32 end);
// May it have so many bytes more? 0 or -ENOMEM
int area_limit(const struct memory *m, const struct area *a, u32 more);
// Would it count for RLIMIT_DATA with these rights?
int area_is_data(const struct area *a, u32 prot);
// How many bytes of a range areas have.
u32 areas_mapped(const struct memory *m, u32 start, u32 end);
// A place for so many bytes; 0 if there is none.
u32 areas_find(const struct memory *m, u32 bytes);
int areas_free(const struct memory *m, u32 start, u32 end);
// The area of an address; a stack below which it is grows down to it.
struct area *area_grown(struct memory *m, u32 address);

// --- memory/fault.c ---

// The page at an address for reading or writing, made or copied if it must be,
// and its area. May wait. 0 or -errno as memory_fault().
int memory_touch(struct memory *m, u32 va, int write, page_no *page);

#endif

// permanent_unit.h -- resource permanent unit: where a plate lies on the disk
//
// Paper 002, 1.2 M2 and M3.  A unit belongs to one plate and is a range of the
// unit map, which says for each page where on the partition its newest copy
// lies.  Its table is a bootstrap table of the disk store, so the map is
// committed with the save it belongs to.  Which blocks are free is not kept
// here: that follows from the maps (plate/blocks.h).
//
//   CREATE (kernel only) name, pages   DELETE
//
// Invariants, tested by punit_check() under the same number:
//   U1  units lie below the map's high mark and do not overlap
//   U2  the head counts the pages of all units that are not retired, and they
//       fit the partition
//   U3  every block lies in the partition, and no two pages share one
#ifndef RESOURCES_PERMANENT_UNIT_H
#define RESOURCES_PERMANENT_UNIT_H

#include "tender/gate.h"
#include "tender/layout.h"

struct punits {
    struct gate *gate;
    struct punit_head *head;
    struct disk_page *map;
    u32 map_pages;
};

void
punit_attach(struct punits *units, void *table, const struct limits *limits);
void punit_init(struct punits *units, void *table, const struct limits *limits);
void punit_register(struct punits *units, struct gate *gate);

// A unit for so many pages, none of them written yet.  The pages of all units
// together, retired ones apart, fit the partition.  -> id, E_UNITS or E_TABLE.
int punit_create(struct punits *units, rid owner, u32 pages);
void punit_delete(struct punits *units, rid id);

// Its plate is gone, and it is only kept for the newest save: it leaves its room
// to others, because the next save does not write it.
void punit_retire(struct punits *units, rid id);

// The map of a unit: one for each of its pages.  Valid until the next
// punit_create(), which may move units in the map.
struct disk_page *punit_map(const struct punits *units, rid id);
u32 punit_pages(const struct punits *units, rid id);

// The first broken invariant as a sentence, or NULL.  bitmap: a bit for each
// block of the partition, zeroed; afterwards set for each block a unit names.
const char *punit_check(const struct punits *units, const struct limits *limits,
                        u32 *bitmap, u32 blocks);

#endif

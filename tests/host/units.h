// units.h -- a small table of permanent units, for their tests
#ifndef HOST_UNITS_H
#define HOST_UNITS_H

#include "resources/permanent_unit.h"

#define UNITS 6u
#define MAP_PAGES 40u
#define BLOCKS 400u // of the partition
#define DATA 36u    // of them for units: fewer than the map has room for

extern struct punits units;
extern struct gate units_gate;
extern u32 next_block; // for units_create_written()

void units_open(void);
void units_close(void);

// What punit_check() says; the bitmap is set to the blocks it found.
const char *units_wrong(void);
extern u32 units_bitmap[BLOCKS / 32 + 1];

// A unit of zeros; -> its id.
rid units_create(u32 pages);

// A unit, each of its pages in a block of its own.
rid units_create_written(u32 pages);

// Whether it is as it was created.
int units_whole(rid id);

struct punit_entry *units_entry(rid id);

#endif

// slot.h -- the two fixed copies of the bootstrap tables
//
// Paper 002, 1.2 M7 item 5, with what it leaves open decided: there are two
// copies, used in turn, and the commit word names the whole one.
#ifndef PLATE_SLOT_H
#define PLATE_SLOT_H

#include "plate/plate.h"

struct nv_slot *slot_at(const struct layout *layout, u32 slot);

// Bring a slot up to date with the live tables and the captured CPU state, and
// start its write-back; durable after a fence.  Returns the pages copied.
u32 slot_write(struct plates *p, u32 generation);

// Copy the tables into the slot the next save goes to, now that all saves are
// given up: paper 002, figure 6 step 6.  So it copies only what changed since.
void slot_fill(struct plates *p);

// What is in the slot of this generation is what the live tables hold; the
// other slot has to be copied anew.
void slot_fresh(struct plates *p, u32 generation);

// Whether a slot holds this generation, whole: what is wrong, or NULL.
const char *slot_check(const struct layout *layout, u32 build, u32 generation);

// The CRC of the CRCs of all pages of the live tables.
u32 slot_live_crc(const struct layout *layout);

// Copy a slot's tables over the live ones.
void slot_load(const struct layout *layout, u32 generation);

#endif

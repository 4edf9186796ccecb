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

// Every page of both slots has to be copied again / what is in the slot of
// this generation is what the live tables hold.
void slot_all_stale(struct plates *p);
void slot_fresh(struct plates *p, u32 generation);

// Whether a slot holds this generation, whole: what is wrong, or NULL.
const char *slot_check(const struct layout *layout, u32 build, u32 generation);

// Copy a slot's tables over the live ones.
void slot_load(const struct layout *layout, u32 generation);

#endif

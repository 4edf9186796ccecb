// store.h -- the plate-store door: how the copies of plates are kept
//
// Chosen at boot.  Nothing above this door knows which store is in use.
#ifndef PLATE_STORE_H
#define PLATE_STORE_H

#include "tender/format.h"

struct plates;

struct plate_store {
    const char *name;
    // Make a place for both copies of every page of a plate: fills in
    // plate->area[].  0 or an error; after an error nothing has changed.
    int (*create)(struct plates *p, struct plate_entry *plate);
    // Give the place back.
    void (*discard)(struct plates *p, const rid area[2]);
    // Copy a frame to the place that does not hold the last good copy of
    // the page, and note that this one is newest.  Durable after a fence.
    void (*put)(struct plates *p, const struct plate_entry *plate, u32 page,
                u32 frame);
    // Copy the newest copy of a page into a frame.
    void (*get)(struct plates *p, const struct plate_entry *plate, u32 page,
                u32 frame);
};

// Paired save areas in NV memory (paper 002).
extern const struct plate_store plate_store_nv;

#endif

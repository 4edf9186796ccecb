// store.h -- the plate-store door: how the copies of plates are kept
//
// Chosen at boot.  Nothing above this door knows which store is in use.
//
//   a save     begin  create* put*  commit  discard* settle
//   enabling   begin  create* put*  fill
//   a restore         get* finish
//
// What goes wrong in put() is kept until commit(), fill() or abandon().
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
    // Its plate is gone, but the newest save may name the place, which is
    // discarded after the next commit.
    void (*retire)(struct plates *p, const rid area[2]);
    // A save or the enabling begins: nothing it will overwrite may be believed
    // in any more.  0 or an error, and then nothing else happens.
    int (*begin)(struct plates *p);
    // Copy a frame to a place that does not hold the last good copy of the page,
    // and note that this one is newest.  Durable after a commit.
    void (*put)(struct plates *p, const struct plate_entry *plate, u32 page,
                u32 frame);
    // Copy the bootstrap tables too, whose saves are given up: paper 002,
    // figure 6 step 6.  0 or an error.
    int (*fill)(struct plates *p);
    // The bootstrap tables, then all of it durable, then the commit point.
    // flag: FLAG_NORMAL if this is the save of an orderly shutdown.  0, or an
    // error: then the save before is still the newest.
    int (*commit)(struct plates *p, u32 generation, u32 flag);
    // The save or the enabling has failed: what put() copied is changed again.
    void (*abandon)(struct plates *p);
    // The commit is complete and so many pending entries were freed.  before: the
    // newest save until then, 0 = none.
    void (*settle)(struct plates *p, u32 before, u32 freed);
    // Copy the newest copy of a page into a frame: not there before finish().
    void (*get)(struct plates *p, const struct plate_entry *plate, u32 page,
                u32 frame);
    int (*finish)(struct plates *p);
    // The generation of the newest save; 0 = none.
    u32 (*newest)(const struct plates *p);
    // Give up every save, durably.  0 or an error.
    int (*forget)(struct plates *p);
    // What restore has to set right: the live tables are those of this save.
    void (*restored)(struct plates *p, u32 generation);
};

// Paired save areas in NV memory (paper 002).
extern const struct plate_store plate_store_nv;

// Permanent units on a disk (the volatile plate function).
extern const struct plate_store plate_store_disk;

#endif

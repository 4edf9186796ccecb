// region.h -- resource virtual region: a virtualised memory image
//
// Paper 002, 1.2 M2.  Its substance is one real memory; it becomes reachable
// when it is attached to a virtual space, and is attached to at most one at a
// time, so that one page-table entry tells whether a page was written.
//
// When memory is short, a program's region gets a virtual unit, too, and only
// some of its pages are in the real memory (vspace/pager.h).
//
//   CREATE name, bytes   cleared; the kernel may say REGION_... more
//   DELETE   only while not attached
#ifndef RESOURCES_REGION_H
#define RESOURCES_REGION_H

#include "tender/gate.h"

struct regions {
    struct gate *gate;
    struct table *table;
};

void region_attach_table(struct regions *regions, void *table);
void
region_init(struct regions *regions, void *table, const struct limits *limits);
void region_register(struct regions *regions, struct gate *gate);

// The entry, or NULL.
struct region_entry *region_get(const struct regions *regions, rid id);

// Make a region of existing real memory: what cold start needs.
struct region_entry *region_add(struct regions *regions, const char *name,
                                rid owner, rid real_memory, u32 pages);

// Take a region out of the kernel space that a save has parked it in.  0 when
// it is free then, E_ATTACHED when it is in a space that somebody uses.
int region_unpark(struct regions *regions, const struct region_entry *e);

#endif

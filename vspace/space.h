// space.h -- virtual kernel spaces and virtual user spaces: regions in place
//
// Paper 002, 1.2 M2: such a space comes to be when a virtual region is attached
// to a virtual space.  Both kinds have entries of the same shape and share
// this code; vkspace.c and vuspace.c have their programs.
#ifndef VSPACE_SPACE_H
#define VSPACE_SPACE_H

#include "resources/region.h"
#include "vspace/vspace.h"

struct pager;

struct spaces {
    struct gate *gate;
    struct table *table;
    struct vspaces *vs;
    struct regions *regions;
    struct real_memory *rm;
    struct pager *pager; // NULL without paging out
};

void space_attach_table(struct spaces *spaces, void *table, struct vspaces *vs,
                        struct regions *regions, struct real_memory *rm);

struct space_entry *space_get(const struct spaces *spaces, rid id);

// Attach a region: add an entry and map the pages.  All has been checked.
struct space_entry *space_add(struct spaces *spaces, const char *name,
                              rid owner, struct region_entry *region,
                              struct vspace_entry *vspace, u32 va, u32 flags);

// The flags of its pages' page-table entries.
u32 space_pte_flags(const struct space_entry *e);

// Map the pages of an existing entry: for space_add() and restore.
void space_map(struct spaces *spaces, struct space_entry *e);

// Detach: unmap, vacate the entry; the region stays.
void space_remove(struct spaces *spaces, struct space_entry *e);

// Delete every virtual user space of a virtual space through the gate.
void space_delete_all(struct spaces *spaces, rid vspace);

// For people: pages, address, region, plate; the struct kind's describe().
void
space_describe(void *state, const struct res *res, struct resource_info *info);

// The page directory an entry's pages are mapped in.
u32 space_directory(const struct spaces *spaces, const struct space_entry *e);

#endif

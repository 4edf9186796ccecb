// restore.h -- bring the saved plates back
//
// Paper 002, 1.2 M10 (figure 8).
#ifndef PLATE_RESTORE_H
#define PLATE_RESTORE_H

#include "plate/plate.h"
#include "resources/permanent_unit.h"

// The managers of the four kinds that make up virtual kernel spaces, and the
// plates, on tables seen through the straight window: all that is
// initialised at a restore before the kernel's own data are back.
struct bootstrap {
    struct plates plates;
    struct real_memory rm;
    struct regions regions;
    struct vspaces vs;
    struct spaces vk;
    struct punits punits; // with plate=disk
};

void bootstrap_attach(struct bootstrap *b, const struct layout *layout,
                      const struct limits *limits, u32 build,
                      const struct plate_store *store, struct disk_store *disk);

// Figure 8, steps 2-5a: the tables from the slot of this generation, the
// kernel's page tables, then the virtual kernel spaces, except parked regions
// that are paged: where their pages are tell the kernel's data.  Afterwards the
// kernel's page directory can be loaded and its data are those of the save.
// 0, or an error of the plate disk: then nothing of it may be used.
int restore_kernel(struct bootstrap *b, u32 generation, const u32 *window);

// Steps 5b-6: the virtual user spaces, with the restored kernel data; free the
// pending save areas.  Resuming p->cpu is then all that is left.
int restore_users(struct plates *p, u32 generation);

#endif

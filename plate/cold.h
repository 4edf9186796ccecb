// cold.h -- the first tables of a machine that holds no state
#ifndef PLATE_COLD_H
#define PLATE_COLD_H

#include "plate/restore.h"

// Forget the root, then make the bootstrap tables, the kernel's virtual
// space, and a virtual kernel space each for the tables and the kernel's
// data (not filled in).  Afterwards the kernel's page directory can be loaded.
void cold_start(struct bootstrap *b, const struct layout *layout,
                const struct limits *limits, u32 build, const u32 *window);

#endif

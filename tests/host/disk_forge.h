// disk_forge.h -- change what lies on the plate disk, and make checksums fit
#ifndef HOST_DISK_FORGE_H
#define HOST_DISK_FORGE_H

#include "tender/format.h"

// A word of the header: its offset in struct disk_header.
void disk_forge_header(u32 offset, u32 value);

// A word of the newest save's commit sector: its offset in struct disk_commit.
void disk_forge_commit(u32 offset, u32 value);

// A word of a bootstrap table in the newest save: its offset in the table.
void disk_forge_table(u32 table, u32 offset, u32 value);

#endif

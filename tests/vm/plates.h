// plates.h -- look at and damage the plate disk of a machine
//
// Only while the machine is off.  What is read here is read without the
// code of the store, as tender/format.h says.  Bytes are read and written with
// the functions of nv.h.
#ifndef PLATES_H
#define PLATES_H

#include <stdbool.h>

#include "nv.h"

#define BLOCK_BYTES 4096u
#define MBR_SIGNATURE 440u // bytes of sector 0
#define MBR_TYPE 450u      // of partition 1
#define MBR_SECTORS 458u

struct plates_disk {
    const char *path;
    u64 at; // byte where the partition begins
    u32 blocks;
    struct disk_header header;
    struct disk_commit commit[2];
};

// A whole save, read back with all its maps.
struct plates_save {
    u32 generation;
    u32 after; // the block after its header: what the next save writes first
    u32 tables, pages;
    struct disk_page *table; // of each table page
    struct disk_page *page;  // of each page of a plate that is not all zeros
};

// A new plate disk, made by tools/mkplates with these options.
void plates_make(const char *path, const char *options);

void plates_open(struct plates_disk *disk, const char *path);
void plates_put_header(struct plates_disk *disk); // with a checksum that fits

// Where a block lies in the file.
u64 plates_at(const struct plates_disk *disk, u32 block);

bool plates_is_whole(const struct disk_commit *commit);

// The commit sector of the newest save, or of the one before it: 0, 1, or -1
// if there is none.
int plates_newest(const struct plates_disk *disk);
int plates_before(const struct plates_disk *disk);
u32 plates_generation(const struct plates_disk *disk); // 0: no save

// Read the save that a commit sector names, and compare all its checksums.
// Returns NULL or what is wrong.  To be freed in any case.
const char *plates_load(const struct plates_disk *disk, int sector,
                        struct plates_save *save);
void plates_unload(struct plates_save *save);

// A block that this save names and the other one does not: of a plate's page,
// or of a table page.
u32 plates_own_page(const struct plates_save *save,
                    const struct plates_save *other);
u32 plates_own_table(const struct plates_save *save,
                     const struct plates_save *other);
u32 plates_common_page(const struct plates_save *one,
                       const struct plates_save *other);

// How many pages of plates two saves share.
u32
plates_shared(const struct plates_save *one, const struct plates_save *other);

// Are both saves, as far as there are two, whole?  NULL or what is wrong.
const char *plates_check(const char *path);

// Make holes of all blocks no save names, and ask later whether a save was
// begun that was not committed.
void plates_scrub(const char *path);
bool plates_begun(const char *path);

#endif

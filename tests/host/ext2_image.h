// ext2_image.h -- an ext2 file system to read and to damage
#ifndef HOST_EXT2_IMAGE_H
#define HOST_EXT2_IMAGE_H

#include "resources/ext2.h"

#define BIG_BYTES 5300000u // with 1 KiB blocks: beyond the second level
#define HOLE_AT 4000000u
#define FILES 300 // in one folder

struct ext2_image {
    u8 *now;  // what is read; may be damaged
    u8 *made; // as mke2fs made it
    u32 bytes;
    u32 reads; // since the test last set it to 0
};

extern struct ext2_image ext2_image;

// What every file holds at this offset, but for a hole.
u8 ext2_pattern(u32 at);

// Run a command of the shell; %s in it is the folder of the test.
void ext2_shell(const char *format);

// Write the files that the image is made from into the test's folder.
void ext2_make_tree(void);

// Make the image with blocks of so many bytes and these options of mke2fs.
void ext2_make_image(u32 block, const char *features);

// For ext2_mount(): reads the image, and checks what it is asked for.
int ext2_read_image(void *state, u32 sector, u32 sectors, u32 offset, void *to,
                    u32 bytes);

#endif

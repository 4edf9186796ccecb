// image.h -- a file of NV memory, looked at on the host
//
// The file is mapped where the kernel sees its physical memory, privately:
// nothing done to the mapping reaches the file, and holes stay holes.
#ifndef IMAGE_H
#define IMAGE_H

#include "tender/layout.h"

struct image {
    const char *tool; // the program's name, for messages
    const char *path;
    u32 pages;
    // What the root says; laid_out is 0 when it cannot be trusted to.
    int laid_out;
    struct limits limits;
    struct layout layout;
};

// Exit codes of the tools.
#define IMAGE_SOUND 0
#define IMAGE_PROBLEMS 1
#define IMAGE_UNREADABLE 2

// Map the file.  When it is no NV memory at all, says so in a sentence and ends
// the program with IMAGE_UNREADABLE.
void image_open(struct image *image, const char *tool, const char *path);

// The layout with these tables (of a slot) in place of the live ones, and with
// the end of usable memory as they have it.
void image_view(const struct image *image, const u32 table_pa[BOOTSTRAP_TABLES],
                struct layout *view);

#endif

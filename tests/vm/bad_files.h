// bad_files.h -- programs that are none, for an image of a test's own
#ifndef BAD_FILES_H
#define BAD_FILES_H

#include <stdint.h>

struct bad_file {
    const char *name;
    const char *script; // NULL: a program, changed so:
    unsigned bytes;     // of it; 0: all
    struct {
        unsigned at, bytes;
        uint32_t value;
    } change[6];
    const char
        *shell; // what a Linux shell shows: an extended regular expression
    const char *native; // what the native shell shows, in the middle of it
};

// The nth one; NULL behind the last.
const struct bad_file *bad_file_at(unsigned n);

// Write all of them into this folder, which is made.
void bad_files_write(const char *folder);

#endif

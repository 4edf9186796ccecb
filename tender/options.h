// options.h -- the kernel command line
#ifndef TENDER_OPTIONS_H
#define TENDER_OPTIONS_H

#include "tender/types.h"

enum nv_option { NV_AUTO, NV_COLD, NV_RESTORE, NV_CONTINUE };
enum plate_option { PLATE_NV, PLATE_DISK, PLATE_OFF };

struct options {
    enum nv_option nv;
    enum plate_option plate;
    int occ;      // enable continuous-operation control at a cold start
    char run[48]; // the first program
};

// Read a command line.  Returns 0, or E_ARGUMENT with a sentence that names
// the option in wrong[].  The first word (the kernel's own path) is skipped
// when it begins with '/'.
int options_read(struct options *options, const char *line, char *wrong,
                 u32 wrong_size);

#endif

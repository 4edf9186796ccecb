// second_save.h -- the simplest record: one save, the second of a machine
#ifndef CUT_SECOND_SAVE_H
#define CUT_SECOND_SAVE_H

#include "tests/cut/record.h"

// Boot the real machine, enable, save, and record another save: all of save() in
// plate/save.c.  Returns what this QEMU lacks, or NULL.
const char *record_second_save(struct record *r, const char *name);

#endif

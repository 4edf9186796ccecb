// planted.h -- records of the kernel, and copies in which a rule can be broken
#ifndef CUT_PLANTED_H
#define CUT_PLANTED_H

#include "tender/layout.h"
#include "tests/cut/lint.h"

enum { SAVE, SAVES, SHUTDOWN, RESTORE, CONTINUE, RECORDS };

extern const char *const planted_name[RECORDS]; // of the scenarios

extern struct layout planted_layout;
extern u32 planted_data_bytes; // of the kernel

// Record all of them.  False: this QEMU cannot; it has been said why.
bool planted_open(void);

struct record planted_copy(int record);
void planted_lint(struct lint *lint, const struct record *r, int record);
u32 planted_code(const char *symbol);

#endif

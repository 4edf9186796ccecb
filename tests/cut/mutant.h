// mutant.h -- one kernel, perhaps broken on purpose: its record, its judge
#ifndef CUT_MUTANT_H
#define CUT_MUTANT_H

#include "tests/cut/crash.h"
#include "tests/cut/record.h"

enum cut_operation { OPERATION_SAVE, OPERATION_SHUTDOWN, OPERATIONS };

// How a process ends when this QEMU cannot do what is needed.
#define MUTANT_SKIPPED 77

// What was recorded, and what may come back.
struct mutant {
    const char *name; // "none": the kernel as it is
    const char *elf;  // its file
    enum cut_operation operation;
    struct record record;
    u64 acked; // after so many events only the state after may come back
    u64 before, after; // contents of all programs' memory
    u32 save;          // the newest before the operation
    u64 boots;
    struct {
        u64 hash;
        u32 verdict;
    } * known;
    u32 knowns;
    char why[300]; // of the last image that was wrong
};

extern const char *const operation_name[OPERATIONS];

// Start the kernel in a machine that can trace, record the operation, and keep
// the record.  Returns NULL, or why there is nothing to explore: it fails without
// a cut.
const char *mutant_record(struct mutant *m);
// The record that was kept.  False: there is none.
bool mutant_load(struct mutant *m);
// Where this kind of file is kept.
void mutant_path(const struct mutant *m, const char *kind, char path[160]);

// Boot this image: is what comes back the state before, or (if may_be_before
// is false: only) the state after?  m->why says what is wrong.
bool mutant_try(struct mutant *m, struct crash *image, struct engine *e,
                bool may_be_before);
// The same of a machine that was booted already and came to `at`.
bool
mutant_judge(struct mutant *m, struct engine *e, int at, bool may_be_before);

#endif

// lint.h -- rules that a trace of the kernel must keep, whatever a cut would show
//
//   L1  a word of the root is stored when all that it names is durable: commit
//       and previous: the slot's header and tables, the newest copies of pages;
//       flag (set normal): everything, after a wbinvd.  Each word is stored
//       whole, and durable before another is stored, a byte is said, or the end
//   L2  a line that is flushed has pending stores
//   L3  nothing is stored in the slot of the newest save, nor in a page of a
//       save area that is the newest copy; nor in those of the save before, as
//       long as root.previous names it; while root.flag is normal, not in the
//       shutdown's state nor the live tables
//   L4  at the end, a page of a plate that is not dirty is equal to its newest
//       copy: nobody wrote it through another mapping
//   L5  NV memory is stored in only where that is allowed:
//       before the boot decision: nowhere
//       while root.flag is normal: by a boot, in the kernel's data (drivers) and
//       the root; behind a shutdown, in the dead part of the captured stack
//       the root's page: only by plate/root.c
//       by programs: in pages that a virtual user space maps
#ifndef CUT_LINT_H
#define CUT_LINT_H

#include "tests/cut/elf.h"
#include "tests/cut/record.h"

#define LINT_RULES 6
#define LINT_FINDINGS 8

// What was recorded: a boot from its first instruction on, or anything else.
enum lint_of { LINT_RUN, LINT_BOOT };

struct lint {
    u64 found[LINT_RULES]; // by number
    u64 events;
    struct {
        u32 rule;
        u64 event;
        char sentence[160];
    } finding[LINT_FINDINGS]; // the first ones
    u32 findings;
};

void lint_record(struct lint *lint, const struct record *r,
                 const struct elf *elf, enum lint_of of);

bool lint_is_silent(const struct lint *lint);
void lint_print(const struct lint *lint, const char *title);

#endif

// lint.h -- rules that a trace of the kernel must keep, whatever a cut would show
//
//   L1  root.commit is stored when all that it names is durable: the slot's
//       header and tables, the newest copies of pages; root.flag is set normal
//       when the shutdown's state and the live tables are, after a wbinvd
//   L2  a line that is flushed has pending stores (counted only)
//   L3  nothing is stored in the slot of the newest save, nor in a page of a
//       save area that is the newest copy; after root.flag is normal,
//       nowhere but in the dead part of the captured stack
//   L4  at the end, a page of a kernel space in a plate that is not dirty is
//       equal to its newest copy: nobody wrote it through another mapping
#ifndef CUT_LINT_H
#define CUT_LINT_H

#include "tests/cut/elf.h"
#include "tests/cut/record.h"

#define LINT_RULES 5
#define LINT_FINDINGS 8

struct lint {
    u64 found[LINT_RULES]; // by number
    u64 flushes;
    struct {
        u32 rule;
        u64 event;
        char sentence[160];
    } finding[LINT_FINDINGS]; // the first ones
    u32 findings;
};

void
lint_record(struct lint *lint, const struct record *r, const struct elf *elf);

// Nothing but clean lines flushed?
bool lint_is_silent(const struct lint *lint);
void lint_print(const struct lint *lint, const char *title);

#endif

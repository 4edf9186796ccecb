// judge.h -- what a machine has become: all of its state, as one number
//
// Looked at where it is held before its first program goes on.  The tables are
// walked with the kernel's own code; the state is: the bootstrap tables, every
// page of every virtual kernel and user space (all other tables, the kernel's
// data and stacks, programs), and the processor's state that is resumed.  Not
// part of it: save areas, page tables (they are rebuilt), free frames, and the
// words that except.h leaves out.  state_open() comes first (state.h).
#ifndef CUT_JUDGE_H
#define CUT_JUDGE_H

#include <stdio.h>

#include "tests/cut/engine.h"

// Of a held machine.  Not a state that can be walked: at is a stop, no more.
struct state {
    int at;
    u32 save; // restored; 0: another outcome
    u64 digest;
    char wrong[120]; // a broken invariant, or ""
};

void judge_look(struct engine *e, int at, struct state *state);
bool judge_same(const struct state *a, const struct state *b);

// --- compare.c ---

// The state, page by page, kept to be compared with another one.
struct judge_copy *judge_copy(struct engine *e);
// Print where they differ; returns in how many words.
unsigned judge_compare(const struct engine *e, const struct judge_copy *a,
                       const struct judge_copy *b, FILE *file);
void judge_copy_free(struct judge_copy *copy);

#endif

// cut.h -- cut the power at every moment of an operation, and see what is left
//
// A case is run once while every store, flush and fence is logged.  From the
// log every memory is built that a power cut could have left behind:
//
//   m1.K       stores 0 .. K-1 of the operation are in memory, in order
//   m2.P.rI    just before the operation's fence P (counted from 1; the last
//              one means: after its end) each 64-byte line holds any prefix of
//              the stores since it was last flushed; I numbers these images
//
// On each image the case's recover() runs, then verify().  Then the recovery is
// cut in the same two ways: `save:m1.1234+m1.56`, `save:m1.7+m2.1.r1`.  (A
// prefix suffices: a line is written back whole, at some moment.  And the fences
// suffice: until the next one, what may be missing only grows.)
//
// Nothing is left out but what is provably the same: a run notes which words it
// reads before it writes them; an image that differs only in others needs no
// run of its own.  So recover() and verify() must reach the machine's memory in
// ways that are seen: the kernel's functions, fake_...(), peek() and poke()
// (host_kernel.h).  Some skipped images are run to notice if they do not.  Only
// when a fence finds too many combinations of lines that recovery does read, they
// are sampled (cached.c, MANY).
//
// Environment:
//   CUT_ID=save:m1.1234+m1.56   run exactly this one, in this process, and talk
//   CUT_PAIRS=no                no second cuts
//   CUT_ALL=yes                 skip nothing, the proof notwithstanding
//   CUT_JOBS=2                  processes
#ifndef HOST_CUT_H
#define HOST_CUT_H

#include "tender/types.h"

struct cut_case {
    const char *name;
    u32 pages;       // of the machine
    void *state;     // the case's own variables outside the machine ...
    u32 state_bytes; // ... as setup() left them, when recover() is called

    // Prepare a machine just opened; what it stores may be pending after it.
    void (*setup)(void *state);

    // What is cut.  Comes back, or ends in machine_stop().
    void (*operation)(void *state);

    // Bring the machine up again after a cut: memory is all there is.
    // Returns 0, or an error; may also fail by panic() or fake_fail().
    int (*recover)(void *state);

    // Look at what recover() made; may also use it, even save again.  Returns
    // how much was kept, in any unit, say, the number of saves; fails by
    // fake_fail() or a negative number.
    int (*verify)(void *state);

    // A second cut must leave what the first one left; or, if this is not 0, at
    // least this much of it.
    u32 again;

    // No second cuts.
    int once;

    // Seconds of processor time after which a recovery is stuck; 0 = 10.
    int patience_s;
};

// Called by operation(): whatever happens from now on, verify() must not find
// less than this.  What it finds without any cut is promised at the end of the
// operation.
void cut_promise(u32 kept);

#define CUT_FAILURES 8

struct cut_report {
    u32 stores;  // of the operation
    u32 flushes; // the same
    u32 fences;
    u32 images;  // on which recovery was run: first cuts
    u32 pairs;   // second cuts
    u32 skipped; // images proven to be the same as one of those
    u32 sampled; // fences where not all combinations were tried
    u32 kept;    // what verify() finds without a cut
    u32 failures;
    struct {
        char id[96];
        char sentence[512];
    } failure[CUT_FAILURES]; // the first of them
};

// Run a case.  Returns the number of failures.
u32 cut_run(const struct cut_case *c, struct cut_report *report);

// The same, inside a Check test: a failure fails it and prints its id.
void cut_check(const struct cut_case *c);

// Leave out each flush and each fence of the operation, one at a time: does
// the case notice?
struct cut_mutants {
    u32 flushes; // of the operation
    u32 fences;
    u64 flush; // bit n - 1: nobody missed flush n
    u64 fence;
};

void cut_mutate(const struct cut_case *c, struct cut_mutants *unnoticed);

#endif

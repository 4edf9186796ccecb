// fuzz.h -- random system calls: what the parts of fuzz share
#ifndef TESTS_LINUX_FUZZ_H
#define TESTS_LINUX_FUZZ_H

#include "base.h"

#define FUZZ_CALLS 451u
#define FUZZ_DIR "/tmp/fuzz"

// Of getdents64.
struct entry {
    u64 inode, next;
    u16 bytes;
    u8 type;
    char name[];
};

// What all processes count in, in shared memory. A worker may well write into
// it by one of its calls: nothing depends on it, and figures that jump are
// forgotten.
struct counts {
    u32 calls[FUZZ_CALLS]; // made
    u32 good[FUZZ_CALLS];  // that did not fail
    u32 refused[FUZZ_CALLS][ERRNOS];
    u32 odd; // strange instructions
};

struct tally {
    u32 stop;     // the workers' word to end
    u32 beat[16]; // each worker's: it still makes calls
    struct counts counts;
};

// One thread that makes calls.
struct caller {
    struct chance chance;
    struct tally *tally;
    u32 index; // of the worker
    u32 left;  // calls it still makes; ~0: no end
    u32 pid, tid;
    u8 *arena; // see fuzz_values.c
    u32 argument[6];
};

// fuzz_values.c: an arena of pages that may be used, read, not used, or are
// not there, side by side; and the values of arguments, by kind.
u8 *fuzz_arena(u8 *at); // NULL: anywhere
extern u32 fuzz_arena_changed;
void fuzz_stir(struct caller *c); // new contents
u32 fuzz_value(struct caller *c, char kind);
void fuzz_open(struct caller *c); // descriptors worth trying

// fuzz_clean.c: what is in the tree; and remove what has come since. -> how
// many names of it were outside of FUZZ_DIR
void fuzz_look(void);
u32 fuzz_clean(void);

// fuzz.c: how soon this process ends when memory runs out.
void fuzz_oom(const char *adj);

// fuzz_calls.c: which arguments a call takes, and what may not be called.
void fuzz_arguments(struct caller *c, u32 number);
int fuzz_allowed(struct caller *c, u32 number);

// fuzz_odd.c: instructions that a program should not use, and signal frames
// that were changed. May end the process.
void fuzz_odd(struct caller *c);

// fuzz_worker.c: does not return.
_Noreturn void fuzz_worker(struct tally *tally, u32 index, u32 seed);

#endif

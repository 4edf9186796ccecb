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

#define FUZZ_STOP 0x5eedca11u // no other value ends the workers: see counts

struct tally {
    u32 stop;     // FUZZ_STOP: the workers end
    u32 beat[16]; // each worker's: it still makes calls
    struct counts counts;
};

// What makes most later calls fail is only for some, and they end soon.
#define FUZZ_MAY_USER 1u  // give up its rights
#define FUZZ_MAY_LIMIT 2u // have small limits
#define FUZZ_MAY_ROOT 4u  // have another root
#define FUZZ_MAY_ALL 7u

// One thread that makes calls.
struct caller {
    struct chance chance;
    struct tally *tally;
    u32 index; // of the worker
    u32 left;  // calls it still makes; ~0: no end
    u32 may;   // FUZZ_MAY_...
    u32 pid, tid;
    u8 *arena; // see fuzz_values.c
    u32 argument[6];
    int changes; // the call may change what the arena is
};

// One of a list, by the caller's chance.
#define ANY(list) list[chance_below(&c->chance, ARRAY_LEN(list))]

// fuzz_values.c: an arena of pages that may be used, read, not used, or are
// not there, side by side; and the values of arguments, by kind.
u8 *fuzz_arena(u8 *at); // NULL: anywhere
extern u32 fuzz_arena_changed;
#define FUZZ_GOOD_BYTES (12 * PAGE) // from its beginning: may be used
void fuzz_repair(struct caller *c); // before this program writes there
void fuzz_stir(struct caller *c);   // new contents
u32 fuzz_pointer(struct caller *c); // into it, mostly
u32 fuzz_value(struct caller *c, char kind);

// fuzz_shapes.c: values from lists, and pointers to structures. -> 0: the kind
// is not one of them
int fuzz_shape(struct caller *c, char kind, u32 *value);

// fuzz_paths.c
u32 fuzz_path(struct caller *c, char kind);
void fuzz_open(struct caller *c); // descriptors worth trying
#define FUZZ_FD_FILE 3u           // and two more
#define FUZZ_FD_DIRECTORY 6u      // and two more
#define FUZZ_FD_PIPES 16u
#define FUZZ_FD_EPOLL 20u

// fuzz_table.c: a letter for each argument; why the call never succeeds, or
// NULL; and its name, or NULL: it is not there.
const char *fuzz_kinds(struct caller *c, u32 number);
const char *fuzz_cannot(u32 number);
const char *fuzz_name(u32 number);

// fuzz_clean.c: what is in the tree; and remove what has come since. -> how
// many names of it were outside of FUZZ_DIR
void fuzz_look(void);
u32 fuzz_clean(void);

// fuzz.c: how soon this process ends when memory runs out.
void fuzz_oom(const char *adj);

// fuzz_report.c: the figures. -> how many calls succeeded never, or should not
u32 fuzz_report(const struct counts *t);

// fuzz_calls.c: a call's arguments, and what may not be called.
void fuzz_arguments(struct caller *c, u32 number);
int fuzz_allowed(struct caller *c, u32 number);

// fuzz_odd.c: instructions that a program should not use, and signal frames
// that were changed. May end the process.
void fuzz_odd(struct caller *c);

// fuzz_worker.c: a handler of signals.
void fuzz_nothing(int number);

// Does not return.
_Noreturn void fuzz_worker(struct tally *tally, u32 index, u32 seed);

#endif

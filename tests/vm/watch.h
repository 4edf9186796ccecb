// watch.h -- read along with a console: do the programs go on from the save?
//
// The programs counter, life and ping count aloud.  A watch remembers what
// each had said when a save was acknowledged, and after a restore demands
// that they go on from exactly there:
//
//   W1  counter's numbers grow by one within a boot
//   W2  the first number after "restored save N" is the one after the last
//       number before the line "saved N"; after a shutdown, the one after
//       the last number at all
//   W3  a save that was acknowledged is never passed over; a shutdown that was
//       is continued
//   W4  the sum of a generation of life is the same in every run
//   W5  ping's messages grow
//   W6  no LOST, DOUBLED, WRONG or panic
#ifndef WATCH_H
#define WATCH_H

#include "vm.h"

#define WATCH_SAVES 64   // that are remembered
#define WATCH_SUMS 65536 // generations of life

struct watch_save {
    unsigned number;
    long low, high; // what counter goes on with after this save
};

struct watch {
    struct vm *vm;
    size_t seen; // of the transcript
    long pings;
    unsigned acked; // the newest save acknowledged, 0: none
    unsigned saves; // acknowledgements seen
    long low, high; // what counter may go on with now
    bool spoke;     // counter, in this boot
    bool stopped;   // a shutdown was acknowledged, and not continued yet
    long acked_low; // low when the newest save was acknowledged
    struct watch_save save[WATCH_SAVES];
    char sum[WATCH_SUMS][9];
    char wrong[600]; // the first thing that is not right
};

struct watch *watch_new(struct vm *vm);

// What is known of a machine, for another on a copy of its NV memory.
struct watch *watch_copy(const struct watch *from, struct vm *vm);

// All that was saved is given up: the same machine, from its newest boot on.
struct watch *watch_begin(struct watch *old);

// Read what is new.  Returns NULL or a sentence: what is not right.
const char *watch_read(struct watch *watch);

// The machine was booted again: what must follow from its decision.  The same
// result.
const char *watch_boot(struct watch *watch, const struct vm_boot *boot);

// The same where the boot was cut, perhaps before it decided.
const char *watch_partial_boot(struct watch *watch);

// vm_wait() and vm_run() that read along.
const char *watch_wait(struct watch *watch, const char *pattern);
void watch_run(struct watch *watch, double ms);

// Wait until counter has said so many numbers more.
const char *watch_count(struct watch *watch, int numbers);

#endif

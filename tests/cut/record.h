// record.h -- one run of the machine: memory where it began, and all events
#ifndef CUT_RECORD_H
#define CUT_RECORD_H

#include "tests/cut/engine.h"

struct record {
    u32 build; // elf_build()
    u32 bytes; // of memory
    struct cut_event *events;
    u64 count;
    int base_fd; // memory at the first event
    char
        base[40]; // its path, for crash_new(), in this process and its children
};

// The machine is held where a trace has begun (a stop with STOP_TRACE).  Take its
// memory, let it go on until the trace has ended (STOP_RETURN, or a stop with
// STOP_END), take the events.  Returns where it is held now; ends the program
// if the trace is not whole.
int record_take(struct record *r, struct engine *e, double seconds);

// The same in two halves, between which the caller lets the machine go on until
// it is held at "at".
void record_begin(struct record *r, const struct engine *e);
void record_end(struct record *r, const struct engine *e, int at);
void record_free(struct record *r);

// After the first `from` events, how many it takes until a line was shown that
// promises to keep what is: "saved N", or that the next boot continues (*save is
// 0 then).  0: there is none.
u64 record_acknowledged(const struct record *r, u64 from, u32 *save);

// Keep it in a file, so that an event has the same number another time.  False:
// there is no such record.
void record_keep(const struct record *r, const char *path);
bool record_load(struct record *r, const char *path);

#endif

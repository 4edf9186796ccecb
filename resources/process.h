// process.h -- a program with its own virtual space
#ifndef RESOURCES_PROCESS_H
#define RESOURCES_PROCESS_H

#include "tender/gate.h"
#include "tender/table.h"

#define PROCESS_LIMIT 64u
#define PROCESS_OPEN_LIMIT 16u // resources one may have opened at a time
#define PROCESS_ARGS_BYTES 2048u
#define PROCESS_ARGS_MAX 128u

// A page below the stack stays unmapped.
#define PROCESS_STACK_TOP 0x7fff0000u
#define PROCESS_STACK_PAGES 16u

enum process_state {
    PROCESS_STARTING = 1, // being loaded: nobody may touch it
    PROCESS_RUNNING,
    PROCESS_ZOMBIE // has ended, its exit code waits for its owner
};

// The owner of the resource is the parent; RID_NONE: ends without a trace.
struct process_entry {
    struct res res;
    rid vspace;
    rid execution;
    u32 state;
    u32 flags; // PROCESS_...
    u32 killed;
    int exit_code;
    rid opened[PROCESS_OPEN_LIMIT];
};

struct process_loader; // process_load.h

struct processes {
    struct gate *gate;
    struct table *table;
    struct process_loader *loader; // one program is loaded at a time
    u32 loading;
    u32 counter; // makes names unique
    // A process without a parent has ended; may be NULL.
    void (*ended)(void *state, rid process, int exit_code);
    void *ended_state;
};

u32 process_bytes(void);

// Makes the kind known, and gate->rights.
void
process_init(struct processes *p, struct gate *gate, void *memory, u32 bytes);

#endif

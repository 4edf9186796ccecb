// gated.h -- a gate with one kind whose programs note what they are asked
//
// The kind is KIND_EVENT: READ, CONTROL, DELETE and CLOSE are for users, WRITE
// is not.  KIND_CONSOLE has nothing but WRITE.
#ifndef HOST_GATED_H
#define HOST_GATED_H

#include "tender/gate.h"
#include "tender/table.h"

#define PROCESS rid_make(KIND_PROCESS, 1, 3)
#define OTHER rid_make(KIND_PROCESS, 1, 4)

struct gated {
    struct gate gate;
    struct table *table;
    struct call last; // what a program was called with
    void *last_state;
    u32 programs;  // how often
    rid opened;    // by OTHER
    char user[64]; // a process's memory, at 100
};

extern struct gated gated;

void gated_open(void);
void gated_close(void);

// An entry of KIND_EVENT.
struct res *gated_add(const char *name, rid owner);

// Call with the arguments 5, 6, 7, 8, 9.
int gated_call(rid caller, rid target, u32 op);

#endif

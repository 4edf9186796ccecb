// program.h -- processes of the small kernel, as far as the gate sees them
//
// The kernel of host_kernel.h has no kind process.  Here is one that knows two:
// PROGRAM, whose virtual space is kernel()->vspace, and STRANGER, which has none.
#ifndef HOST_PROGRAM_H
#define HOST_PROGRAM_H

#include "host_kernel.h"
#include "tender/id.h"

#define PROGRAM rid_make(KIND_PROCESS, 1, 0)
#define STRANGER rid_make(KIND_PROCESS, 1, 1)

// A machine after its cold start, with these processes.
void program_open(void);

// Cut the power and boot; ends the test unless it comes out like this.
void program_boot(enum outcome expected);

// What the gate answers to a process.
int program_call(rid caller, u32 op, rid target, word a0, word a1, word a2,
                 word a3);

// The one resource that STRANGER has opened; RID_NONE: none.
void program_stranger_opened(rid target);

// Ends the test if tables, mappings or places are wrong.
void program_ck_whole(void);

// Frames that nobody uses.
u32 program_free(void);

// Take all memory but so many frames; -> a region to be deleted.
rid program_take_memory(u32 leave);

#endif

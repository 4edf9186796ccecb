// gate.h -- resource interface control: the one entry to every operation
//
// Paper 002, 1.2 M1.  The table-program structure is struct gate's kind[]: one
// row of operation programs per kind, each replaceable at run time.  Every
// operation, also the kernel's own, goes through gate_call(): ids, rights,
// counting and tracing are done here and nowhere else.
#ifndef TENDER_GATE_H
#define TENDER_GATE_H

#include "tender/format.h"
#include "tender/id.h"

struct call {
    rid caller; // the process that asks; RID_NONE = the kernel itself
    rid target; // a resource, or KIND_ID(kind)
    u32 op;
    word arg[5]; // programs pass four; the fifth is the kernel's
};

// An operation program.  The gate has checked kind, operation, id and rights;
// the program checks its arguments, then acts.  Returns >= 0 or an error.
typedef int (*op_program)(void *state, struct call *call);

struct kind {
    const char *name;
    void *state;         // passed to the programs
    struct table *table; // the management table, NULL if the kind has none
    op_program program[OPS];
    u32 user;       // bit 1u << op: users may call it on a resource
    u32 user_kind;  // bit 1u << op: users may call it on KIND_ID(kind)
    u32 owner_only; // bit 1u << op: having opened it is not enough
    // Fill in detail[] and state[] of an entry for people; may be NULL.
    void (*describe)(void *state, const struct res *res,
                     struct resource_info *info);
    void *program_state[OPS]; // gate_register() fills it in from state
    u32 calls[OPS];
};

// A program with what it is passed: for replacing.
struct replacement {
    op_program program;
    void *state;
};

// The doors the gate needs, filled in by the kinds that provide them.
struct rights_door {
    void *state;
    int (*may_use)(void *state, rid process, rid target); // opened it?
    int (*open)(void *state, rid process, rid target);
    int (*close)(void *state, rid process, rid target);
    void (*orphan)(void *state, rid process); // its children are nobody's now
};

struct user_memory_door {
    void *state; // copy between the kernel and a process's user spaces
    int (*in)(void *state, rid process, void *to, u32 from, u32 bytes);
    int (*out)(void *state, rid process, u32 to, const void *from, u32 bytes);
};

#define TRACE_LINES 256u

struct gate {
    struct kind kind[KINDS];
    struct rights_door rights;
    struct user_memory_door user;
    u32 traced; // lines ever written
    struct trace_line trace[TRACE_LINES];
};

void gate_init(struct gate *gate);

// Make a kind known.  The programs may be NULL: the kind has no such operation.
void gate_register(struct gate *gate, u32 kind, const struct kind *row);

// Put another program into the table-program structure; returns the old one.
struct replacement
gate_replace(struct gate *gate, u32 kind, u32 op, struct replacement by);

// Perform an operation.  Order of the checks: kind, operation, id, rights.
int gate_call(struct gate *gate, struct call *call);

// The kernel's own calls.  Names are kernel strings.
int gate_create(struct gate *gate, u32 kind, const char *name, word a1, word a2,
                word a3, word a4);
int gate_delete(struct gate *gate, rid id);
int gate_control(struct gate *gate, rid target, word code, word a1, word a2,
                 word a3);

// The entry behind an id, or NULL: for programs that were given an id.
struct res *gate_entry(const struct gate *gate, rid id);

// Whether a process owns a resource or has opened it.
int gate_may_use(const struct gate *gate, rid process, const struct res *res);

// Copy arguments: from user space for a process, plainly for the kernel.
// E_POINTER if the process may not read or write there.
int call_in(struct gate *gate, const struct call *call, void *to, word from,
            u32 bytes);
int call_out(struct gate *gate, const struct call *call, word to,
             const void *from, u32 bytes);

// Copy a name argument (0 = anonymous) into name[NAME_MAX].
int
call_name(struct gate *gate, const struct call *call, word from, char *name);

// Delete everything a process owns, newest kinds first; its children go on without.
void gate_delete_owned(struct gate *gate, rid process);

#endif

// execution.h -- the unit that gets the processor
#ifndef RESOURCES_EXECUTION_H
#define RESOURCES_EXECUTION_H

#include "tender/gate.h"
#include "tender/machine.h"
#include "tender/table.h"

#define EXECUTION_LIMIT 96u
#define EXECUTION_QUANTUM_TICKS 2u // of 10 ms
#define EXECUTION_QUANTUM_US 20000u
#define EXECUTION_STACK_PAGES 2u

enum execution_state {
    EXECUTION_READY = 1,
    EXECUTION_RUNNING,
    EXECUTION_WAITING,
    EXECUTION_DEAD // still on its stack
};

struct execution_entry {
    struct res res;
    _Alignas(16) u8 fpu[512];
    rid process;
    rid vspace;
    u32 directory; // physical address of its page directory
    u32 state;
    u32 channel;       // it waits for; 0 = only for the deadline
    u32 waiting_since; // order of arrival
    u64 deadline_us;   // 0 = none
    int result;        // of the wait
    u32 inside;        // it left the processor inside an operation
    u32 killed;        // it ends on its way back to user mode
    rid stack;         // virtual kernel space
    u32 stack_top;
    u32 stack_pointer;       // while it does not run
    u32 ticks;               // during which it was the one that ran
    u32 tls[MACHINE_TLS][2]; // thread-local storage
    u64 used_us;
    u64 fair_us; // the least one runs first; see pick()
};

struct executions {
    struct gate *gate;
    struct table *table;
    rid current;  // RID_NONE = the idle execution
    u32 begun;    // the boot stack is left
    u32 occupied; // by the system: nothing switches
    u32 wanted;   // a switch, as soon as possible
    rid dead;     // to be reaped once its stack is left
    u32 last;     // index of the one that ran last
    u32 slice_ticks;
    u32 arrivals;
    u32 switches;
    u32 boot_stack_pointer;
    u64 slice_us; // when the current one got the processor
    u64 fair_floor_us;
    struct execution_entry idle; // not in the table: never listed
};

u32 execution_bytes(void);
void execution_init(struct executions *e, struct gate *gate, void *memory,
                    u32 bytes);

// Leave the boot stack for the first execution.
_Noreturn void execution_begin(struct executions *e);

// From the timer interrupt, every 10 ms.
void execution_tick(struct executions *e);

// At the end of every trap that came from user mode or from idle: the way back
// to user mode.  Ends a killed execution, switches if that is wanted.
void execution_preempt(struct executions *e);

// The process that the processor works for, RID_NONE when there is none.
rid execution_process(const struct executions *e);

// After a restore: tell the machine again which execution is current.
void execution_restored(struct executions *e);

// The first broken invariant as a sentence, or NULL.
const char *execution_check(const struct executions *e);

#endif

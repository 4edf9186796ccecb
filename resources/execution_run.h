// execution_run.h -- what the kind execution asks of its scheduler
#ifndef RESOURCES_EXECUTION_RUN_H
#define RESOURCES_EXECUTION_RUN_H

#include "resources/execution.h"

// The entry of an id, the next one of the table, the one that has the
// processor (never NULL once begun).
struct execution_entry *run_entry(const struct executions *e, rid id);
struct execution_entry *run_next(const struct executions *e, u32 *index);
struct execution_entry *run_current(struct executions *e);

// Remove an execution that nobody stands on.
void run_discard(struct executions *e, struct execution_entry *entry);

// Remove the dead execution if its stack was left.
void run_reap(struct executions *e);

// A waiting execution waits no more.
void run_ready(struct executions *e, struct execution_entry *entry, int result);

// The current one waits for channel (0 = nobody wakes it) or ms milliseconds
// (0 = for ever).  E_BUSY when nothing may wait: before the first execution
// runs, while the system is occupied, in idle.
int run_block(struct executions *e, u32 channel, u32 ms);
int run_yield(struct executions *e);

// Returns how many were woken, those that wait longest first.
int run_wake(struct executions *e, u32 channel, u32 most);

_Noreturn void run_begin(struct executions *e);

#endif

// timer.h -- signals an event after or every so many milliseconds
#ifndef RESOURCES_TIMER_H
#define RESOURCES_TIMER_H

#include "tender/gate.h"
#include "tender/table.h"

#define TIMER_LIMIT 64u

struct timer_entry {
    struct res res;
    u64 due_us;
    rid event;
    u32 ms;
    u32 periodic;
    u32 running;
};

struct timers {
    struct gate *gate;
    struct table *table;
};

u32 timer_bytes(void);
void
timer_init(struct timers *timers, struct gate *gate, void *memory, u32 bytes);

// From the timer interrupt.
void timer_tick(struct timers *timers);

#endif

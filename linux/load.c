// load.c -- how many tasks wanted the processor, averaged over 1, 5, 15 minutes
#include "linux/linux.h"

#define PERIOD_US 5000000u

// What is left of the average after a period, of LOAD_ONE: exp(-5 s / minutes).
static const u32 left[LOADS] = {1884, 2014, 2037};

static u32
wanting(const struct linux *l)
{
    const struct task *t;
    u32 count = 0;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL)
        count += t->state == TASK_RUNNING && !t->waiting;
    return count;
}

// Averages decay by one step for each period that passed, however late we are;
// after a long time none of the old is left.
void
load_tick(struct linux *l, u64 now_us)
{
    u32 now;

    if (now_us < l->load_next_us)
        return;
    now = wanting(l) * LOAD_ONE;
    for (u32 i = 0; i < LOADS; i++)
        l->load[i] = (l->load[i] * left[i] + now * (LOAD_ONE - left[i]) +
                      (now > l->load[i] ? LOAD_ONE - 1 : 0)) /
                     LOAD_ONE;
    l->load_next_us = now_us + PERIOD_US;
}

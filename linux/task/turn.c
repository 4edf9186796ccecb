// turn.c -- taking turns inside calls: one at a time, and not for too long
//
// The kernel is preempted only where it waits. A call that moves much therefore
// rests from time to time: 1 ms, in which interrupts come in and others run.
#include "linux/errno.h"
#include "linux/linux.h"

#define TURN_US 20000u
#define REST_US 1000u

enum { FREE, TAKEN, WANTED }; // somebody waits for it

int
task_lock(struct task *t, u32 *busy)
{
    while (*busy != FREE) {
        *busy = WANTED;
        int err = task_wait(t, busy, 0);

        if (err < 0)
            return err;
    }
    *busy = TAKEN;
    return 0;
}

int
task_lock_killable(struct task *t, u32 *busy)
{
    while (*busy != FREE) {
        *busy = WANTED;
        int err = task_wait_killable(t, busy, 0);

        if (err < 0)
            return err;
    }
    *busy = TAKEN;
    return 0;
}

void
task_unlock(struct linux *l, u32 *busy)
{
    u32 was = *busy;

    *busy = FREE;
    if (was == WANTED)
        task_wake(l, busy, TASKS_MAX);
}

int
task_breathe(struct task *t)
{
    u64 now = machine_now_us();

    if (t->turn_us == 0)
        t->turn_us = now + TURN_US;
    if (now >= t->turn_us) {
        t->turn_us = 0;
        task_wait_killable(t, &t->turn_us, REST_US);
    }
    return t->ending || signal_kills(t);
}

// timer.c -- system calls: timers that send a signal
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/call/sets.h"

#define ITIMER_REAL 0u
#define ITIMER_PROF 2u
#define US 1000000u

struct timer {
    u64 period, left;
};

static struct timer
timer_of(const struct task *leader, u32 which)
{
    u64 now = machine_now_us();

    if (which != ITIMER_REAL)
        return (struct timer){leader->timer_period_us[which - 1],
                              leader->timer_us[which - 1]};
    if (leader->alarm_us == 0)
        return (struct timer){leader->alarm_period_us, 0};
    return (struct timer){leader->alarm_period_us,
                          leader->alarm_us > now ? leader->alarm_us - now : 1};
}

static void
set_timer(struct task *leader, u32 which, struct timer timer)
{
    if (which == ITIMER_REAL) {
        leader->alarm_us = timer.left == 0 ? 0 : machine_now_us() + timer.left;
        leader->alarm_period_us = timer.period;
    } else {
        leader->timer_us[which - 1] = timer.left;
        leader->timer_period_us[which - 1] = timer.period;
    }
}

static int
put_timer(struct task *t, u32 which, u32 to)
{
    const struct timer timer = timer_of(task_leader(t), which);
    int err = time_put_us(t, timer.period, to);

    return err < 0 ? err : time_put_us(t, timer.left, to + 8);
}

int
sys_getitimer(struct task *t, const u32 *a)
{
    return a[0] > ITIMER_PROF ? -EINVAL : put_timer(t, a[0], a[1]);
}

int
sys_setitimer(struct task *t, const u32 *a)
{
    struct timer timer = {0};
    int err = 0;

    if (a[0] > ITIMER_PROF)
        return -EINVAL;
    if (a[1] != 0) {
        err = time_get_us(t, &timer.period, a[1]);
        if (err == 0)
            err = time_get_us(t, &timer.left, a[1] + 8);
    }
    if (err == 0 && a[2] != 0)
        err = put_timer(t, a[0], a[2]);
    if (err == 0)
        set_timer(task_leader(t), a[0], timer);
    return err;
}

// Seconds that were left, rounded as Linux does: never 0 if there were any.
int
sys_alarm(struct task *t, const u32 *a)
{
    struct task *leader = task_leader(t);
    u64 left = timer_of(leader, ITIMER_REAL).left;
    u64 seconds = left == 0 ? 0 : MAX((left + US / 2) / US, 1);

    set_timer(leader, ITIMER_REAL, (struct timer){0, (u64)a[0] * US});
    return (int)seconds;
}

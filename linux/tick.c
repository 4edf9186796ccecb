// tick.c -- what comes with time: timers' signals; and after a power cut
#include "linux/linux.h"
#include "tender/text.h"

#define TICK_US 10000u

static void
tick_alarm(struct task *t, u64 now)
{
    if (t->alarm_us == 0 || t->alarm_us > now)
        return;
    // Periods that passed unseen are one signal, as they would be pending.
    if (t->alarm_period_us == 0)
        t->alarm_us = 0;
    else
        t->alarm_us +=
            ((now - t->alarm_us) / t->alarm_period_us + 1) * t->alarm_period_us;
    signal_process(t, SIGALRM, NULL);
}

// The process of the running thread used a tick. The tick came in user mode:
// kernel code is not interrupted.
static void
tick_used(struct task *leader)
{
    static const u32 number[2] = {26 /* SIGVTALRM */, 27 /* SIGPROF */};

    limit_used(leader);
    for (u32 i = 0; i < 2; i++) {
        if (leader->timer_us[i] == 0)
            continue;
        if (leader->timer_us[i] > TICK_US) {
            leader->timer_us[i] -= TICK_US;
            continue;
        }
        leader->timer_us[i] = leader->timer_period_us[i];
        signal_process(leader, number[i], NULL);
    }
}

void
linux_tick(struct linux *l)
{
    struct task *current = task_current(l);
    u64 now = machine_now_us();
    struct task *t;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL)
        tick_alarm(t, now);
    load_tick(l, now);
    if (current != NULL && task_alive(current))
        tick_used(task_leader(current));
}

void
linux_restarted(struct linux *l, u32 outcome, u32 save, u64 lost_us)
{
    struct task *t;
    u32 i = 0;

    l->outcome = outcome;
    l->save = save;
    l->lost_us = lost_us;
    l->restarts++;
    l->log_read = l->log_cleared = 0; // the log is a new one
    file_wake(l);                     // /proc/tender/restart
    while ((t = task_next(l, &i)) != NULL) {
        // Its first thread may have ended before others.
        const struct task *living =
            t->leader == t->res.id ? signal_living(t) : NULL;

        if (living == NULL)
            continue;
        u32 handler = living->handlers->action[SIGPWR].handler;

        if (handler != SIG_DFL && handler != SIG_IGN)
            signal_process(t, SIGPWR, NULL);
    }
}

// mask.c -- system calls: signals blocked, and waited for
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/call/sets.h"

#define SIG_BLOCK 0u
#define SIG_UNBLOCK 1u
#define SIG_SETMASK 2u

static int
change_mask(struct task *t, u32 how, u64 set)
{
    switch (how) {
    case SIG_BLOCK:
        signal_block(t, t->blocked | set);
        return 0;
    case SIG_UNBLOCK:
        signal_block(t, t->blocked & ~set);
        return 0;
    case SIG_SETMASK:
        signal_block(t, set);
        return 0;
    default:
        return -EINVAL;
    }
}

int
sys_rt_sigprocmask(struct task *t, const u32 *a)
{
    u64 old = t->blocked;
    u64 set;
    int err;

    if (a[3] != 8)
        return -EINVAL;
    if (a[1] != 0) {
        if ((err = set_get(t, &set, a[1], a[3])) < 0 ||
            (err = change_mask(t, a[0], set)) < 0)
            return err;
    }
    return a[2] != 0 ? set_put(t, old, a[2]) : 0;
}

// The old call knows 32 signals; the others stay as they are.
int
sys_sigprocmask(struct task *t, const u32 *a)
{
    u32 old = (u32)t->blocked;
    u32 low;
    int err;

    if (a[1] != 0) {
        err = memory_in(t->memory, &low, a[1], sizeof(low));
        if (err < 0)
            return err;
        u64 high = a[0] == SIG_SETMASK ? t->blocked >> 32 << 32 : 0;

        err = change_mask(t, a[0], high | low);
        if (err < 0)
            return err;
    }
    return a[2] != 0 ? memory_out(t->memory, a[2], &old, sizeof(old)) : 0;
}

static u64
pending(const struct task *t)
{
    return (t->pending | task_leader(t)->shared) & t->blocked;
}

int
sys_rt_sigpending(struct task *t, const u32 *a)
{
    u32 words[2] = {(u32)pending(t), (u32)(pending(t) >> 32)};

    return a[1] > 8 ? -EINVAL : memory_out(t->memory, a[0], words, a[1]);
}

int
sys_sigpending(struct task *t, const u32 *a)
{
    u32 low = (u32)pending(t);

    return memory_out(t->memory, a[0], &low, sizeof(low));
}

// --- waiting ---

int
sys_pause(struct task *t, const u32 *a)
{
    int err;

    (void)a;
    do
        err = task_wait(t, &t->pending, 0);
    while (err == 0);
    return err == -ERESTART ? -ERESTART_NO_HANDLER : err;
}

static int
suspend(struct task *t, u64 mask)
{
    if (!t->has_suspended) {
        t->suspended = t->blocked;
        t->has_suspended = 1;
    }
    signal_block(t, mask);
    return sys_pause(t, NULL);
}

int
sys_rt_sigsuspend(struct task *t, const u32 *a)
{
    u64 mask;
    int err = set_get(t, &mask, a[0], a[1]);

    return err < 0 ? err : suspend(t, mask);
}

int
sys_sigsuspend(struct task *t, const u32 *a)
{
    return suspend(t, a[2] | t->blocked >> 32 << 32);
}

// While it waits the wanted signals stir it though they are blocked.
static int
wait_for(struct task *t, u64 set, u64 us, struct signal_info *info)
{
    u64 deadline = machine_now_us() + us;
    u32 number;
    int err = 0;

    while ((number = signal_take(t, set, info)) == 0 && err == 0) {
        u64 now = machine_now_us();

        if (us != ~0ull && now >= deadline)
            return -EAGAIN;
        t->awaited = set;
        err = task_wait(t, &t->pending, us == ~0ull ? 0 : deadline - now);
        t->awaited = 0;
    }
    if (number != 0)
        return (int)number;
    return err == -ETIMEDOUT ? -EAGAIN : -EINTR;
}

static int
timed_wait(struct task *t, const u32 *a, int is64)
{
    u32 words[SIGNAL_INFO_WORDS];
    struct signal_info info;
    u64 us = ~0ull;
    u64 set;
    int err = set_get(t, &set, a[0], a[3]);

    if (err == 0 && a[2] != 0)
        err = time_get(t, &us, a[2], is64);
    if (err < 0)
        return err;
    set &= ~(SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP));
    int number = wait_for(t, set, us, &info);

    if (number <= 0 || a[1] == 0)
        return number;
    signal_info_put(words, &info);
    err = memory_out(t->memory, a[1], words, sizeof(words));
    return err < 0 ? err : number;
}

int
sys_rt_sigtimedwait(struct task *t, const u32 *a)
{
    return timed_wait(t, a, 0);
}

int
sys_rt_sigtimedwait_time64(struct task *t, const u32 *a)
{
    return timed_wait(t, a, 1);
}

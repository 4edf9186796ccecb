// time.c -- system calls: clocks, sleep, timers
//
// The monotonic clock stands still while the power is off; the real time does
// not. Sleep counts monotonic time. A sleep that is made again after a stop or
// a power cut ends when it would have.
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/call/sets.h"

#define CLOCK_REALTIME 0u
#define CLOCK_MONOTONIC 1u
#define CLOCK_PROCESS 2u
#define CLOCK_THREAD 3u
#define CLOCK_MONOTONIC_RAW 4u
#define CLOCK_REALTIME_COARSE 5u
#define CLOCK_MONOTONIC_COARSE 6u
#define CLOCK_BOOTTIME 7u
#define CLOCK_TAI 11u
#define TIMER_ABSTIME 1u
#define US 1000000u

// --- reading clocks ---

static int
is_real(u32 clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ||
           clock == CLOCK_TAI;
}

static int
clock_us(const struct task *t, u32 clock, u64 *us)
{
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_TAI:
        *us = linux_real_us(t->linux);
        return 0;
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
        *us = machine_now_us();
        return 0;
    case CLOCK_PROCESS:
        *us = task_used_us(t);
        return 0;
    case CLOCK_THREAD:
        *us = t->user_us + task_execution(t)->used_us;
        return 0;
    default:
        return -EINVAL;
    }
}

static int
get_clock(struct task *t, const u32 *a, int is64)
{
    u64 us;
    int err = clock_us(t, a[0], &us);

    return err < 0 ? err : time_put(t, us, a[1], is64);
}

int
sys_clock_gettime(struct task *t, const u32 *a)
{
    return get_clock(t, a, 0);
}

int
sys_clock_gettime64(struct task *t, const u32 *a)
{
    return get_clock(t, a, 1);
}

// Microseconds, for the coarse ones a tick.
static int
get_resolution(struct task *t, const u32 *a, int is64)
{
    u64 us;
    int err = clock_us(t, a[0], &us);
    int coarse =
        a[0] == CLOCK_REALTIME_COARSE || a[0] == CLOCK_MONOTONIC_COARSE;

    if (err < 0 || a[1] == 0)
        return err;
    return time_put(t, coarse ? 10000 : 1, a[1], is64);
}

int
sys_clock_getres(struct task *t, const u32 *a)
{
    return get_resolution(t, a, 0);
}

int
sys_clock_getres_time64(struct task *t, const u32 *a)
{
    return get_resolution(t, a, 1);
}

int
sys_time(struct task *t, const u32 *a)
{
    u32 seconds = (u32)(linux_real_us(t->linux) / US);
    int err = 0;

    if (a[0] != 0)
        err = memory_out(t->memory, a[0], &seconds, sizeof(seconds));
    return err < 0 ? err : (int)seconds;
}

int
sys_gettimeofday(struct task *t, const u32 *a)
{
    const u32 zone[2] = {0, 0};
    int err = 0;

    if (a[0] != 0)
        err = time_put_us(t, linux_real_us(t->linux), a[0]);
    if (err == 0 && a[1] != 0)
        err = memory_out(t->memory, a[1], zone, sizeof(zone));
    return err;
}

// --- setting the real time ---

static int
set_real(struct task *t, int err, u64 us)
{
    if (err < 0)
        return err;
    if (t->euid != 0)
        return -EPERM;
    linux_set_real(t->linux, us);
    return 0;
}

static int
set_clock(struct task *t, const u32 *a, int is64)
{
    u64 us = 0;

    if (a[0] != CLOCK_REALTIME)
        return -EINVAL;
    int err = time_get(t, &us, a[1], is64);

    return set_real(t, err, us);
}

int
sys_clock_settime(struct task *t, const u32 *a)
{
    return set_clock(t, a, 0);
}

int
sys_clock_settime64(struct task *t, const u32 *a)
{
    return set_clock(t, a, 1);
}

int
sys_settimeofday(struct task *t, const u32 *a)
{
    u64 us = 0;

    if (a[0] == 0)
        return 0; // only a time zone, which nobody has here
    int err = time_get_us(t, &us, a[0]);

    return set_real(t, err, us);
}

int
sys_stime(struct task *t, const u32 *a)
{
    u32 seconds = 0;
    int err = memory_in(t->memory, &seconds, a[0], sizeof(seconds));

    return set_real(t, err, (u64)seconds * US);
}

// --- sleeping ---

// Up to a moment of the monotonic clock. rest: where what is left goes, or 0.
static int
sleep_until(struct task *t, u64 until, u32 rest, int is64)
{
    int err = 0;

    t->sleep_until_us = MAX(until, 1);
    while (err == 0) {
        u64 now = machine_now_us();

        if (now >= until)
            return 0;
        err = task_wait(t, &t->sleep_until_us, until - now);
    }
    if (err == -ETIMEDOUT)
        return 0;
    u64 now = machine_now_us();

    if (rest != 0 && time_put(t, until > now ? until - now : 0, rest, is64) < 0)
        return -EFAULT;
    return err == -ERESTART ? -ERESTART_NO_HANDLER : err;
}

static int
sleep(struct task *t, u32 from, u32 rest, int is64)
{
    u64 again = t->sleep_until_us;
    u64 us;
    int err = time_get(t, &us, from, is64);

    if (err < 0)
        return err;
    return sleep_until(t, again != 0 ? again : machine_now_us() + us, rest,
                       is64);
}

int
sys_nanosleep(struct task *t, const u32 *a)
{
    return sleep(t, a[0], a[1], 0);
}

static int
clock_sleep(struct task *t, const u32 *a, int is64)
{
    u64 until;
    u64 now;
    int err = clock_us(t, a[0], &now);

    if (err < 0 || a[0] == CLOCK_THREAD)
        return -EINVAL;
    if (a[0] == CLOCK_PROCESS)
        return -EINVAL; // nothing wakes by time used
    if ((a[1] & TIMER_ABSTIME) == 0)
        return sleep(t, a[2], a[3], is64);
    err = time_get(t, &until, a[2], is64);
    if (err < 0)
        return err;
    if (is_real(a[0]))
        until -= MIN(until, t->linux->boot_real_us);
    return sleep_until(t, until, 0, is64);
}

int
sys_clock_nanosleep(struct task *t, const u32 *a)
{
    return clock_sleep(t, a, 0);
}

int
sys_clock_nanosleep_time64(struct task *t, const u32 *a)
{
    return clock_sleep(t, a, 1);
}

// Calls that are to be made again are made again by themselves.
int
sys_restart_syscall(struct task *t, const u32 *a)
{
    (void)t;
    (void)a;
    return -EINTR;
}

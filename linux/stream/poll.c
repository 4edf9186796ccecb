// poll.c -- what poll, select and epoll have in common
#include "linux/stream/poll.h"

#include "linux/errno.h"
#include "linux/linux.h"

#define SECOND_US 1000000ull
#define LONG_S 0x7fffffffll // longer than anybody waits

u32
file_poll(struct file *f, u32 wanted)
{
    u32 now = f->ops->poll == NULL ? POLLIN | POLLOUT : f->ops->poll(f);

    if (now & POLLIN)
        now |= POLLRDNORM;
    if (now & POLLOUT)
        now |= POLLWRNORM;
    return now & (wanted | POLLERR | POLLHUP);
}

void
file_wake(struct linux *l)
{
    l->polls++;
    task_wake(l, &l->polls, TASKS_MAX);
}

int
poll_wait(struct task *t, const struct poll_limit *limit)
{
    u64 left_us = 0;

    if (!limit->forever) {
        u64 now_us = machine_now_us();

        if (now_us >= limit->until_us)
            return 1;
        left_us = limit->until_us - now_us;
    }
    int err = task_wait(t, &t->linux->polls, left_us);

    return err == -ETIMEDOUT ? 0 : err; // one more look, then it is over
}

// --- times ---

// A call that is made again after a signal goes on with the time it had.
static struct poll_limit
limit_in_us(struct task *t, u64 us)
{
    if (us == 0)
        return (struct poll_limit){0, 0};
    if (t->sleep_until_us == 0)
        t->sleep_until_us = machine_now_us() + us;
    return (struct poll_limit){0, t->sleep_until_us};
}

struct poll_limit
poll_limit_ms(struct task *t, int ms)
{
    if (ms < 0)
        return (struct poll_limit){1, 0};
    return limit_in_us(t, (u64)ms * 1000);
}

int
poll_limit_in(struct task *t, u32 address, enum time_form form,
              struct poll_limit *limit)
{
    int got[4];
    long long seconds;
    u32 part;

    *limit = (struct poll_limit){1, 0};
    if (address == 0)
        return 0;
    if (memory_in(t->memory, got, address, form == TIME_NS64 ? 16 : 8) < 0)
        return -EFAULT;
    seconds = got[0];
    part = (u32)got[1];
    if (form == TIME_NS64) {
        seconds = (long long)((u64)(u32)got[1] << 32 | (u32)got[0]);
        part = (u32)got[2];
    }
    // select() takes a million microseconds and more for whole seconds.
    if (seconds < 0 || (int)part < 0 || (form != TIME_US && part >= 1000000000))
        return -EINVAL;
    if (seconds < LONG_S)
        *limit =
            limit_in_us(t, (u64)seconds * SECOND_US +
                               (form == TIME_US ? part : (part + 999) / 1000));
    return 0;
}

void
poll_limit_out(struct task *t, u32 address, enum time_form form,
               const struct poll_limit *limit)
{
    u64 now_us = machine_now_us();
    u64 left_us = limit->until_us > now_us ? limit->until_us - now_us : 0;
    u32 part[4] = {0, 0, 0, 0};

    if (address == 0 || limit->forever)
        return;
    part[0] = (u32)(left_us / SECOND_US);
    part[form == TIME_NS64 ? 2 : 1] =
        (u32)(left_us % SECOND_US) * (form == TIME_US ? 1 : 1000);
    // A timeout that lies in constants is no reason to fail.
    memory_out(t->memory, address, part, form == TIME_NS64 ? 16 : 8);
}

// --- the signal mask ---

int
poll_mask_begin(struct task *t, u32 address, u32 bytes)
{
    u64 mask;

    if (address == 0)
        return 0;
    if (bytes != SIGNAL_MASK_BYTES)
        return -EINVAL;
    if (memory_in(t->memory, &mask, address, sizeof(mask)) < 0)
        return -EFAULT;
    if (!t->has_suspended) {
        t->suspended = t->blocked;
        t->has_suspended = 1;
    }
    signal_block(t, mask);
    return 0;
}

int
poll_mask_end(struct task *t, int result)
{
    if (!t->has_suspended || result == -EINTR || result == -ERESTART ||
        result == -ERESTART_NO_HANDLER)
        return result;
    t->has_suspended = 0;
    signal_block(t, t->suspended);
    return result;
}

int
file_nameless(struct task *t, const struct file_ops *ops, u32 flags,
              void *state)
{
    struct inode *inode;
    struct file *f = NULL;
    int result = tree_nameless(t->linux, 0600, &inode);

    if (result < 0)
        return result;
    f = file_new(t->linux, ops, O_RDWR | (flags & O_NONBLOCK), inode, state);
    inode_drop(inode);
    if (f == NULL)
        return -ENOMEM;
    result = files_add(t->files, f, 0, (flags & O_CLOEXEC) != 0);
    if (result < 0) {
        f->ops = &regular_ops; // the state is still the caller's
        file_drop(f);
    }
    return result;
}

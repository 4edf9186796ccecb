// devices.c -- the devices without hardware, and which number means what
#include "linux/errno.h"
#include "linux/linux.h"
#include "tender/text.h"

#define CHUNK 256u
#define REST 0x10000u // bytes between two looks at the clock

static int
read_nothing(struct task *t, struct file *f, struct buffer *to, u32 bytes,
             u64 *position)
{
    (void)t, (void)f, (void)to, (void)bytes, (void)position;
    return 0;
}

static int
write_away(struct task *t, struct file *f, struct buffer *from, u32 bytes,
           u64 *position)
{
    (void)t, (void)f, (void)from, (void)position;
    return (int)bytes;
}

static int
write_full(struct task *t, struct file *f, struct buffer *from, u32 bytes,
           u64 *position)
{
    (void)t, (void)f, (void)from, (void)bytes, (void)position;
    return -ENOSPC;
}

// What has no end is read until a signal comes.
static int
may_go_on(struct task *t, u32 done, u32 bytes)
{
    if (done > 0 && done % REST == 0)
        task_breathe(t);
    return done < bytes && !(done > 0 && signal_pending(t));
}

static int
read_zeros(struct task *t, struct file *f, struct buffer *to, u32 bytes,
           u64 *position)
{
    u32 done = 0;

    (void)f, (void)position;
    while (may_go_on(t, done, bytes)) {
        u32 n = MIN(bytes - done, BUFFER_ZEROS);
        int err = buffer_put_zeros(to, n);

        if (err < 0)
            return done > 0 ? (int)done : err;
        done += n;
    }
    return (int)done;
}

static int
read_random(struct task *t, struct file *f, struct buffer *to, u32 bytes,
            u64 *position)
{
    u32 chunk[CHUNK / 4];
    u32 done = 0;

    (void)position;
    while (may_go_on(t, done, bytes)) {
        u32 n = MIN(bytes - done, CHUNK);

        for (u32 i = 0; i < (n + 3) / 4; i++)
            chunk[i] = linux_random(f->linux);
        int err = buffer_put(to, chunk, n);

        if (err < 0)
            return done > 0 ? (int)done : err;
        done += n;
    }
    return (int)done;
}

static const struct file_ops null_ops = {
    .read = read_nothing, .write = write_away, .seekable = 1};
static const struct file_ops zero_ops = {
    .read = read_zeros, .write = write_away, .seekable = 1};
static const struct file_ops full_ops = {
    .read = read_zeros, .write = write_full, .seekable = 1};
static const struct file_ops random_ops = {
    .read = read_random, .write = write_away, .seekable = 1};

static const struct {
    u32 device;
    const struct file_ops *ops;
} devices[] = {
    {DEVICE(1, 3), &null_ops},   {DEVICE(1, 5), &zero_ops},
    {DEVICE(1, 7), &full_ops},   {DEVICE(1, 8), &random_ops},
    {DEVICE(1, 9), &random_ops}, {DEVICE(4, 64), &tty_ops}, // ttyS0
    {DEVICE(5, 0), &tty_ops}, // tty: the task's own
    {DEVICE(5, 1), &tty_ops}, // console
};

const struct file_ops *
device_ops(u32 rdev)
{
    for (u32 i = 0; i < ARRAY_LEN(devices); i++)
        if (devices[i].device == rdev)
            return devices[i].ops;
    return NULL;
}

// file_vector.c -- reading and writing by lists of buffers
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/call/user.h"

#define VECTORS_MAX 1024u

struct vector {
    u32 base, bytes;
};

_Static_assert(sizeof(struct vector) == 8, "struct iovec of i386");

// All lengths are looked at before anything is moved. -> 0 or -errno
static int
check(struct task *t, u32 list, u32 count)
{
    if (count > VECTORS_MAX)
        return -EINVAL;
    for (u32 i = 0; i < count; i++) {
        struct vector v;
        int err = user_get(t, &v, list + i * sizeof(v), sizeof(v));

        if (err < 0)
            return err;
        if ((int)v.bytes < 0)
            return -EINVAL;
    }
    return 0;
}

// A call that got something does not wait for more.
static int
would_wait(struct file *f)
{
    return f->ops->poll != NULL && (f->ops->poll(f) & POLLIN) == 0;
}

static int
move(struct task *t, struct file *f, int write, const u32 *a, u64 *position)
{
    u32 done = 0;

    for (u32 i = 0; i < a[2] && done < TRANSFER_MAX; i++) {
        struct vector v;
        int got = user_get(t, &v, a[1] + i * sizeof(v), sizeof(v));

        if (got == 0 && v.bytes == 0 && f->ops != &directory_ops)
            continue;
        if (done > 0 && !write && would_wait(f))
            break;
        if (got == 0) {
            struct buffer b = {t->memory, v.base};

            v.bytes = MIN(v.bytes, TRANSFER_MAX - done);
            got = user_transfer(t, f, write, &b, v.bytes, position);
        }
        if (got < 0)
            return done > 0 ? (int)done : got;
        done += (u32)got;
        if ((u32)got < v.bytes || user_enough(t, done))
            break;
    }
    return (int)done;
}

static int
vector(struct task *t, const u32 *a, int write, u64 *position)
{
    struct file *f = user_file(t, a[0]);
    struct buffer none = {NULL, 0};

    if (f == NULL)
        return -EBADF;
    if (position != NULL && !f->ops->seekable)
        return -ESPIPE;
    // Nothing: only whether this may be done at all.
    int err = user_transfer(t, f, write, &none, 0, &f->position);

    if (err < 0)
        return err;
    if (position == NULL)
        err = user_turn(t, f);
    else
        file_hold(f); // looking at the list may wait
    if (err < 0)
        return err;
    err = check(t, a[1], a[2]);
    if (err == 0)
        err = move(t, f, write, a, position != NULL ? position : &f->position);
    if (position == NULL)
        user_turn_over(t, f);
    else
        file_drop(f);
    return err;
}

int
sys_readv(struct task *t, const u32 *a)
{
    return vector(t, a, 0, NULL);
}

int
sys_writev(struct task *t, const u32 *a)
{
    return vector(t, a, 1, NULL);
}

int
sys_preadv(struct task *t, const u32 *a)
{
    u64 position = wide(a + 3);

    return (a[4] & 0x80000000u) != 0 ? -EINVAL : vector(t, a, 0, &position);
}

int
sys_pwritev(struct task *t, const u32 *a)
{
    u64 position = wide(a + 3);

    return (a[4] & 0x80000000u) != 0 ? -EINVAL : vector(t, a, 1, &position);
}

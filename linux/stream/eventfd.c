// eventfd.c -- a counter as a file
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/stream/poll.h"

#define EFD_SEMAPHORE 1u
#define COUNT_MAX (~0ull - 1)

struct counter {
    u64 count;
    u32 semaphore; // reading takes one, not all
    u32 changes;
};

static void
changed(struct file *f, struct counter *c)
{
    c->changes++;
    task_wake(f->linux, c, TASKS_MAX);
    file_wake(f->linux);
}

static int
wait(struct task *t, struct file *f)
{
    return f->flags & O_NONBLOCK ? -EAGAIN : task_wait(t, f->state, 0);
}

static int
read(struct task *t, struct file *f, struct buffer *to, u32 bytes,
     u64 *position)
{
    struct counter *c = f->state;
    u64 taken;
    int err;

    (void)position;
    if (bytes < sizeof(taken))
        return -EINVAL;
    while (c->count == 0) {
        err = wait(t, f);
        if (err < 0)
            return err;
    }
    taken = c->semaphore ? 1 : c->count;
    c->count -= taken;
    changed(f, c);
    err = buffer_put(to, &taken, sizeof(taken));
    return err < 0 ? err : (int)sizeof(taken);
}

static int
write(struct task *t, struct file *f, struct buffer *from, u32 bytes,
      u64 *position)
{
    struct counter *c = f->state;
    u64 added;
    int err;

    (void)position;
    if (bytes < sizeof(added))
        return -EINVAL;
    err = buffer_get(from, &added, sizeof(added));
    if (err < 0)
        return err;
    if (added > COUNT_MAX)
        return -EINVAL;
    while (added > COUNT_MAX - c->count) {
        err = wait(t, f);
        if (err < 0)
            return err;
    }
    c->count += added;
    changed(f, c);
    return (int)sizeof(added);
}

static u32
poll(struct file *f)
{
    const struct counter *c = f->state;

    return (c->count > 0 ? POLLIN : 0) | (c->count < COUNT_MAX ? POLLOUT : 0);
}

static u32
version(struct file *f)
{
    const struct counter *c = f->state;

    return c->changes;
}

static void
release(struct file *f)
{
    heap_free(&f->linux->heap, f->state, sizeof(struct counter));
}

const struct file_ops eventfd_ops = {
    .read = read,
    .write = write,
    .poll = poll,
    .version = version,
    .release = release,
};

static int
make(struct task *t, u32 count, u32 flags)
{
    struct counter *c;
    int result;

    if (flags & ~(EFD_SEMAPHORE | O_CLOEXEC | O_NONBLOCK))
        return -EINVAL;
    c = heap_new(&t->linux->heap, sizeof(*c));
    if (c == NULL)
        return -ENOMEM;
    c->count = count;
    c->semaphore = flags & EFD_SEMAPHORE;
    result = file_nameless(t, &eventfd_ops, flags, c);
    if (result < 0)
        heap_free(&t->linux->heap, c, sizeof(*c));
    return result;
}

int
sys_eventfd(struct task *t, const u32 *a)
{
    return make(t, a[0], 0);
}

int
sys_eventfd2(struct task *t, const u32 *a)
{
    return make(t, a[0], a[1]);
}

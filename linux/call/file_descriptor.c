// file_descriptor.c -- descriptors: made, doubled, closed, asked for flags
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/file/lock_calls.h"
#include "linux/call/user.h"

#define F_DUPFD 0u
#define F_GETFD 1u
#define F_SETFD 2u
#define F_GETFL 3u
#define F_SETFL 4u
#define F_GETLK 5u
#define F_SETLKW 7u
#define F_SETOWN 8u
#define F_GETOWN 9u
#define F_GETLK64 12u
#define F_SETLKW64 14u
#define F_OFD_GETLK 36u
#define F_OFD_SETLKW 38u
#define F_DUPFD_CLOEXEC 1030u
#define F_SETPIPE_SZ 1031u
#define F_GETPIPE_SZ 1032u

#define SETTABLE (O_APPEND | O_NONBLOCK | O_ASYNC | O_DIRECT | O_NOATIME)
#define PIPE_BYTES 65536

#define CLOSE_RANGE_UNSHARE 2u
#define CLOSE_RANGE_CLOEXEC 4u

int
sys_close(struct task *t, const u32 *a)
{
    return files_close(t->files, a[0]);
}

// Another descriptor of the same open file, the lowest from one on.
static int
duplicate(struct task *t, struct file *f, u32 from, int close_on_exec)
{
    file_hold(f);
    int got = files_add(t->files, f, from, close_on_exec);

    if (got < 0)
        file_drop(f);
    return got;
}

int
sys_dup(struct task *t, const u32 *a)
{
    struct file *f = files_get(t->files, a[0]);

    return f == NULL ? -EBADF : duplicate(t, f, 0, 0);
}

static int
replace(struct task *t, u32 old, u32 new, int close_on_exec)
{
    struct file *f = files_get(t->files, old);

    if (f == NULL || new >= limit_descriptors(t->linux))
        return -EBADF;
    file_hold(f);
    if (t->files->file[new] != NULL)
        files_close(t->files, new);
    files_put(t->files, new, f, close_on_exec);
    return (int)new;
}

int
sys_dup2(struct task *t, const u32 *a)
{
    if (a[0] == a[1])
        return files_get(t->files, a[0]) == NULL ? -EBADF : (int)a[0];
    return replace(t, a[0], a[1], 0);
}

int
sys_dup3(struct task *t, const u32 *a)
{
    if ((a[2] & ~O_CLOEXEC) != 0 || a[0] == a[1])
        return -EINVAL;
    return replace(t, a[0], a[1], (a[2] & O_CLOEXEC) != 0);
}

static int
unshare(struct task *t)
{
    if (t->files->refs == 1)
        return 0;
    struct files *copy = files_copy(t->files);

    if (copy == NULL)
        return -ENOMEM;
    files_drop(t->files);
    t->files = copy;
    return 0;
}

int
sys_close_range(struct task *t, const u32 *a)
{
    if (a[0] > a[1] ||
        (a[2] & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0)
        return -EINVAL;
    if ((a[2] & CLOSE_RANGE_UNSHARE) != 0 && unshare(t) < 0)
        return -ENOMEM;
    for (u32 i = a[0]; i <= a[1] && i < t->files->end; i++) {
        if (t->files->file[i] == NULL)
            continue;
        if ((a[2] & CLOSE_RANGE_CLOEXEC) != 0)
            t->files->close_on_exec[i] = 1;
        else
            files_close(t->files, i);
    }
    return 0;
}

// --- fcntl ---

static int
set_flags(struct task *t, struct file *f, u32 flags)
{
    u32 new = flags &O_NOATIME & ~f->flags;

    if (new != 0 && t->euid != 0 && f->inode->uid != t->euid)
        return -EPERM;
    f->flags = (f->flags & ~SETTABLE) | (flags & SETTABLE);
    return 0;
}

static int
pipe_size(const struct file *f, u32 command, u32 bytes)
{
    if (f->ops != &pipe_ops)
        return -EBADF;
    if (command == F_SETPIPE_SZ && bytes > PIPE_BYTES)
        return -EPERM; // they have one size
    return PIPE_BYTES;
}

// What is allowed of a descriptor that only names (O_PATH), too.
static int
control_descriptor(struct task *t, struct file *f, const u32 *a)
{
    switch (a[1]) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        if (a[2] >= limit_descriptors(t->linux))
            return -EINVAL;
        return duplicate(t, f, a[2], a[1] == F_DUPFD_CLOEXEC);
    case F_GETFD:
        return t->files->close_on_exec[a[0]];
    case F_SETFD:
        t->files->close_on_exec[a[0]] = a[2] & 1;
        return 0;
    case F_GETFL:
        return (int)f->flags;
    default:
        return (f->flags & O_PATH) != 0 ? -EBADF : -EINVAL;
    }
}

static int
control(struct task *t, const u32 *a, u32 last_lock)
{
    struct file *f = files_get(t->files, a[0]);

    if (f == NULL)
        return -EBADF;
    if ((f->flags & O_PATH) != 0)
        return control_descriptor(t, f, a);
    if (a[1] >= F_GETLK && a[1] <= F_SETLKW)
        return lock_control(t, a[0], a[1] - F_GETLK, a[2], LOCK_NARROW);
    if (a[1] >= F_GETLK64 && a[1] <= last_lock)
        return lock_control(t, a[0], a[1] - F_GETLK64, a[2], LOCK_WIDE);
    if (a[1] >= F_OFD_GETLK && a[1] <= F_OFD_SETLKW && last_lock != 0)
        return lock_control(t, a[0], a[1] - F_OFD_GETLK, a[2], LOCK_OF_FILE);
    switch (a[1]) {
    case F_SETFL:
        return set_flags(t, f, a[2]);
    case F_SETOWN:
        f->owner = a[2];
        return 0;
    case F_GETOWN:
        return (int)f->owner;
    case F_SETPIPE_SZ:
    case F_GETPIPE_SZ:
        return pipe_size(f, a[1], a[2]);
    default:
        return control_descriptor(t, f, a);
    }
}

int
sys_fcntl(struct task *t, const u32 *a)
{
    return control(t, a, 0);
}

int
sys_fcntl64(struct task *t, const u32 *a)
{
    return control(t, a, F_SETLKW64);
}

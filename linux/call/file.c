// file.c -- reading and writing open files
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/call/user.h"

#define FIONCLEX 0x5450u
#define FIOCLEX 0x5451u
#define FIONBIO 0x5421u
#define FIONREAD 0x541bu

struct file *
user_file(struct task *t, u32 descriptor)
{
    struct file *f = files_get(t->files, descriptor);

    return f == NULL || (f->flags & O_PATH) != 0 ? NULL : f;
}

int
user_transfer(struct task *t, struct file *f, int write, struct buffer *b,
              u32 bytes, u64 *position)
{
    u32 refused = write ? 0 : O_WRONLY;

    if ((f->flags & O_ACCMODE) == refused || (f->flags & O_ACCMODE) == 3)
        return -EBADF;
    if ((int)bytes < 0)
        return -EINVAL;
    if ((write ? f->ops->write : f->ops->read) == NULL)
        return -EINVAL;
    if (bytes == 0 && f->ops != &directory_ops)
        return 0;
    bytes = MIN(bytes, TRANSFER_MAX);
    file_hold(f); // another thread may close it meanwhile
    int done = write ? f->ops->write(t, f, b, bytes, position)
                     : f->ops->read(t, f, b, bytes, position);

    file_drop(f);
    return done;
}

// As on Linux, where a file or a directory has a position that is kept: pipes
// and devices wait for long.
static int
takes_turns(const struct file *f)
{
    return f->ops == &regular_ops || f->ops == &directory_ops;
}

int
user_turn(struct task *t, struct file *f)
{
    file_hold(f);
    int err = takes_turns(f) ? task_lock_killable(t, &f->busy) : 0;

    if (err < 0)
        file_drop(f);
    return err;
}

void
user_turn_over(struct task *t, struct file *f)
{
    if (takes_turns(f))
        task_unlock(t->linux, &f->busy);
    file_drop(f);
}

static int
transfer(struct task *t, const u32 *a, int write)
{
    struct file *f = user_file(t, a[0]);
    struct buffer b = {t->memory, a[1]};

    if (f == NULL)
        return -EBADF;
    int done = user_turn(t, f);

    if (done < 0)
        return done;
    done = user_transfer(t, f, write, &b, a[2], &f->position);
    user_turn_over(t, f);
    return done;
}

int
sys_read(struct task *t, const u32 *a)
{
    return transfer(t, a, 0);
}

int
sys_write(struct task *t, const u32 *a)
{
    return transfer(t, a, 1);
}

static int
transfer_at(struct task *t, const u32 *a, int write)
{
    struct file *f = user_file(t, a[0]);
    struct buffer b = {t->memory, a[1]};
    u64 position = wide(a + 3);

    if ((a[4] & 0x80000000u) != 0)
        return -EINVAL;
    if (f == NULL)
        return -EBADF;
    if (!f->ops->seekable)
        return -ESPIPE;
    return user_transfer(t, f, write, &b, a[2], &position);
}

int
sys_pread64(struct task *t, const u32 *a)
{
    return transfer_at(t, a, 0);
}

int
sys_pwrite64(struct task *t, const u32 *a)
{
    return transfer_at(t, a, 1);
}

// --- ioctl ---

static int
set_nonblock(struct task *t, struct file *f, u32 argument)
{
    u32 on;
    int err = user_get(t, &on, argument, sizeof(on));

    if (err < 0)
        return err;
    f->flags = on != 0 ? f->flags | O_NONBLOCK : f->flags & ~O_NONBLOCK;
    return 0;
}

static int
put_left(struct task *t, const struct file *f, u32 argument)
{
    const struct inode *inode = f->inode;
    u32 left = 0;

    if (f->position < inode->size)
        left = (u32)(inode->size - f->position);
    return user_put(t, argument, &left, sizeof(left));
}

static int
ioctl(struct task *t, struct file *f, u32 code, u32 argument)
{
    if (code == FIONBIO)
        return set_nonblock(t, f, argument);
    if (code == FIONREAD && f->ops == &regular_ops)
        return put_left(t, f, argument);
    return f->ops->ioctl == NULL ? -ENOTTY
                                 : f->ops->ioctl(t, f, code, argument);
}

int
sys_ioctl(struct task *t, const u32 *a)
{
    struct file *f = user_file(t, a[0]);

    if (f == NULL)
        return -EBADF;
    if (a[1] == FIOCLEX || a[1] == FIONCLEX) {
        t->files->close_on_exec[a[0]] = a[1] == FIOCLEX;
        return 0;
    }
    file_hold(f);
    int err = ioctl(t, f, a[1], a[2]);

    file_drop(f);
    return err;
}

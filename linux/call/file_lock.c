// file_lock.c -- the calls that lock files: fcntl and flock
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/file/lock_calls.h"
#include "linux/call/user.h"

#define LOCK_SH 1u
#define LOCK_EX 2u
#define LOCK_NB 4u
#define LOCK_UN 8u

struct flock32 {
    short type, whence;
    int start, bytes;
    int pid;
};

struct flock64 {
    short type, whence;
    long long start, bytes;
    int pid;
} __attribute__((packed, aligned(4)));

_Static_assert(sizeof(struct flock32) == 16, "struct flock of i386");
_Static_assert(sizeof(struct flock64) == 24, "struct flock64 of i386");
_Static_assert(offsetof(struct flock64, start) == 4, "struct flock64");
_Static_assert(offsetof(struct flock64, pid) == 20, "struct flock64");

static int
get_flock(struct task *t, u32 at, enum lock_form form, struct flock64 *lock)
{
    struct flock32 narrow;

    if (form != LOCK_NARROW)
        return user_get(t, lock, at, sizeof(*lock));
    int err = user_get(t, &narrow, at, sizeof(narrow));

    if (err == 0)
        *lock = (struct flock64){narrow.type, narrow.whence, narrow.start,
                                 narrow.bytes, narrow.pid};
    return err;
}

static int
put_flock(struct task *t, u32 at, enum lock_form form,
          const struct flock64 *lock)
{
    if (form != LOCK_NARROW)
        return user_put(t, at, lock, sizeof(*lock));
    struct flock32 narrow = {lock->type, lock->whence, (int)lock->start,
                             (int)lock->bytes, lock->pid};

    if (lock->start > 0x7fffffff || lock->bytes > 0x7fffffff)
        return -EOVERFLOW;
    return user_put(t, at, &narrow, sizeof(narrow));
}

// The range a program means. 0 or -errno
static int
range_of(const struct file *f, const struct flock64 *from, struct lock *lock)
{
    long long start = from->start, base = 0, end;

    if (from->whence == 1)
        base = (long long)f->position;
    else if (from->whence == 2)
        base = (long long)f->inode->size;
    else if (from->whence != 0)
        return -EINVAL;
    if (__builtin_add_overflow(base, start, &start))
        return -EOVERFLOW;
    if (__builtin_add_overflow(start, from->bytes, &end))
        return -EOVERFLOW;
    if (from->bytes < 0) { // the bytes before
        long long swap = start;

        start = end;
        end = swap;
    }
    if (start < 0)
        return -EINVAL;
    lock->start = (u64)start;
    lock->end = from->bytes == 0 ? LOCK_END : (u64)end;
    return 0;
}

static int
lock_of(struct task *t, struct file *f, const struct flock64 *from,
        enum lock_form form, struct lock *lock)
{
    *lock = (struct lock){.owner = t->files, .pid = t->pid};
    if (form == LOCK_OF_FILE) {
        if (from->pid != 0)
            return -EINVAL;
        lock->owner = f;
        lock->pid = ~0u;
    }
    if (from->type < 0 || from->type > LOCK_NONE)
        return -EINVAL;
    lock->type = (u32)from->type;
    return range_of(f, from, lock);
}

static int
get_lock(struct task *t, struct file *f, u32 at, enum lock_form form,
         const struct lock *wanted)
{
    struct flock64 flock;

    if (wanted->type == LOCK_NONE)
        return -EINVAL;
    int err = get_flock(t, at, form, &flock);

    if (err < 0)
        return err;
    const struct lock *other = lock_conflict(f->inode, wanted);

    flock.type = LOCK_NONE;
    if (other != NULL) {
        flock.type = (short)other->type;
        flock.whence = 0;
        flock.start = (long long)other->start;
        flock.bytes = 0;
        if (other->end != LOCK_END)
            flock.bytes = (long long)(other->end - other->start);
        flock.pid = (int)other->pid;
    }
    return put_flock(t, at, form, &flock);
}

static int
set_lock(struct task *t, u32 descriptor, struct file *f,
         const struct lock *wanted, int wait)
{
    if (wanted->type == LOCK_READ && (f->flags & O_ACCMODE) == O_WRONLY)
        return -EBADF;
    if (wanted->type == LOCK_WRITE && (f->flags & O_ACCMODE) == 0)
        return -EBADF;
    int err = lock_set(t, f->inode, wanted, wait);

    // Another thread closed it meanwhile, when the lock was not there to go.
    // That of an open file stays until the file goes.
    if (err == 0 && wanted->owner != f && files_get(t->files, descriptor) != f)
        lock_forget(f->inode, wanted->owner);
    return err;
}

static int
do_lock(struct task *t, struct file *f, u32 descriptor, u32 what, u32 at,
        enum lock_form form)
{
    struct flock64 flock;
    struct lock wanted;
    int err = get_flock(t, at, form, &flock);

    if (err == 0)
        err = lock_of(t, f, &flock, form, &wanted);
    if (err < 0)
        return err;
    if (what == LOCK_GET)
        return get_lock(t, f, at, form, &wanted);
    return set_lock(t, descriptor, f, &wanted, what == LOCK_SET_WAIT);
}

int
lock_control(struct task *t, u32 descriptor, u32 what, u32 at,
             enum lock_form form)
{
    struct file *f = user_file(t, descriptor);

    if (f == NULL)
        return -EBADF;
    file_hold(f); // already the program's record may be waited for
    int err = do_lock(t, f, descriptor, what, at, form);

    file_drop(f);
    return err;
}

int
sys_flock(struct task *t, const u32 *a)
{
    struct file *f = user_file(t, a[0]);
    struct lock wanted = {.owner = f, .whole = 1, .end = LOCK_END};

    if (f == NULL)
        return -EBADF;
    switch (a[1] & ~LOCK_NB) {
    case LOCK_SH:
        wanted.type = LOCK_READ;
        break;
    case LOCK_EX:
        wanted.type = LOCK_WRITE;
        break;
    case LOCK_UN:
        wanted.type = LOCK_NONE;
        break;
    default:
        return -EINVAL;
    }
    file_hold(f);
    int err = lock_set(t, f->inode, &wanted, (a[1] & LOCK_NB) == 0);

    file_drop(f);
    return err;
}

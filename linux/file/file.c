// file.c -- open files
#include "linux/file/file.h"

#include "linux/errno.h"
#include "linux/linux.h"
#include "linux/file/lock.h"
#include "linux/file/tree.h"
#include "tender/assert.h"

#define DAY_US (24 * 3600 * 1000000ll)

struct file *
file_new(struct linux *l, const struct file_ops *ops, u32 flags,
         struct inode *inode, void *state)
{
    struct file *f = heap_new(&l->heap, sizeof(*f));

    if (f == NULL)
        return NULL;
    f->ops = ops;
    f->linux = l;
    f->refs = 1;
    f->flags = flags;
    f->inode = inode;
    f->state = state;
    inode_hold(inode);
    return f;
}

void
file_hold(struct file *f)
{
    f->refs++;
}

static void
free_file(struct file *f)
{
    inode_drop(f->inode);
    heap_free(&f->linux->heap, f, sizeof(*f));
}

void
file_drop(struct file *f)
{
    ASSERT(f->refs > 0);
    if (--f->refs > 0)
        return;
    if (f->watchers > 0)
        epoll_forget(f);
    if (f->ops->release != NULL)
        f->ops->release(f);
    lock_forget(f->inode, f);
    free_file(f);
}

// Reading changes the time of access only if it is older than the last change,
// or than a day: a file that is only read stays as it was saved.
static void
touch_access(struct file *f)
{
    struct inode *inode = f->inode;
    long long now = linux_real_us(f->linux);

    if ((f->flags & O_NOATIME) != 0 || !inode_is_tree(inode))
        return;
    if (inode->atime <= inode->mtime || inode->atime <= inode->ctime ||
        now > inode->atime + DAY_US)
        inode->atime = now;
}

// --- regular files ---

#define PIECE 0x40000u // between two looks at the clock

typedef int
move_bytes(struct inode *inode, struct buffer *b, u32 bytes, u64 at);

// Read or write in pieces, with a rest between them.
static int
in_pieces(struct task *t, move_bytes *move, struct inode *inode,
          struct buffer *b, u32 bytes, u64 *position)
{
    u64 at = *position;
    u32 done = 0;
    int n;

    do {
        u32 piece = MIN(bytes - done, PIECE);

        n = move(inode, b, piece, at + done);
        done += (u32)MAX(n, 0);
        if (n < (int)piece)
            break;
    } while (done < bytes && task_breathe(t) == 0);
    *position = at + done;
    return done > 0 ? (int)done : n;
}

static int
read_regular(struct task *t, struct file *f, struct buffer *to, u32 bytes,
             u64 *position)
{
    if (f->inode->ops->read == NULL)
        return -EINVAL;
    int got = in_pieces(t, f->inode->ops->read, f->inode, to, bytes, position);

    if (got >= 0)
        touch_access(f);
    return got;
}

// A program whose file is written by somebody else no longer runs as its owner.
static void
drop_set_id(const struct task *t, struct inode *inode)
{
    if (t->euid == 0)
        return;
    inode->mode &= ~S_ISUID;
    if ((inode->mode & 010) != 0)
        inode->mode &= ~S_ISGID;
}

// It is the caller's turn.
static int
write_now(struct task *t, struct file *f, struct buffer *from, u32 bytes,
          u64 *position)
{
    if ((f->flags & O_APPEND) != 0)
        *position = f->inode->size;
    if ((f->flags & O_LARGEFILE) == 0) {
        if (*position >= 0x7fffffff && bytes > 0)
            return -EFBIG;
        bytes = (u32)MIN((u64)bytes, 0x7fffffff - *position);
    }
    int err = limit_size(t, *position, &bytes);

    if (err < 0)
        return err;
    int put =
        in_pieces(t, f->inode->ops->write, f->inode, from, bytes, position);

    if (put > 0)
        drop_set_id(t, f->inode);
    return put;
}

// Writes are whole: nobody appends where another still does.
static int
write_regular(struct task *t, struct file *f, struct buffer *from, u32 bytes,
              u64 *position)
{
    struct inode *inode = f->inode;

    if (inode->ops->write == NULL)
        return -EINVAL;
    int put = task_lock(t, &inode->busy);

    if (put < 0)
        return put;
    put = write_now(t, f, from, bytes, position);
    task_unlock(t->linux, &inode->busy);
    return put;
}

const struct file_ops regular_ops = {
    .read = read_regular,
    .write = write_regular,
    .seekable = 1,
};

// --- directories: listed by getdents ---

static int
read_directory(struct task *t, struct file *f, struct buffer *to, u32 bytes,
               u64 *position)
{
    (void)t, (void)f, (void)to, (void)bytes, (void)position;
    return -EISDIR;
}

const struct file_ops directory_ops = {
    .read = read_directory,
    .seekable = 1,
};

// --- opening ---

// What can be opened with nothing but its inode.
static const struct file_ops *
ops_of(const struct inode *inode)
{
    if (inode->file_ops != NULL)
        return inode->file_ops;
    switch (inode->mode & S_IFMT) {
    case S_IFREG:
        return &regular_ops;
    case S_IFDIR:
        return &directory_ops;
    case S_IFCHR:
        return device_ops(inode->rdev);
    case S_IFIFO:
        return &pipe_ops;
    default:
        return NULL;
    }
}

int
file_open(struct task *t, struct inode *inode, u32 flags, struct file **result)
{
    if (inode_is(inode, S_IFLNK))
        return -ELOOP;
    if (inode_is(inode, S_IFDIR) && (flags & O_ACCMODE) != 0)
        return -EISDIR;
    const struct file_ops *ops = ops_of(inode);

    if (ops == NULL)
        return -ENXIO;
    struct file *f = file_new(t->linux, ops, flags, inode, NULL);

    if (f == NULL)
        return -ENOMEM;
    int err = ops->open == NULL ? 0 : ops->open(t, f);

    if (err < 0)
        free_file(f);
    else
        *result = f;
    return err;
}

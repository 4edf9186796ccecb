// file_seek.c -- positions in files, and room for them
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/file/tree.h"
#include "linux/call/user.h"

#define SEEK_SET 0u
#define SEEK_CUR 1u
#define SEEK_END 2u
#define SEEK_DATA 3u
#define SEEK_HOLE 4u

#define FALLOC_KEEP_SIZE 1u
#define FALLOC_PUNCH_HOLE 2u
#define FALLOC_ZERO_RANGE 0x10u

// The next data, or the next hole, from an offset on.
static long long
find_data(const struct inode *inode, u64 offset, int hole)
{
    if (offset >= inode->size)
        return -ENXIO;
    if (!inode_is_tree(inode))
        return (long long)(hole ? inode->size : offset);
    u32 end = (u32)((inode->size + PAGE_SIZE - 1) / PAGE_SIZE);
    u32 index = data_next(inode, (u32)(offset / PAGE_SIZE), end, hole);
    u64 at = MAX((u64)index * PAGE_SIZE, offset);

    if (index == end && !hole)
        return -ENXIO;
    return (long long)MIN(at, inode->size);
}

static long long
seek(struct file *f, long long offset, u32 whence)
{
    long long at = offset;

    if (!f->ops->seekable)
        return -ESPIPE;
    switch (whence) {
    case SEEK_SET:
        break;
    case SEEK_CUR:
        at = (long long)f->position + offset;
        break;
    case SEEK_END:
        at = (long long)f->inode->size + offset;
        break;
    case SEEK_DATA:
    case SEEK_HOLE:
        if (!inode_is(f->inode, S_IFREG))
            return -EINVAL;
        at = find_data(f->inode, (u64)offset, whence == SEEK_HOLE);
        if (at < 0)
            return at;
        break;
    default:
        return -EINVAL;
    }
    if (at < 0)
        return -EINVAL;
    f->position = (u64)at;
    return at;
}

static long long
seek_in_turn(struct task *t, u32 descriptor, long long offset, u32 whence)
{
    struct file *f = user_file(t, descriptor);

    if (f == NULL)
        return -EBADF;
    int err = user_turn(t, f);

    if (err < 0)
        return err;
    long long at = seek(f, offset, whence);

    user_turn_over(t, f);
    return at;
}

int
sys_lseek(struct task *t, const u32 *a)
{
    long long at = seek_in_turn(t, a[0], (int)a[1], a[2]);

    return at > 0x7fffffff ? -EOVERFLOW : (int)at;
}

int
sys__llseek(struct task *t, const u32 *a)
{
    long long at =
        seek_in_turn(t, a[0], (long long)((u64)a[1] << 32 | a[2]), a[4]);

    return at < 0 ? (int)at : user_put(t, a[3], &at, sizeof(at));
}

// --- to the medium ---

// All memory of the system is what stays: what a program has written is where
// it belongs, and is saved with the state of the program itself. A save that
// comes earlier has neither the data nor the program that knows they were
// written. So there is nothing to wait for.
static int
written(struct task *t, u32 descriptor)
{
    struct file *f = user_file(t, descriptor);

    if (f == NULL)
        return -EBADF;
    return f->ops == &regular_ops || f->ops == &directory_ops ? 0 : -EINVAL;
}

int
sys_fsync(struct task *t, const u32 *a)
{
    return written(t, a[0]);
}

int
sys_fdatasync(struct task *t, const u32 *a)
{
    return written(t, a[0]);
}

int
sys_sync(struct task *t, const u32 *a)
{
    (void)t, (void)a;
    return 0;
}

int
sys_syncfs(struct task *t, const u32 *a)
{
    return user_file(t, a[0]) == NULL ? -EBADF : 0;
}

// --- advice ---

static int
advise(struct task *t, u32 descriptor, u32 advice)
{
    struct file *f = user_file(t, descriptor);

    if (f == NULL)
        return -EBADF;
    if (!f->ops->seekable)
        return -ESPIPE;
    return advice > 5 ? -EINVAL : 0;
}

int
sys_fadvise64(struct task *t, const u32 *a)
{
    return advise(t, a[0], a[4]); // descriptor, offset (2), length, advice
}

int
sys_fadvise64_64(struct task *t, const u32 *a)
{
    return advise(t, a[0], a[5]);
}

// --- room ---

// What is there already is held by one more than what is made now.
static void
hold_pages(struct inode *inode, u32 from, u32 to)
{
    struct pages *pages = &inode->linux->pages;

    for (u32 i = from; (i = data_next(inode, i, to, 0)) < to; i++)
        pages_hold(pages, data_page(inode, i));
}

// undo: what nobody holds but the file was made now, and goes.
static void
let_go_pages(struct inode *inode, u32 from, u32 to, int undo)
{
    struct pages *pages = &inode->linux->pages;

    for (u32 i = from; (i = data_next(inode, i, to, 0)) < to; i++) {
        page_no page = data_page(inode, i);

        if (pages_refs(pages, page) > 1)
            pages_drop(pages, page);
        else if (undo)
            data_clear(inode, i);
    }
    u32 size = (u32)((inode->size + PAGE_SIZE - 1) / PAGE_SIZE);

    if (undo && data_next(inode, size, FILE_PAGES_MAX, 0) == FILE_PAGES_MAX)
        data_cut(inode, size); // pages of numbers that nothing needs
}

// All or nothing. Nobody maps a page meanwhile, as nothing waits.
static int
make_room(struct inode *inode, u64 start, u64 end, int keep_size)
{
    u32 from = (u32)(start / PAGE_SIZE);
    u32 to = (u32)((end + PAGE_SIZE - 1) / PAGE_SIZE);
    page_no page;
    int err = 0;

    hold_pages(inode, from, to);
    for (u32 i = from; i < to && err == 0; i++)
        err = data_make(inode, i, &page);
    let_go_pages(inode, from, to, err < 0);
    if (err < 0)
        return err;
    return !keep_size && end > inode->size ? tree_truncate(inode, end) : 0;
}

static int
allocate(struct inode *inode, u32 mode, u64 start, u64 end)
{
    int keep_size = (mode & FALLOC_KEEP_SIZE) != 0;
    int err = 0;

    if ((mode & ~FALLOC_KEEP_SIZE) == 0)
        return make_room(inode, start, end, keep_size);
    tree_punch(inode, start, end);
    if ((mode & FALLOC_ZERO_RANGE) != 0)
        err = make_room(inode, start, end, keep_size);
    return err;
}

int
sys_fallocate(struct task *t, const u32 *a)
{
    static const u32 known[] = {
        0, FALLOC_KEEP_SIZE, FALLOC_PUNCH_HOLE | FALLOC_KEEP_SIZE,
        FALLOC_ZERO_RANGE, FALLOC_ZERO_RANGE | FALLOC_KEEP_SIZE};
    struct file *f = user_file(t, a[0]);
    u64 start = wide(a + 2), bytes = wide(a + 4);
    u32 i = 0;

    if (f == NULL || (f->flags & O_ACCMODE) == 0)
        return -EBADF;
    if ((long long)start < 0 || (long long)bytes <= 0)
        return -EINVAL;
    while (i < ARRAY_LEN(known) && known[i] != a[1])
        i++;
    if (i == ARRAY_LEN(known))
        return -EOPNOTSUPP;
    if (!f->ops->seekable)
        return -ESPIPE;
    if (f->ops != &regular_ops || !inode_is_tree(f->inode))
        return -ENODEV;
    if (start > FILE_BYTES_MAX || bytes > FILE_BYTES_MAX - start)
        return -EFBIG;
    return allocate(f->inode, a[1], start, start + bytes);
}

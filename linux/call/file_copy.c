// file_copy.c -- from one open file to another inside the kernel
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/call/user.h"

// Where to read from, or to write to.
struct end {
    struct file *file;
    u64 at;
    u64 *shared; // the file's own position is used; NULL: the caller's
};

// One page at most. What was read and could not be written is read again by
// whoever reads next. -> bytes written
static int
copy_page(struct task *t, struct end *in, struct end *out, void *page,
          u32 bytes)
{
    struct buffer b = {NULL, (word)page};
    u64 from = in->at;
    int got = user_transfer(t, in->file, 0, &b, MIN(bytes, PAGE_SIZE), &from);

    if (got <= 0)
        return got;
    b.address = (word)page;
    got = user_transfer(t, out->file, 1, &b, (u32)got, &out->at);
    if (got > 0)
        in->at += (u32)got;
    return got;
}

static void
note(struct end *e)
{
    if (e->shared != NULL)
        *e->shared = e->at;
}

static int
copy(struct task *t, struct end *in, struct end *out, u32 bytes)
{
    struct pages *pages = &t->linux->pages;
    page_no page = pages_new_raw(pages);
    u32 done = 0;
    int got = 0;

    if (page == 0)
        return -ENOMEM;
    bytes = MIN(bytes, TRANSFER_MAX);
    while (done < bytes) {
        got = copy_page(t, in, out, pages_at(pages, page), bytes - done);
        if (got <= 0)
            break;
        done += (u32)got;
        note(in);
        note(out);
        if (user_enough(t, done))
            break;
    }
    pages_drop(pages, page);
    return done > 0 ? (int)done : got;
}

// An end at a place the caller names, or at the file's position. Its file is
// held, also after an error (drop_ends()): asking for the place may wait.
static int
set_end(struct task *t, struct end *e, u32 descriptor, u32 offset, u32 bytes)
{
    e->file = user_file(t, descriptor);
    if (e->file == NULL)
        return -EBADF;
    file_hold(e->file);
    if (offset == 0) {
        e->shared = &e->file->position;
        e->at = e->file->position;
        return 0;
    }
    if (!e->file->ops->seekable)
        return -ESPIPE;
    int err = user_get(t, &e->at, offset, bytes);

    if (bytes == 4)
        e->at = (u64)(long long)(int)e->at;
    return err < 0 ? err : (long long)e->at < 0 ? -EINVAL : 0;
}

static void
drop_ends(struct end *in, struct end *out)
{
    if (in->file != NULL)
        file_drop(in->file);
    if (out->file != NULL)
        file_drop(out->file);
}

static int
check_send(const struct end *in, const struct end *out, u32 bytes)
{
    if ((in->file->flags & O_ACCMODE) == O_WRONLY ||
        (out->file->flags & O_ACCMODE) == 0)
        return -EBADF;
    if (in->file->ops != &regular_ops || (out->file->flags & O_APPEND) != 0)
        return -EINVAL; // as Linux: callers read and write instead
    return (int)bytes < 0 ? -EINVAL : 0;
}

static int
send(struct task *t, const u32 *a, u32 offset_bytes)
{
    struct end in = {NULL, 0, NULL}, out = in;
    int err = set_end(t, &in, a[1], a[2], offset_bytes);
    int done = 0;

    if (err == 0)
        err = set_end(t, &out, a[0], 0, 0);
    if (err == 0)
        err = check_send(&in, &out, a[3]);
    if (err == 0)
        done = copy(t, &in, &out, a[3]);
    if (err == 0 && done >= 0 && a[2] != 0)
        err = user_put(t, a[2], &in.at, offset_bytes);
    drop_ends(&in, &out);
    return err < 0 ? err : done;
}

int
sys_sendfile(struct task *t, const u32 *a)
{
    return send(t, a, 4);
}

int
sys_sendfile64(struct task *t, const u32 *a)
{
    return send(t, a, 8);
}

// May a range be copied from one to the other?
static int
check_range(const struct end *in, const struct end *out, u32 bytes)
{
    const struct inode *from = in->file->inode, *to = out->file->inode;

    if ((in->file->flags & O_ACCMODE) == O_WRONLY ||
        (out->file->flags & O_ACCMODE) == 0 ||
        (out->file->flags & O_APPEND) != 0)
        return -EBADF;
    if (in->file->ops == &directory_ops || out->file->ops == &directory_ops)
        return -EISDIR;
    if (in->file->ops != &regular_ops || out->file->ops != &regular_ops)
        return -EINVAL;
    if (from == to && in->at < out->at + bytes && out->at < in->at + bytes)
        return -EINVAL;
    return 0;
}

int
sys_copy_file_range(struct task *t, const u32 *a)
{
    struct end in = {NULL, 0, NULL}, out = in;
    int err = set_end(t, &in, a[0], a[1], 8);
    int done = 0;

    if (err == 0)
        err = set_end(t, &out, a[2], a[3], 8);
    if (err == 0)
        err = a[5] != 0 ? -EINVAL : check_range(&in, &out, a[4]);
    if (err == 0)
        done = copy(t, &in, &out, a[4]);
    if (err == 0 && done >= 0 && a[1] != 0)
        err = user_put(t, a[1], &in.at, 8);
    if (err == 0 && done >= 0 && a[3] != 0)
        err = user_put(t, a[3], &out.at, 8);
    drop_ends(&in, &out);
    return err < 0 ? err : done;
}

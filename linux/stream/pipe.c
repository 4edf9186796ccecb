// pipe.c -- pipes: a ring of 64 KiB between writers and readers
//
// Who copies bytes is alone (busy): the copying may wait for a page of the
// program, and a write of up to PIPE_ATOMIC bytes must not be torn.
#include "linux/stream/pipe.h"

#include "linux/errno.h"
#include "linux/linux.h"
#include "linux/stream/pipe_parts.h"
#include "tender/text.h"

static u8 *
byte_at(const struct pipe *p, u32 offset)
{
    return (u8 *)pages_at(&p->inode->linux->pages,
                          p->page[offset / PAGE_SIZE]) +
           offset % PAGE_SIZE;
}

// Pages in which nothing is kept go back.
static void
trim(struct pipe *p)
{
    for (u32 i = 0; i < PIPE_SLOTS; i++) {
        u32 start = (i * PAGE_SIZE + PIPE_BYTES - p->first) % PIPE_BYTES;

        // start: how far behind the first byte the slot begins.
        if (p->page[i] == 0 || start < p->used ||
            (p->used > 0 && p->first / PAGE_SIZE == i))
            continue;
        pages_drop(&p->inode->linux->pages, p->page[i]);
        p->page[i] = 0;
    }
}

void
pipe_tell(struct pipe *p, const u32 *channel)
{
    task_wake(p->inode->linux, channel, TASKS_MAX);
    file_wake(p->inode->linux);
}

// --- reading ---

static int
take(struct pipe *p, struct buffer *to, u32 bytes)
{
    u32 done = 0;

    bytes = MIN(bytes, p->used);
    while (done < bytes) {
        u32 n = MIN(bytes - done, PAGE_SIZE - p->first % PAGE_SIZE);
        int err = buffer_put(to, byte_at(p, p->first), n);

        if (err < 0)
            return done > 0 ? (int)done : err;
        p->first = (p->first + n) % PIPE_BYTES;
        p->used -= n;
        done += n;
    }
    return (int)done;
}

static int
read(struct task *t, struct file *f, struct buffer *to, u32 bytes,
     u64 *position)
{
    struct pipe *p = f->inode->pipe;
    int got;

    (void)position;
    if (bytes == 0)
        return 0;
    for (;;) {
        int err = task_lock(t, &p->busy);

        if (err < 0)
            return err;
        got = take(p, to, bytes);
        trim(p);
        task_unlock(t->linux, &p->busy);
        if (got != 0 || p->writers == 0)
            break;
        if (f->flags & O_NONBLOCK)
            return -EAGAIN;
        err = task_wait(t, &p->written, 0);
        if (err < 0)
            return err;
    }
    if (got > 0) {
        p->read++;
        pipe_tell(p, &p->read);
    }
    return got;
}

// --- writing ---

// Room for the next bytes has pages. 0 or -ENOMEM
static int
make_pages(struct pipe *p, u32 bytes)
{
    u32 end = p->first + p->used + bytes;

    for (u32 at = p->first + p->used; at < end;
         at = (at / PAGE_SIZE + 1) * PAGE_SIZE) {
        page_no *page = &p->page[at % PIPE_BYTES / PAGE_SIZE];

        if (*page == 0)
            *page = pages_new_raw(&p->inode->linux->pages);
        if (*page == 0)
            return -ENOMEM;
    }
    return 0;
}

// All of the bytes, for which there is room; none of them at an error.
static int
fill(struct pipe *p, struct buffer *from, u32 bytes)
{
    u32 done = 0;
    int err = make_pages(p, bytes);

    while (err == 0 && done < bytes) {
        u32 at = (p->first + p->used + done) % PIPE_BYTES;
        u32 n = MIN(bytes - done, PAGE_SIZE - at % PAGE_SIZE);

        err = buffer_get(from, byte_at(p, at), n);
        done += n;
    }
    if (err == 0)
        p->used += bytes;
    trim(p);
    return err;
}

static int
broken(struct task *t)
{
    signal_task(t, SIGPIPE, NULL);
    return -EPIPE;
}

// Write what there is room for now: how much, 0 if that is to be waited for, or
// -errno.
static int
write_some(struct task *t, struct pipe *p, struct buffer *from, u32 bytes,
           int whole)
{
    int err = task_lock(t, &p->busy);
    u32 n;

    if (err < 0)
        return err;
    n = MIN(bytes, PIPE_BYTES - p->used);
    n = MIN(n, PIPE_ATOMIC);
    if (whole && n < bytes)
        n = 0;
    if (p->readers == 0)
        err = broken(t);
    else if (n > 0)
        err = fill(p, from, n);
    task_unlock(t->linux, &p->busy);
    return err < 0 ? err : (int)n;
}

static int
write(struct task *t, struct file *f, struct buffer *from, u32 bytes,
      u64 *position)
{
    struct pipe *p = f->inode->pipe;
    int whole = bytes <= PIPE_ATOMIC;
    u32 done = 0;
    int n = 0;

    (void)position;
    while (n >= 0 && done < bytes) {
        n = write_some(t, p, from, bytes - done, whole);
        if (n > 0) {
            done += (u32)n;
            p->written++;
            pipe_tell(p, &p->written);
        } else if (n == 0) {
            n = f->flags & O_NONBLOCK ? -EAGAIN : task_wait(t, &p->read, 0);
        }
    }
    return done > 0 || n >= 0 ? (int)done : n;
}

// --- the rest ---

static u32
poll(struct file *f)
{
    const struct pipe *p = f->inode->pipe;
    u32 events = 0;

    if ((f->flags & O_ACCMODE) != O_WRONLY) {
        if (p->used > 0)
            events |= POLLIN;
        // A FIFO that nobody has written to yet has not been hung up.
        if (p->writers == 0 && p->writer_opens != (u32)(word)f->state)
            events |= POLLHUP;
    }
    if ((f->flags & O_ACCMODE) != 0) {
        if (PIPE_BYTES - p->used >= PIPE_ATOMIC)
            events |= POLLOUT;
        if (p->readers == 0)
            events |= POLLERR;
    }
    return events;
}

static u32
version(struct file *f)
{
    const struct pipe *p = f->inode->pipe;

    // The end that reads hears of what was written, and the other way round.
    return ((f->flags & O_ACCMODE) != O_WRONLY ? p->written : 0) +
           ((f->flags & O_ACCMODE) != 0 ? p->read : 0);
}

static int
ioctl(struct task *t, struct file *f, u32 code, u32 argument)
{
    if (code != 0x541b) // FIONREAD
        return -ENOTTY;
    return memory_out(t->memory, argument, &f->inode->pipe->used, sizeof(u32));
}

const struct file_ops pipe_ops = {
    .open = pipe_open,
    .read = read,
    .write = write,
    .poll = poll,
    .version = version,
    .ioctl = ioctl,
    .release = pipe_release,
};

const char *
pipe_check(const struct pipe *p)
{
    if (p->used > PIPE_BYTES)
        return "P1: a pipe holds more than it can";
    for (u32 i = 0; i < p->used; i++)
        if (p->page[(p->first + i) % PIPE_BYTES / PAGE_SIZE] == 0)
            return "P2: a pipe keeps bytes in a page that is not there";
    if (p->inode->pipe != p)
        return "P3: a pipe is not its inode's";
    return NULL;
}

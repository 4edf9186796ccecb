// pipe_open.c -- pipes come and go: pipe(), opening a FIFO, closing
#include "linux/errno.h"
#include "linux/linux.h"
#include "linux/stream/pipe_parts.h"

static struct pipe *
pipe_of(struct inode *inode)
{
    struct pipe *p = inode->pipe;

    if (p != NULL)
        return p;
    p = heap_new(&inode->linux->heap, sizeof(*p));
    if (p != NULL)
        p->inode = inode;
    inode->pipe = p;
    return p;
}

static int
reads(const struct file *f)
{
    return (f->flags & O_ACCMODE) != O_WRONLY;
}

static int
writes(const struct file *f)
{
    return (f->flags & O_ACCMODE) != 0;
}

static void
enter(struct pipe *p, struct file *f)
{
    // What poll compares: has there been a writer while it was open?
    f->state = (void *)(word)(p->writer_opens - (p->writers > 0));
    if (reads(f)) {
        p->readers++;
        p->reader_opens++;
        pipe_tell(p, &p->reader_opens);
    }
    if (writes(f)) {
        p->writers++;
        p->writer_opens++;
        pipe_tell(p, &p->writer_opens);
    }
}

static void
discard(struct pipe *p)
{
    struct linux *l = p->inode->linux;

    for (u32 i = 0; i < PIPE_SLOTS; i++)
        if (p->page[i] != 0)
            pages_drop(&l->pages, p->page[i]);
    p->inode->pipe = NULL;
    heap_free(&l->heap, p, sizeof(*p));
}

void
pipe_release(struct file *f)
{
    struct pipe *p = f->inode->pipe;

    p->readers -= (u32)reads(f);
    p->writers -= (u32)writes(f);
    if (p->readers + p->writers == 0) {
        file_wake(f->linux);
        discard(p);
        return;
    }
    // Readers see the end, writers that nobody listens.
    pipe_tell(p, &p->written);
    pipe_tell(p, &p->read);
}

// Wait until the other side has been opened since we came, if it was not open.
static int
wait_other(struct task *t, const u32 *others, const u32 *opens)
{
    u32 before = *opens;

    while (*others == 0 && *opens == before) {
        int err = task_wait(t, opens, 0);

        if (err < 0)
            return err;
    }
    return 0;
}

int
pipe_open(struct task *t, struct file *f)
{
    struct pipe *p = pipe_of(f->inode);
    u32 mode = f->flags & O_ACCMODE;
    int err = 0;

    if (p == NULL)
        return -ENOMEM;
    // A pipe without a name, opened once more through /proc: nobody else comes.
    int named = f->inode->links > 0;

    if (named && mode == O_WRONLY && (f->flags & O_NONBLOCK) &&
        p->readers == 0) {
        if (p->writers == 0)
            discard(p);
        return -ENXIO;
    }
    enter(p, f);
    if (!named || (f->flags & O_NONBLOCK))
        return 0;
    if (mode == 0)
        err = wait_other(t, &p->writers, &p->writer_opens);
    else if (mode == O_WRONLY)
        err = wait_other(t, &p->readers, &p->reader_opens);
    if (err < 0)
        pipe_release(f);
    return err;
}

int
pipe_new(struct linux *l, u32 flags, struct file *end[2])
{
    struct inode *inode;
    struct pipe *p;
    int err = tree_nameless(l, S_IFIFO | 0600, &inode);

    if (err < 0)
        return err;
    p = pipe_of(inode);
    end[0] = p == NULL ? NULL : file_new(l, &pipe_ops, flags, inode, NULL);
    if (end[0] == NULL) {
        if (p != NULL)
            discard(p);
        inode_drop(inode);
        return -ENOMEM;
    }
    enter(p, end[0]);
    end[1] = file_new(l, &pipe_ops, flags | O_WRONLY, inode, NULL);
    if (end[1] == NULL)
        file_drop(end[0]);
    else
        enter(p, end[1]);
    inode_drop(inode); // the files hold it
    return end[1] == NULL ? -ENOMEM : 0;
}

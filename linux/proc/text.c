// text.c -- a file of /proc: its text is made when it is opened
//
// Reading goes on in the text that was made: a consistent picture of one
// moment. Reading from the beginning again makes it anew.
#include "linux/errno.h"
#include "linux/proc/proc.h"
#include "tender/text.h"

#define LINE_MOST 256u
#define WRITTEN_MOST 12u

void
proc_add_bytes(struct proc_text *x, const char *from, u32 bytes)
{
    while (bytes > 0 && x->failed == 0) {
        u32 slot = x->bytes / PAGE_SIZE;
        u32 at = x->bytes % PAGE_SIZE;
        u32 n = MIN(bytes, PAGE_SIZE - at);

        if (slot < PROC_TEXT_PAGES && x->page[slot] == 0)
            x->page[slot] = pages_new_raw(&x->linux->pages);
        if (slot == PROC_TEXT_PAGES || x->page[slot] == 0) {
            x->failed = ENOMEM;
            return;
        }
        memcpy((char *)pages_at(&x->linux->pages, x->page[slot]) + at, from, n);
        x->bytes += n;
        from += n;
        bytes -= n;
    }
}

void
proc_add(struct proc_text *x, const char *format, ...)
{
    char line[LINE_MOST];
    va_list list;
    u32 length;

    va_start(list, format);
    length = text_vformat(line, sizeof(line), format, list);
    va_end(list);
    proc_add_bytes(x, line, length);
}

void
proc_pad(struct proc_text *x, u32 from, u32 column)
{
    while (x->failed == 0 && x->bytes - from < column)
        proc_add_bytes(x, " ", 1);
}

// --- as an open file ---

static void
empty(struct proc_text *x)
{
    for (u32 i = 0; i < PROC_TEXT_PAGES; i++)
        if (x->page[i] != 0) {
            pages_drop(&x->linux->pages, x->page[i]);
            x->page[i] = 0;
        }
    x->bytes = 0;
    x->failed = 0;
}

// -ESRCH: the process has gone.
static int
make(struct proc_text *x, const struct inode *inode)
{
    const struct task *t = NULL;

    if (proc_pid(inode) != 0) {
        t = proc_task(inode);
        if (t == NULL)
            return -ESRCH;
    }
    empty(x);
    x->restarts = x->linux->restarts;
    proc_node(proc_number(inode))->print(x, t);
    return -(int)x->failed;
}

static void
release(struct file *f)
{
    struct proc_text *x = f->state;

    empty(x);
    heap_free(&f->linux->heap, x, sizeof(*x));
}

static int
open(struct task *t, struct file *f)
{
    struct proc_text *x;
    int err;

    (void)t;
    x = heap_new(&f->linux->heap, sizeof(*x));
    if (x == NULL)
        return -ENOMEM;
    x->linux = f->linux;
    f->state = x;
    err = make(x, f->inode);
    if (err < 0)
        release(f);
    return err;
}

// Within one page, which is held: while the program's page is fetched, another
// thread may have the text made anew.
static int
put(const struct proc_text *x, struct buffer *to, u32 bytes, u32 at)
{
    struct pages *pages = &x->linux->pages;
    page_no page = x->page[at / PAGE_SIZE];

    pages_hold(pages, page);
    int err =
        buffer_put(to, (char *)pages_at(pages, page) + at % PAGE_SIZE, bytes);

    pages_drop(pages, page);
    return err;
}

static int
read(struct task *t, struct file *f, struct buffer *to, u32 bytes,
     u64 *position)
{
    struct proc_text *x = f->state;
    u32 done = 0;
    int err = 0;

    (void)t;
    if (*position == 0)
        err = make(x, f->inode);
    while (err == 0 && done < bytes && *position < x->bytes) {
        u32 at = (u32)*position;
        u32 n = MIN(bytes - done, PAGE_SIZE - at % PAGE_SIZE);

        n = MIN(n, x->bytes - at);
        err = put(x, to, n, at);
        if (err == 0) {
            done += n;
            *position += n;
        }
    }
    return done > 0 ? (int)done : err;
}

// A short text, which is taken whole.
static int
write(struct task *t, struct file *f, struct buffer *from, u32 bytes,
      u64 *position)
{
    proc_set *set = proc_node(proc_number(f->inode))->set;
    char text[WRITTEN_MOST + 1] = {0};
    u32 taken = MIN(bytes, WRITTEN_MOST);

    if (set == NULL)
        return -EIO;
    int err = buffer_get(from, text, taken);
    struct task *of = proc_task(f->inode); // it may have gone meanwhile

    if (err == 0)
        err = of == NULL ? -ESRCH : set(t, of, text);
    if (err < 0)
        return err;
    *position += taken;
    return (int)taken;
}

// A restart since the text was made is something exceptional.
static u32
poll(struct file *f)
{
    const struct proc_text *x = f->state;
    int old = x->restarts != f->linux->restarts;

    return POLLIN | POLLOUT | (old ? POLLPRI | POLLERR : 0);
}

const struct file_ops proc_file_ops = {
    .open = open,
    .read = read,
    .write = write,
    .poll = poll,
    .release = release,
    .seekable = 1,
};

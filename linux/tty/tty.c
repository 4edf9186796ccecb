// tty.c -- the terminal as a file
#include "linux/tty/parts.h"

#include "tender/text.h"

#define CHUNK 128u
#define WRITE_MOST 65536u // the kernel does nothing else meanwhile

static const struct termios usual = {
    .input = ICRNL | IXON,
    .output = OPOST | ONLCR,
    .control = CONTROL_USUAL,
    .local = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
    .cc = {[VINTR] = 3,
           [VQUIT] = 28,
           [VERASE] = 127,
           [VKILL] = 21,
           [VEOF] = 4,
           [VMIN] = 1,
           [VSTART] = 17,
           [VSTOP] = 19,
           [VSUSP] = 26,
           [VREPRINT] = 18,
           [VDISCARD] = 15,
           [VWERASE] = 23,
           [VLNEXT] = 22},
};

void
tty_init(struct tty *tty, struct linux *l)
{
    memset(tty, 0, sizeof(*tty));
    tty->linux = l;
    tty->termios = usual;
    tty->size = (struct window_size){24, 80, 0, 0};
}

void
tty_reset(struct tty *tty)
{
    tty->termios = usual;
    tty_forget_input(tty);
}

// NULL, no hangup reaches it: /dev/console.
static void *
time_of(const struct tty *tty)
{
    return (void *)((word)tty->hangups + 1);
}

int
tty_dead(const struct file *f)
{
    return f->state != NULL && f->state != time_of(&f->linux->tty);
}

void
tty_bind(struct file *f)
{
    f->state = time_of(&f->linux->tty);
}

static int
open(struct task *t, struct file *f)
{
    struct tty *tty = &f->linux->tty;
    u32 device = f->inode->rdev;

    if (device == DEVICE(5, 0) && !tty_controls(tty, t))
        return -ENXIO;
    // As on Linux, /dev/console is no file of the terminal behind it: a hangup
    // does not reach it.
    f->state = device == DEVICE(5, 1) ? NULL : time_of(tty);
    // The first terminal that the leader of a session without one opens.
    if (device == DEVICE(4, 64) && !(f->flags & O_NOCTTY) &&
        t->session == t->pid && tty->session == 0)
        tty_take(tty, t->session, t->group);
    return 0;
}

// 0 when output may go on.
static int
wait_output(struct task *t, struct file *f)
{
    struct tty *tty = &f->linux->tty;

    while (tty->stopped && !tty_dead(f)) {
        if (f->flags & O_NONBLOCK)
            return -EAGAIN;
        int err = task_wait(t, &tty->stopped, 0);

        if (err < 0)
            return err;
    }
    return tty_dead(f) ? -EIO : 0;
}

static int
write_chunk(struct task *t, struct file *f, struct buffer *from, u32 bytes)
{
    struct tty *tty = &f->linux->tty;
    u8 chunk[CHUNK];
    int err = wait_output(t, f);

    if (err == 0)
        err = buffer_get(from, chunk, bytes);
    for (u32 i = 0; err == 0 && i < bytes; i++)
        tty_put(tty, chunk[i]);
    return err;
}

static int
write(struct task *t, struct file *f, struct buffer *from, u32 bytes,
      u64 *position)
{
    struct tty *tty = &f->linux->tty;
    u32 done = 0;
    int err = 0;

    (void)position;
    if (tty_dead(f))
        return -EIO;
    if (tty_local(tty, TOSTOP))
        err = tty_background(tty, t, SIGTTOU);
    bytes = MIN(bytes, WRITE_MOST);
    while (err == 0 && done < bytes) {
        u32 n = MIN(bytes - done, CHUNK);

        err = write_chunk(t, f, from, n);
        if (err == 0)
            done += n;
    }
    return done > 0 || err == 0 ? (int)done : err;
}

static u32
poll(struct file *f)
{
    const struct tty *tty = &f->linux->tty;
    const u8 *cc = tty->termios.cc;
    u32 least = cc[VTIME] == 0 && cc[VMIN] > 1 ? cc[VMIN] : 1;
    u32 events = 0;

    if (tty_dead(f))
        return POLLIN | POLLOUT | POLLERR | POLLHUP;
    if (tty_readable(tty) && (tty_local(tty, ICANON) || tty->used >= least))
        events |= POLLIN;
    if (!tty->stopped)
        events |= POLLOUT;
    return events;
}

static u32
version(struct file *f)
{
    return f->linux->tty.version;
}

const struct file_ops tty_ops = {
    .open = open,
    .read = tty_read,
    .write = write,
    .poll = poll,
    .version = version,
    .ioctl = tty_ioctl,
};

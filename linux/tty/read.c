// read.c -- a program reads from the terminal: a line, or what VMIN and VTIME say
//
// Characters leave the ring before they go to the program, because that may
// wait: nobody else gets them a second time.
#include "linux/tty/parts.h"

#include "tender/text.h"

#define CHUNK 128u
#define TENTH_US 100000u

// Up to so many characters, at most to the end of the line.
static u32
fill_line(struct tty *tty, u8 *chunk, u32 most, int *ended)
{
    u32 n = 0;

    while (n < most && tty->used > tty->line_used && !*ended) {
        u8 c = tty_at(tty, 0);

        *ended = tty_ends(tty, 0);
        int nothing = *ended && c == 0 && !tty->pushed; // VEOF

        if (*ended)
            tty->pushed = 0;
        tty_remove(tty);
        if (!nothing)
            chunk[n++] = c;
    }
    return n;
}

static int
take_line(struct tty *tty, struct buffer *to, u32 bytes)
{
    u8 chunk[CHUNK];
    u32 done = 0;
    int ended = 0;

    while (!ended && done < bytes && tty->lines > 0) {
        u32 n = fill_line(tty, chunk, MIN(bytes - done, CHUNK), &ended);
        int err = buffer_put(to, chunk, n);

        if (err < 0)
            return done > 0 ? (int)done : err;
        done += n;
    }
    // A VEOF right behind what was asked for is not the end of the file.
    if (!ended && tty->lines > 0 && tty_ends(tty, 0) && tty_at(tty, 0) == 0 &&
        !tty->pushed)
        tty_remove(tty);
    return (int)done;
}

static int
take_plain(struct tty *tty, struct buffer *to, u32 bytes)
{
    u8 chunk[CHUNK];
    u32 done = 0;

    while (done < bytes && tty->used > 0 && !tty_local(tty, ICANON)) {
        u32 n = 0;

        while (n < MIN(bytes - done, CHUNK) && tty->used > 0) {
            chunk[n++] = tty_at(tty, 0);
            tty_remove(tty);
        }
        int err = buffer_put(to, chunk, n);

        if (err < 0)
            return done > 0 ? (int)done : err;
        done += n;
    }
    return (int)done;
}

// What is there, and more until VMIN is reached or VTIME passes without any.
static int
take_raw(struct task *t, struct file *f, struct buffer *to, u32 bytes)
{
    struct tty *tty = &f->linux->tty;
    u32 done = 0;

    for (;;) {
        u32 least = MIN((u32)tty->termios.cc[VMIN], bytes);
        u64 time_us = (u64)tty->termios.cc[VTIME] * TENTH_US;
        int n = take_plain(tty, to, bytes - done);

        if (n < 0)
            return done > 0 ? (int)done : n;
        done += (u32)n;
        if (done >= least || (f->flags & O_NONBLOCK) || tty_dead(f) ||
            tty_local(tty, ICANON))
            return (int)done;
        if (task_wait(t, &tty->used, time_us) < 0 && tty->used == 0)
            return (int)done;
        if (signal_pending(t))
            return (int)done;
    }
}

// 0 when there is something, 1 when there will be nothing, or -errno.
static int
wait_input(struct task *t, struct file *f)
{
    struct tty *tty = &f->linux->tty;
    u64 begun_us = machine_now_us();

    while (!tty_readable(tty)) {
        u64 left_us = 0;

        if (tty_dead(f))
            return 1;
        if (!tty_local(tty, ICANON) && tty->termios.cc[VMIN] == 0) {
            u64 time_us = (u64)tty->termios.cc[VTIME] * TENTH_US;
            u64 passed_us = machine_now_us() - begun_us;

            if (passed_us >= time_us)
                return 1;
            left_us = time_us - passed_us;
        }
        if (f->flags & O_NONBLOCK)
            return -EAGAIN;
        int err = task_wait(t, &tty->used, left_us);

        if (err < 0 && err != -ETIMEDOUT)
            return err;
        if (err == -ETIMEDOUT && !tty_readable(tty))
            return 1;
    }
    return 0;
}

int
tty_read(struct task *t, struct file *f, struct buffer *to, u32 bytes,
         u64 *position)
{
    struct tty *tty = &f->linux->tty;
    int err;

    (void)position;
    if (tty_dead(f) || bytes == 0)
        return 0;
    err = tty_background(tty, t, SIGTTIN);
    if (err < 0)
        return err;
    err = wait_input(t, f);
    if (err != 0)
        return MIN(err, 0);
    if (tty_local(tty, ICANON))
        return take_line(tty, to, bytes);
    return take_raw(t, f, to, bytes);
}

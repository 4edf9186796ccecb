// ioctl.c -- what programs ask of the terminal besides reading and writing
#include "linux/tty/parts.h"

#include "tender/text.h"

#define TERMIO_CC 8u

// The old form of the settings (TCGETA).
struct termio {
    u16 input, output, control, local;
    u8 line;
    u8 cc[TERMIO_CC];
};
_Static_assert(sizeof(struct termio) == 18, "as programs have it");
_Static_assert(sizeof(struct termios) == 36, "as programs have it");

static int
get_old(struct task *t, const struct tty *tty, u32 argument)
{
    const struct termios *now = &tty->termios;
    struct termio old = {(u16)now->input, (u16)now->output, (u16)now->control,
                         (u16)now->local, now->line,        {0}};

    memcpy(old.cc, now->cc, TERMIO_CC);
    return memory_out(t->memory, argument, &old, sizeof(old));
}

// Lower halves are replaced, upper halves stay.
static u32
lower(u32 now, u16 old)
{
    return (now & 0xffff0000u) | old;
}

static int
read_settings(struct task *t, const struct tty *tty, u32 code, u32 argument,
              struct termios *new)
{
    struct termio old;

    *new = tty->termios;
    if (code >= TCSETS && code <= TCSETSF)
        return memory_in(t->memory, new, argument, sizeof(*new));
    if (memory_in(t->memory, &old, argument, sizeof(old)) < 0)
        return -EFAULT;
    new->input = lower(new->input, old.input);
    new->output = lower(new->output, old.output);
    new->control = lower(new->control, old.control);
    new->local = lower(new->local, old.local);
    new->line = old.line;
    memcpy(new->cc, old.cc, TERMIO_CC);
    return 0;
}

void
tty_set(struct tty *tty, const struct termios *termios)
{
    u32 changed = tty->termios.local ^ termios->local;

    tty->termios = *termios;
    if (changed & ICANON)
        tty_reframe(tty);
    if (!(termios->input & IXON))
        tty_start(tty);
    tty_tell_readers(tty); // they look again: it is another mode now
}

static int
set(struct task *t, struct tty *tty, u32 code, u32 argument)
{
    struct termios new;
    int err = tty_background(tty, t, SIGTTOU);

    if (err == 0)
        err = read_settings(t, tty, code, argument, &new);
    if (err < 0)
        return err;
    // Output is out at once: there is nothing to wait for.
    if (code == TCSETSF || code == TCSETAF)
        tty_forget_input(tty);
    tty_set(tty, &new);
    return 0;
}

static u32
readable_bytes(const struct tty *tty)
{
    u32 bytes = 0;

    if (!tty_local(tty, ICANON))
        return tty->used;
    for (u32 i = 0; i < tty->used - tty->line_used; i++)
        bytes += !(tty_ends(tty, i) && tty_at(tty, i) == 0);
    return bytes;
}

static int
set_size(struct task *t, struct tty *tty, u32 argument)
{
    struct window_size size;

    if (memory_in(t->memory, &size, argument, sizeof(size)) < 0)
        return -EFAULT;
    if (memcmp(&size, &tty->size, sizeof(size)) == 0)
        return 0;
    tty->size = size;
    if (tty->foreground != 0)
        signal_group(tty->linux, tty->foreground, SIGWINCH, NULL);
    return 0;
}

static int
type_for(struct task *t, struct tty *tty, u32 argument)
{
    char c;

    if (!tty_controls(tty, t) && t->euid != 0)
        return -EPERM;
    if (memory_in(t->memory, &c, argument, 1) < 0)
        return -EFAULT;
    tty_input(tty, c);
    return 0;
}

// 0 output stops, 1 it goes on, 2 and 3 would tell the other side the same.
static int
control_flow(struct tty *tty, u32 argument)
{
    if (argument > 3)
        return -EINVAL;
    if (argument == 0)
        tty_stop(tty);
    else if (argument == 1)
        tty_start(tty);
    else
        tty_put(tty, tty->termios.cc[argument == 2 ? VSTOP : VSTART]);
    return 0;
}

static int
set_nonblocking(struct task *t, struct file *f, u32 argument)
{
    u32 on;

    if (memory_in(t->memory, &on, argument, sizeof(on)) < 0)
        return -EFAULT;
    f->flags = on != 0 ? f->flags | O_NONBLOCK : f->flags & ~O_NONBLOCK;
    return 0;
}

// What a task in the background must not do.
static int
change(struct task *t, struct tty *tty, u32 code, u32 argument)
{
    int err = tty_background(tty, t, SIGTTOU);

    if (err < 0)
        return err;
    if (code == TCXONC)
        return control_flow(tty, argument);
    if (code == TCFLSH) {
        if (argument > 2)
            return -EINVAL;
        if (argument != 1)
            tty_forget_input(tty);
    }
    return 0; // TCSBRK, TCSBRKP: no line that could break, nothing to wait for
}

static int
tell(struct task *t, u32 argument, const void *from, u32 bytes)
{
    return memory_out(t->memory, argument, from, bytes);
}

int
tty_ioctl(struct task *t, struct file *f, u32 code, u32 argument)
{
    struct tty *tty = &f->linux->tty;
    u32 number = 0;

    if (tty_dead(f))
        return code == TIOCSPGRP ? -ENOTTY : -EIO;
    if ((code >= TCSETS && code <= TCSETSF) ||
        (code >= TCSETA && code <= TCSETAF))
        return set(t, tty, code, argument);
    switch (code) {
    case TCGETS:
        return tell(t, argument, &tty->termios, sizeof(tty->termios));
    case TCGETA:
        return get_old(t, tty, argument);
    case TIOCGWINSZ:
        return tell(t, argument, &tty->size, sizeof(tty->size));
    case TIOCSWINSZ:
        return set_size(t, tty, argument);
    case FIONREAD:
        number = readable_bytes(tty);
        return tell(t, argument, &number, sizeof(number));
    case TIOCOUTQ: // nothing is kept back
    case TIOCGETD:
        return tell(t, argument, &number, sizeof(number));
    case FIONBIO:
        return set_nonblocking(t, f, argument);
    case TIOCSTI:
        return type_for(t, tty, argument);
    case TCSBRK:
    case TCSBRKP:
    case TCXONC:
    case TCFLSH:
        return change(t, tty, code, argument);
    case TIOCEXCL:
    case TIOCNXCL:
        return 0;
    default:
        return tty_job_ioctl(t, tty, code, argument);
    }
}

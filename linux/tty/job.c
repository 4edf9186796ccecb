// job.c -- job control: the terminal's session and its foreground group
#include "linux/tty/parts.h"

int
tty_controls(const struct tty *tty, const struct task *t)
{
    return tty->session != 0 && t->session == tty->session;
}

int
tty_background(const struct tty *tty, const struct task *t, u32 signal)
{
    if (!tty_controls(tty, t) || tty->foreground == 0 ||
        t->group == tty->foreground)
        return 0;
    if ((t->blocked & SIGNAL_BIT(signal)) != 0 ||
        t->handlers->action[signal].handler == SIG_IGN)
        return signal == SIGTTIN ? -EIO : 0;
    if (task_group_orphaned(tty->linux, t->group))
        return -EIO;
    signal_group(tty->linux, t->group, signal, NULL);
    return -ERESTART;
}

static int
is_leader(const struct task *t)
{
    return t->session == t->pid;
}

void
tty_take(struct tty *tty, u32 session, u32 group)
{
    tty->session = session;
    tty->foreground = group;
    tty->linux->console->taker = (struct console_taker){tty, tty_take_input};
}

// The session has no terminal any more, and the foreground is told.
static void
leave(struct tty *tty)
{
    u32 group = tty->foreground;

    tty->session = 0;
    tty->foreground = 0;
    tty->linux->console->taker = (struct console_taker){NULL, NULL};
    if (group != 0) {
        signal_group(tty->linux, group, SIGHUP, NULL);
        signal_group(tty->linux, group, SIGCONT, NULL);
    }
}

void
tty_give_back(struct tty *tty)
{
    tty->hangups++;
    tty_reset(tty);
    leave(tty);
    tty_start(tty);
    tty_tell_readers(tty); // they read nothing
}

static int
take(struct task *t, struct tty *tty)
{
    if (is_leader(t) && tty_controls(tty, t))
        return 0;
    if (!is_leader(t) || tty->session != 0)
        return -EPERM;
    tty_take(tty, t->session, t->group);
    return 0;
}

static int
give_up(struct task *t, struct tty *tty)
{
    if (!tty_controls(tty, t))
        return -ENOTTY;
    if (is_leader(t))
        leave(tty);
    return 0;
}

// The session that a group belongs to, 0: there is no such group.
static u32
session_of(const struct linux *l, u32 group)
{
    u32 index = 0;
    const struct task *t;

    while ((t = task_next(l, &index)) != NULL)
        if (t->group == group)
            return t->session;
    return 0;
}

static int
set_foreground(struct task *t, struct tty *tty, u32 argument)
{
    u32 group, session;
    int err = tty_background(tty, t, SIGTTOU);

    if (err == -EIO || !tty_controls(tty, t))
        return -ENOTTY;
    if (err < 0)
        return err;
    if (memory_in(t->memory, &group, argument, sizeof(group)) < 0)
        return -EFAULT;
    if ((int)group < 0)
        return -EINVAL;
    session = session_of(tty->linux, group);
    if (session == 0)
        return -ESRCH;
    if (session != t->session)
        return -EPERM;
    tty->foreground = group;
    return 0;
}

static int
tell(struct task *t, struct tty *tty, u32 value, u32 argument)
{
    if (!tty_controls(tty, t))
        return -ENOTTY;
    return memory_out(t->memory, argument, &value, sizeof(value));
}

int
tty_job_ioctl(struct task *t, struct tty *tty, u32 code, u32 argument)
{
    switch (code) {
    case TIOCSCTTY:
        return take(t, tty);
    case TIOCNOTTY:
        return give_up(t, tty);
    case TIOCGPGRP:
        return tell(t, tty, tty->foreground, argument);
    case TIOCGSID:
        return tell(t, tty, tty->session, argument);
    case TIOCSPGRP:
        return set_foreground(t, tty, argument);
    default:
        return -ENOTTY;
    }
}

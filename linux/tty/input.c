// input.c -- what a character that was typed does
//
// The order of the questions is Linux's: flow control, signals, CR and NL,
// editing of the line, and at last the character itself.
#include "linux/tty/parts.h"

#include "tender/text.h"

static u32
input_flag(const struct tty *tty, u32 flag)
{
    return tty->termios.input & flag;
}

// Is this the control character at that place? 0 there: there is none.
static int
is(const struct tty *tty, enum control_character which, u8 c)
{
    return c != 0 && tty->termios.cc[which] == c;
}

void
tty_start(struct tty *tty)
{
    if (!tty->stopped)
        return;
    tty->stopped = 0;
    task_wake(tty->linux, &tty->stopped, TASKS_MAX);
    file_wake(tty->linux);
}

void
tty_stop(struct tty *tty)
{
    tty->stopped = 1;
}

// A character that may be read.  When there is no room for it, it is gone; the
// end of a line always finds room (T1), so that nobody waits for ever.
static void
add(struct tty *tty, u8 c, int end)
{
    u32 most = tty_local(tty, ICANON) && !end ? TTY_INPUT - 1 : TTY_INPUT;

    if (tty->used >= most) {
        if (input_flag(tty, IMAXBEL))
            tty_put(tty, '\a');
        return;
    }
    tty_append(tty, c, end);
    if (end || !tty_local(tty, ICANON))
        tty_tell_readers(tty);
}

static void
add_plain(struct tty *tty, u8 c)
{
    if (tty_local(tty, ECHO))
        tty_echo_first(tty, c);
    add(tty, c, 0);
}

static int
control_flow(struct tty *tty, u8 c)
{
    if (!input_flag(tty, IXON))
        return 0;
    if (is(tty, VSTART, c))
        tty_start(tty);
    else if (is(tty, VSTOP, c))
        tty_stop(tty);
    else
        return 0;
    return 1;
}

static int
send_signal(struct tty *tty, u8 c)
{
    u32 signal;

    if (!tty_local(tty, ISIG))
        return 0;
    if (is(tty, VINTR, c))
        signal = SIGINT;
    else if (is(tty, VQUIT, c))
        signal = SIGQUIT;
    else if (is(tty, VSUSP, c))
        signal = SIGTSTP;
    else
        return 0;
    if (!tty_local(tty, NOFLSH))
        tty_forget_input(tty);
    if (input_flag(tty, IXON))
        tty_start(tty);
    if (tty_local(tty, ECHO))
        tty_echo(tty, c);
    if (tty->foreground != 0)
        signal_group(tty->linux, tty->foreground, signal, NULL);
    return 1;
}

static void
reprint(struct tty *tty, u8 c)
{
    tty_end_erasing(tty);
    tty_echo(tty, c);
    tty_put(tty, '\n');
    for (u32 i = tty->line_used; i > 0; i--)
        tty_echo(tty, tty_at(tty, tty->used - i));
}

static void
begin_literal(struct tty *tty)
{
    tty->literal_next = 1;
    if (!tty_local(tty, ECHO))
        return;
    tty_end_erasing(tty);
    if (tty_local(tty, ECHOCTL)) {
        tty_put(tty, '^');
        tty_put(tty, '\b');
    }
}

// Editing keys of a canonical line.
static int
edit(struct tty *tty, u8 c)
{
    u32 extended = tty_local(tty, IEXTEN);

    if (is(tty, VERASE, c) || is(tty, VKILL, c) ||
        (extended && is(tty, VWERASE, c)))
        tty_erase(tty, c);
    else if (extended && is(tty, VLNEXT, c))
        begin_literal(tty);
    else if (extended && is(tty, VREPRINT, c) && tty_local(tty, ECHO))
        reprint(tty, c);
    else
        return 0;
    return 1;
}

// What ends a canonical line.
static int
end_line(struct tty *tty, u8 c)
{
    if (c == '\n') {
        if (tty_local(tty, ECHO | ECHONL)) {
            tty_end_erasing(tty);
            tty_put(tty, '\n');
        }
        add(tty, c, 1);
    } else if (is(tty, VEOF, c)) {
        add(tty, 0, 1);
    } else if (is(tty, VEOL, c) ||
               (tty_local(tty, IEXTEN) && is(tty, VEOL2, c))) {
        if (tty_local(tty, ECHO))
            tty_echo_first(tty, c);
        add(tty, c, 1);
    } else {
        return 0;
    }
    return 1;
}

// Neither flow control nor a signal.
static void
ordinary(struct tty *tty, u8 c)
{
    if (c == '\r') {
        if (input_flag(tty, IGNCR))
            return;
        if (input_flag(tty, ICRNL))
            c = '\n';
    } else if (c == '\n' && input_flag(tty, INLCR)) {
        c = '\r';
    }
    if (tty_local(tty, ICANON) && (edit(tty, c) || end_line(tty, c)))
        return;
    if (c == '\n' && tty_local(tty, ECHO)) {
        tty_put(tty, '\n');
        add(tty, c, 0);
    } else {
        add_plain(tty, c);
    }
}

void
tty_input(struct tty *tty, char typed)
{
    u8 c = (u8)typed;
    int literal = tty->literal_next != 0;

    if (input_flag(tty, ISTRIP))
        c &= 0x7f;
    if (input_flag(tty, IUCLC) && tty_local(tty, IEXTEN) && c >= 'A' &&
        c <= 'Z')
        c = (u8)(c + 32);
    tty->literal_next = 0;
    if (!literal && (control_flow(tty, c) || send_signal(tty, c)))
        return;
    if (input_flag(tty, IXON) && input_flag(tty, IXANY))
        tty_start(tty);
    if (literal)
        add_plain(tty, c);
    else
        ordinary(tty, c);
}

int
tty_take_input(void *tty, char c)
{
    tty_input(tty, c);
    return 0;
}

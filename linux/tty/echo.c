// echo.c -- the terminal's output processing, the echo, and erasing
#include "linux/tty/parts.h"

static int
is_control(u8 c)
{
    return c < 32 || c == 127;
}

// A byte that belongs to the character before it.
static int
is_further(const struct tty *tty, u8 c)
{
    return (tty->termios.input & IUTF8) && (c & 0xc0) == 0x80;
}

static int
is_word(u8 c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
           c == '_' || c >= 0xc0;
}

static void
out(struct tty *tty, u8 c)
{
    char text = (char)c;

    console_put(tty->linux->console, &text, 1);
}

static void
put_newline(struct tty *tty)
{
    u32 output = tty->termios.output;

    if (output & (ONLCR | ONLRET))
        tty->column = 0;
    tty->line_column = tty->column;
    if (output & ONLCR)
        console_put(tty->linux->console, "\r\n", 2); // together: see serial.c
    else
        out(tty, '\n');
}

static void
put_return(struct tty *tty)
{
    u32 output = tty->termios.output;

    if ((output & ONOCR) && tty->column == 0)
        return;
    if (!(output & OCRNL) || (output & ONLRET))
        tty->column = 0;
    tty->line_column = tty->column;
    out(tty, output & OCRNL ? '\n' : '\r');
}

static void
put_tab(struct tty *tty)
{
    u32 spaces = 8 - tty->column % 8;

    tty->column += spaces;
    if ((tty->termios.output & TABDLY) != XTABS)
        out(tty, '\t');
    else
        for (; spaces > 0; spaces--)
            out(tty, ' ');
}

void
tty_put(struct tty *tty, u8 c)
{
    u32 output = tty->termios.output;

    if (!(output & OPOST)) {
        out(tty, c);
        return;
    }
    switch (c) {
    case '\n':
        put_newline(tty);
        return;
    case '\r':
        put_return(tty);
        return;
    case '\t':
        put_tab(tty);
        return;
    case '\b':
        if (tty->column > 0)
            tty->column--;
        break;
    default:
        if (is_control(c))
            break;
        if ((output & OLCUC) && c >= 'a' && c <= 'z')
            c = (u8)(c - 32);
        if (!is_further(tty, c))
            tty->column++;
    }
    out(tty, c);
}

void
tty_echo(struct tty *tty, u8 c)
{
    if (tty_local(tty, ECHOCTL) && is_control(c) && c != '\t') {
        tty_put(tty, '^');
        c ^= 0x40;
    }
    tty_put(tty, c);
}

void
tty_echo_first(struct tty *tty, u8 c)
{
    tty_end_erasing(tty);
    if (tty->line_used == 0)
        tty->line_column = tty->column;
    tty_echo(tty, c);
}

void
tty_end_erasing(struct tty *tty)
{
    if (tty->erasing)
        tty_put(tty, '/');
    tty->erasing = 0;
}

// --- erasing ---

static void
wipe(struct tty *tty)
{
    tty_put(tty, '\b');
    tty_put(tty, ' ');
    tty_put(tty, '\b');
}

// The tab behind what is left of the line was erased: go back over the columns
// it took, which depend on what stands before it.
static void
wipe_tab(struct tty *tty)
{
    u32 width = 0;
    int after_tab = 0;

    for (u32 i = 0; i < tty->line_used && !after_tab; i++) {
        u8 c = tty_at(tty, tty->used - 1 - i);

        if (c == '\t')
            after_tab = 1;
        else if (is_control(c))
            width += tty_local(tty, ECHOCTL) ? 2 : 0;
        else
            width += !is_further(tty, c);
    }
    if (!after_tab)
        width += tty->line_column;
    for (u32 i = 8 - width % 8; i > 0; i--)
        tty_put(tty, '\b');
}

// Show that a character whose first byte is c was erased.
static void
show_erased(struct tty *tty, u8 c, u8 key)
{
    if (tty_local(tty, ECHOPRT)) {
        if (!tty->erasing)
            tty_put(tty, '\\');
        tty->erasing = 1;
        tty_echo(tty, c);
    } else if (key == tty->termios.cc[VERASE] && !tty_local(tty, ECHOE)) {
        tty_echo(tty, key);
    } else if (c == '\t') {
        wipe_tab(tty);
    } else {
        if (is_control(c) && tty_local(tty, ECHOCTL))
            wipe(tty);
        if (!is_control(c) || tty_local(tty, ECHOCTL))
            wipe(tty);
    }
}

// The last character of the line leaves it; returns its first byte.
static u8
shorten(struct tty *tty)
{
    u8 c;

    do {
        c = tty_at(tty, --tty->used);
        tty->line_used--;
    } while (is_further(tty, c) && tty->line_used > 0);
    return c;
}

// The whole line goes, and only the key is shown.
static void
kill_line(struct tty *tty, u8 key)
{
    tty->used -= tty->line_used;
    tty->line_used = 0;
    if (!tty_local(tty, ECHO))
        return;
    tty_end_erasing(tty);
    tty_echo(tty, key);
    if (tty_local(tty, ECHOK))
        tty_put(tty, '\n');
}

void
tty_erase(struct tty *tty, u8 key)
{
    const u32 whole = ECHO | ECHOK | ECHOKE | ECHOE;
    const u8 *cc = tty->termios.cc;
    int seen = 0;

    if (tty->line_used == 0)
        return;
    if (key == cc[VKILL] && tty_local(tty, whole) != whole) {
        kill_line(tty, key);
        return;
    }
    while (tty->line_used > 0) {
        u8 c = tty_at(tty, tty->used - 1);

        if (key == cc[VWERASE]) {
            if (is_word(c) || is_further(tty, c))
                seen = 1;
            else if (seen)
                break;
        }
        c = shorten(tty);
        if (tty_local(tty, ECHO))
            show_erased(tty, c, key);
        if (key == cc[VERASE])
            break;
    }
    if (tty->line_used == 0 && tty_local(tty, ECHO))
        tty_end_erasing(tty);
}

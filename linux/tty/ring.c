// ring.c -- the characters that were typed and may be read
#include "linux/tty/parts.h"

#include "tender/text.h"

static u32
place(const struct tty *tty, u32 index)
{
    return (tty->first + index) % TTY_INPUT;
}

u8
tty_at(const struct tty *tty, u32 index)
{
    return tty->ring[place(tty, index)];
}

int
tty_ends(const struct tty *tty, u32 index)
{
    u32 at = place(tty, index);

    return tty->end[at / 8] >> at % 8 & 1;
}

static void
mark(struct tty *tty, u32 index, int end)
{
    u32 at = place(tty, index);
    u8 bit = (u8)(1u << at % 8);

    tty->end[at / 8] =
        (u8)(end ? tty->end[at / 8] | bit : tty->end[at / 8] & ~bit);
}

void
tty_append(struct tty *tty, u8 c, int end)
{
    ASSERT(tty->used < TTY_INPUT);
    tty->ring[place(tty, tty->used)] = c;
    mark(tty, tty->used, end);
    tty->used++;
    if (end) {
        tty->lines++;
        tty->line_used = 0;
    } else if (tty_local(tty, ICANON)) {
        tty->line_used++;
    }
}

void
tty_remove(struct tty *tty)
{
    ASSERT(tty->used > tty->line_used);
    if (tty_ends(tty, 0)) {
        mark(tty, 0, 0);
        tty->lines--;
    }
    tty->first = place(tty, 1);
    tty->used--;
}

void
tty_forget_input(struct tty *tty)
{
    tty->first = 0;
    tty->used = 0;
    tty->line_used = 0;
    tty->lines = 0;
    tty->erasing = 0;
    tty->literal_next = 0;
    tty->pushed = 0;
    memset(tty->end, 0, sizeof(tty->end));
}

void
tty_reframe(struct tty *tty)
{
    memset(tty->end, 0, sizeof(tty->end));
    tty->lines = 0;
    tty->line_used = 0;
    tty->erasing = 0;
    tty->literal_next = 0;
    tty->pushed = 0;
    if (tty_local(tty, ICANON) && tty->used > 0) {
        mark(tty, tty->used - 1, 1);
        tty->lines = 1;
        tty->pushed = 1;
    }
}

int
tty_readable(const struct tty *tty)
{
    return tty_local(tty, ICANON) ? tty->lines > 0 : tty->used > 0;
}

void
tty_tell_readers(struct tty *tty)
{
    tty->version++;
    task_wake(tty->linux, &tty->used, TASKS_MAX);
    file_wake(tty->linux);
}

const char *
tty_check(const struct tty *tty)
{
    u32 ends = 0;

    if (tty->used > TTY_INPUT || tty->line_used > tty->used)
        return "T1: the terminal holds more than it can";
    for (u32 i = 0; i < tty->used; i++)
        ends += (u32)tty_ends(tty, i);
    if (ends != tty->lines)
        return "T2: the terminal's lines are not those that end";
    if (!tty_local(tty, ICANON) && (ends != 0 || tty->line_used != 0))
        return "T3: the terminal has lines without being canonical";
    return NULL;
}

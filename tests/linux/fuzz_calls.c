// fuzz_calls.c -- the arguments of each call, and what must not be called
#include "fuzz.h"

void
fuzz_arguments(struct caller *c, u32 number)
{
    const char *kinds = fuzz_kinds(c, number);

    for (u32 i = 0; i < 6; i++) {
        char kind = *kinds == 0 ? '?' : *kinds++;

        if (chance_below(&c->chance, 24) == 0)
            kind = "fplmnx?"[chance_below(&c->chance, 7)];
        c->argument[i] = fuzz_value(c, kind);
    }
}

// --- what must not be called ---

// Signals are for this process or for nobody: the programs beside it live on.
static int
may_signal(struct caller *c, u32 who, u32 number)
{
    static const u32 ends[] = {9, 19, 20, 21, 22};

    if (who != c->pid && who != c->tid && who < 0x10000)
        return 0;
    if (who > 0x80000000 && who > 0xffff8000)
        return 0; // groups that may be there
    for (u32 i = 0; i < ARRAY_LEN(ends); i++)
        if (number == ends[i])
            return chance_below(&c->chance, 32) == 0;
    return 1;
}

// Nearly always within the arena: a worker without its code is of little use.
static int
may_unmap(struct caller *c, u32 at, u32 bytes)
{
    u32 start = P(c->arena), end = start + 24 * PAGE;

    if (at >= start && at < end && bytes <= end - at)
        return 1;
    return chance_below(&c->chance, 64) == 0;
}

static int
is_terminal(u32 descriptor)
{
    u32 termios[16];

    return call(CALL_IOCTL, descriptor, 0x5401, P(termios)) == 0;
}

// The arguments of the old mmap lie in memory.
static int
may_map_old(struct caller *c, u32 at)
{
    const u32 *a = (const u32 *)at;

    if (fuzz_arena_changed != 0 ||
        at - P(c->arena) > FUZZ_GOOD_BYTES - 6 * sizeof(*a))
        return chance_below(&c->chance, 8) == 0;
    return (a[3] & 0x10) == 0 || may_unmap(c, a[0], a[1]);
}

static int
may_change_memory(struct caller *c, u32 number)
{
    const u32 *a = c->argument;
    int may;

    switch (number) {
    case 45: // brk: this program has none
        may = 1;
        break;
    case 192:
        may = (a[3] & 0x10) == 0 || may_unmap(c, a[0], a[1]);
        break;
    case 163:
        may = may_unmap(c, a[0], a[1]) &&
              ((a[3] & 2) == 0 || may_unmap(c, a[4], a[2]));
        break;
    case 90:
        may = may_map_old(c, a[0]);
        break;
    default:
        may = may_unmap(c, a[0], a[1]);
    }
    c->changes = may;
    return may;
}

int
fuzz_allowed(struct caller *c, u32 number)
{
    const u32 *a = c->argument;

    c->changes = 0;
    switch (number) {
    case 1:
    case 252: // it ends itself
    case 119:
    case 173: // fuzz_odd.c has frames for them
        return 0;
    case 4:
    case 146:
    case 181:
    case 334:
    case 187:
    case 239:
        return !is_terminal(a[0]);
    case 377:
        return !is_terminal(a[2]);
    case 37:
    case 238:
    case 178:
        return may_signal(c, a[0], a[1]);
    case 270:
        return may_signal(c, a[0], a[2]) && may_signal(c, a[1], a[2]);
    case 97: // nobody else's
        return a[1] == 0 || a[1] == c->pid;
    case 75:
        return (c->may & FUZZ_MAY_LIMIT) != 0;
    case 340:
        return a[2] == 0 || ((c->may & FUZZ_MAY_LIMIT) != 0 &&
                             (a[0] == 0 || a[0] == c->pid));
    case 61:
        return (c->may & FUZZ_MAY_ROOT) != 0;
    case 54:
        return a[1] != 0x540a;
    case 88: // never the magic words
        return a[0] != 0xfee1dead;
    case 23:
    case 70:
    case 203:
    case 208:
    case 213:
        return (c->may & FUZZ_MAY_USER) != 0 &&
               chance_below(&c->chance, 4) == 0;
    case 29:
    case 36:
    case 72:
    case 179: // slow
        return chance_below(&c->chance, 16) == 0;
    case 45:
    case 90:
    case 91:
    case 125:
    case 163:
    case 192:
    case 219:
        return may_change_memory(c, number);
    default:
        return 1;
    }
}

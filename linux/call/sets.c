// sets.c -- sets of signals and times, as programs hand them over
#include "linux/call/sets.h"

#include "linux/errno.h"

#define NS 1000000000u
#define US 1000000u

int
set_get(struct task *t, u64 *set, u32 from, u32 bytes)
{
    u32 words[2];

    if (bytes != 8)
        return -EINVAL;
    int err = memory_in(t->memory, words, from, sizeof(words));

    *set = words[0] | (u64)words[1] << 32;
    return err;
}

int
set_put(struct task *t, u64 set, u32 to)
{
    u32 words[2] = {(u32)set, (u32)(set >> 32)};

    return memory_out(t->memory, to, words, sizeof(words));
}

// unit: fractions a second has. Seconds beyond 68 years are as good as for ever.
static int
get(struct task *t, u64 *us, u32 from, int is64, u32 unit)
{
    u32 w[4] = {0};
    int err = memory_in(t->memory, w, from, is64 ? 16 : 8);

    if (err < 0)
        return err;
    u32 seconds = w[0];
    u32 fraction = is64 ? w[2] : w[1];
    u32 beyond = is64 ? w[1] : 0; // of a time64 the nanoseconds' upper half is
                                  // padding for 32-bit programs
    if ((is64 ? beyond : seconds) >> 31 != 0 || fraction >= unit)
        return -EINVAL;
    if (beyond != 0 || seconds > 0x7fffffffu)
        seconds = 0x7fffffffu;
    *us = (u64)seconds * US + (unit == NS ? (fraction + 999) / 1000 : fraction);
    return 0;
}

static int
put(struct task *t, u64 us, u32 to, int is64, u32 unit)
{
    u64 seconds = us / US;
    u32 fraction = (u32)(us % US) * (unit / US);
    u32 w[4] = {(u32)seconds, fraction, 0, 0};

    if (is64) {
        w[1] = (u32)(seconds >> 32);
        w[2] = fraction;
    }
    return memory_out(t->memory, to, w, is64 ? 16 : 8);
}

int
time_get(struct task *t, u64 *us, u32 from, int is64)
{
    return get(t, us, from, is64, NS);
}

int
time_get_us(struct task *t, u64 *us, u32 from)
{
    return get(t, us, from, 0, US);
}

int
time_put(struct task *t, u64 us, u32 to, int is64)
{
    return put(t, us, to, is64, NS);
}

int
time_put_us(struct task *t, u64 us, u32 to)
{
    return put(t, us, to, 0, US);
}

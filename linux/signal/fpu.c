// fpu.c -- the FPU's registers in a signal's frame
//
// The registers of the running task are in the processor; its entry's area is
// where they go on the way, as nobody needs it while the task runs.
#include "linux/linux.h"
#include "linux/signal/sigframe.h"
#include "tender/text.h"

#define MXCSR_MASK 0x0000ffbfu
#define MXCSR_AT 24u
#define FX_RESERVED 464u // from here on software's: no extended state

static u32
full_tag(const u8 *fx)
{
    u32 top = fx[3] >> 3 & 7; // of the status word
    u32 tag = 0xffff0000u;

    for (u32 n = 0; n < 8; n++) {
        const u8 *st = fx + 32 + 16 * ((n - top) & 7);
        u32 exponent = (st[8] | (u32)st[9] << 8) & 0x7fff;
        u32 empty = (fx[4] >> n & 1) == 0;
        u32 zero = 1;

        for (u32 i = 0; i < 8; i++)
            zero &= st[i] == 0;
        u32 kind = empty                   ? 3
                   : exponent == 0x7fff    ? 2
                   : exponent == 0 && zero ? 1
                   : exponent == 0         ? 2
                   : (st[7] & 0x80) != 0   ? 0
                                           : 2;
        tag |= kind << 2 * n;
    }
    return tag;
}

// The old form of a state that fxsave wrote.
static void
to_fsave(struct fsave *old, const u8 *fx)
{
    u32 words[2];
    u16 half[2];

    memset(old, 0, sizeof(*old));
    memcpy(half, fx, sizeof(half));
    old->control = half[0] | 0xffff0000u;
    old->status = half[1] | 0xffff0000u;
    old->old_status = half[1];
    old->tag = full_tag(fx);
    memcpy(words, fx + 8, sizeof(words));
    old->ip = words[0];
    memcpy(half, fx + 6, sizeof(u16));
    old->cs = (words[1] & 0xffff) | (u32)half[0] << 16;
    memcpy(words, fx + 16, sizeof(words));
    old->data = words[0];
    old->ds = words[1] | 0xffff0000u;
    for (u32 n = 0; n < 8; n++)
        memcpy(old->st[n], fx + 32 + 16 * n, 10);
}

int
signal_fpu_put(struct task *t, u32 at)
{
    u8 *fx = task_execution(t)->fpu;
    struct fsave old;

    machine_fpu_save(fx);
    memset(fx + FX_RESERVED, 0, FXSAVE_BYTES - FX_RESERVED);
    to_fsave(&old, fx);
    int err = memory_out(t->memory, at, &old, sizeof(old));

    if (err == 0)
        err = memory_out(t->memory, at + (u32)sizeof(old), fx, FXSAVE_BYTES);
    return err;
}

// What a program has made of it may be anything but must load.
int
signal_fpu_get(struct task *t, u32 at)
{
    u8 *fx = task_execution(t)->fpu;
    u32 mxcsr;

    if (at == 0) {
        machine_fpu_fresh(fx);
    } else {
        int err = memory_in(t->memory, fx, at + (u32)sizeof(struct fsave),
                            FXSAVE_BYTES);
        if (err < 0) {
            machine_fpu_save(fx);
            return err;
        }
    }
    memcpy(&mxcsr, fx + MXCSR_AT, sizeof(mxcsr));
    mxcsr &= MXCSR_MASK; // other bits would fault
    memcpy(fx + MXCSR_AT, &mxcsr, sizeof(mxcsr));
    machine_fpu_load(fx);
    return 0;
}

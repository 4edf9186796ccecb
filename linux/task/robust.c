// robust.c -- what the memory is told when a task leaves it: locks are handed on
//
// The list of locks is in the program's memory and may be nonsense or a circle:
// a bad address ends it, and so does its length.
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/task/futex.h"

#define HEAD_BYTES 12u
#define OWNER_DIED 0x40000000u
#define WAITERS 0x80000000u
#define TID_MASK 0x3fffffffu
#define ROBUST_MAX 2048u

// The lock of an entry: if the task holds it, it died with it.
static int
let_go(struct task *t, u32 address, int pending)
{
    u32 value;

    if (address % 4 != 0 ||
        memory_in(t->memory, &value, address, sizeof(value)) < 0)
        return -EFAULT;
    if (pending && value == 0) { // it was about to wake somebody
        futex_wake_word(t, address, 1);
        return 0;
    }
    if ((value & TID_MASK) != t->tid)
        return 0;
    u32 died = (value & WAITERS) | OWNER_DIED;

    if (memory_out(t->memory, address, &died, sizeof(died)) < 0)
        return -EFAULT;
    if ((value & WAITERS) != 0)
        futex_wake_word(t, address, 1);
    return 0;
}

static void
let_all_go(struct task *t)
{
    u32 head[3]; // first entry, distance from an entry to its lock, pending
    u32 at;

    if (t->robust == 0 ||
        memory_in(t->memory, head, t->robust, sizeof(head)) < 0)
        return;
    at = head[0];
    // The lowest bit says it is one with inheritance.
    for (u32 n = 0; n < ROBUST_MAX && (at & ~1u) != t->robust; n++) {
        u32 next;

        if (memory_in(t->memory, &next, at & ~1u, sizeof(next)) < 0 ||
            ((at & ~1u) != (head[2] & ~1u) &&
             let_go(t, (at & ~1u) + head[1], 0) < 0))
            break;
        at = next;
    }
    if ((head[2] & ~1u) != 0)
        let_go(t, (head[2] & ~1u) + head[1], 1);
    t->robust = 0;
}

void
futex_leave(struct task *t)
{
    const u32 zero = 0;

    let_all_go(t);
    if (t->clear_tid != 0 && t->memory->refs > 1 &&
        memory_out(t->memory, t->clear_tid, &zero, sizeof(zero)) == 0)
        futex_wake_word(t, t->clear_tid, 1);
    t->clear_tid = 0;
}

int
sys_set_robust_list(struct task *t, const u32 *a)
{
    if (a[1] != HEAD_BYTES)
        return -EINVAL;
    t->robust = a[0];
    return 0;
}

int
sys_get_robust_list(struct task *t, const u32 *a)
{
    const u32 bytes = HEAD_BYTES;
    const struct task *of = a[0] == 0 ? t : task_of_tid(t->linux, a[0]);

    if (of == NULL)
        return -ESRCH;
    int err = memory_out(t->memory, a[2], &bytes, sizeof(bytes));

    return err < 0
               ? err
               : memory_out(t->memory, a[1], &of->robust, sizeof(of->robust));
}

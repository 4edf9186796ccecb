// futex.c -- waiting for a word of memory to change
//
// There is no queue: who waits says in its task for what, and a wake looks
// through the tasks. There are few.
#include "linux/task/futex.h"

#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/call/sets.h"

#define OP(op) ((op)&127u)
#define FUTEX_CLOCK_REALTIME 256u
#define FUTEX_WAIT 0u
#define FUTEX_WAKE 1u
#define FUTEX_REQUEUE 3u
#define FUTEX_CMP_REQUEUE 4u
#define FUTEX_WAKE_OP 5u
#define FUTEX_WAIT_BITSET 9u
#define FUTEX_WAKE_BITSET 10u
#define ALL_BITS 0xffffffffu

struct key {
    word object; // an inode or an address space
    u32 at;
};

// 0, -EINVAL, -EFAULT
static int
key_of(const struct task *t, u32 address, struct key *key)
{
    const struct area *area = memory_area(t->memory, address);

    if (address % 4 != 0)
        return -EINVAL;
    if (area == NULL)
        return -EFAULT;
    *key = (struct key){(word)t->memory, address};
    if ((area->flags & MAP_SHARED) != 0 && area->inode != NULL)
        *key = (struct key){(word)area->inode,
                            address - area->start + area->first * PAGE_SIZE};
    return 0;
}

// --- waking ---

static struct task *
first_waiter(const struct linux *l, const struct key *key, u32 bits)
{
    struct task *first = NULL;
    struct task *t;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL)
        if (t->futex == key->object && t->futex_at == key->at &&
            (t->futex_bits & bits) != 0 &&
            (first == NULL ||
             (int)(t->futex_arrival - first->futex_arrival) < 0))
            first = t;
    return first;
}

static int
wake(struct linux *l, const struct key *key, u32 most, u32 bits)
{
    struct task *t;
    u32 woken = 0;

    while (woken < most && (t = first_waiter(l, key, bits)) != NULL) {
        t->futex = 0;
        task_wake(l, &t->futex, 1);
        woken++;
    }
    return (int)woken;
}

int
futex_wake_word(struct task *t, u32 address, u32 most)
{
    struct key key;
    int err = key_of(t, address, &key);

    return err < 0 ? err : wake(t->linux, &key, most, ALL_BITS);
}

static int
requeue(struct task *t, const u32 *a, const u32 *expected)
{
    struct linux *l = t->linux;
    struct key from, to;
    struct task *waiter;
    u32 moved = 0;
    u32 value;
    int err = key_of(t, a[0], &from);

    if (err == 0)
        err = key_of(t, a[4], &to);
    if (err == 0 && expected != NULL)
        err = memory_in(t->memory, &value, a[0], sizeof(value));
    if (err < 0)
        return err;
    if ((int)a[2] < 0 || (int)a[3] < 0)
        return -EINVAL;
    if (expected != NULL && value != *expected)
        return -EAGAIN;
    int woken = wake(l, &from, a[2], ALL_BITS);

    if (from.object == to.object && from.at == to.at)
        return woken;
    while (moved < a[3] &&
           (waiter = first_waiter(l, &from, ALL_BITS)) != NULL) {
        waiter->futex = to.object;
        waiter->futex_at = to.at;
        moved++;
    }
    return woken + (int)moved;
}

// --- FUTEX_WAKE_OP ---

static u32
changed(u32 op, u32 old, u32 operand)
{
    if ((op & 8) != 0)
        operand = 1u << (operand & 31);
    switch (op & 7) {
    case 0:
        return operand;
    case 1:
        return old + operand;
    case 2:
        return old | operand;
    case 3:
        return old & ~operand;
    default:
        return old ^ operand;
    }
}

static int
compares(u32 how, int old, int with)
{
    switch (how) {
    case 0:
        return old == with;
    case 1:
        return old != with;
    case 2:
        return old < with;
    case 3:
        return old <= with;
    case 4:
        return old > with;
    default:
        return old >= with;
    }
}

// Wake at the first word, change the second, wake there if it was so.
static int
wake_op(struct task *t, const u32 *a)
{
    u32 op = a[5] >> 28;
    u32 how = a[5] >> 24 & 15;
    u32 operand = (u32)((int)(a[5] << 8) >> 20);
    int with = (int)(a[5] << 20) >> 20;
    struct key one, two;
    u32 old, value;
    int err = key_of(t, a[0], &one);

    if (err == 0)
        err = key_of(t, a[4], &two);
    if (err < 0)
        return err;
    if ((op & 7) > 4 || how > 5)
        return -ENOSYS;
    err = memory_in(t->memory, &old, a[4], sizeof(old));
    if (err == 0) {
        value = changed(op, old, operand);
        err = memory_out(t->memory, a[4], &value, sizeof(value));
    }
    if (err < 0)
        return err;
    int woken = wake(t->linux, &one, a[2], ALL_BITS);

    if (compares(how, (int)old, with))
        woken += wake(t->linux, &two, a[3], ALL_BITS);
    return woken;
}

// --- waiting ---

// Microseconds from now on; ~0: for ever. A call that is made again after a
// stop waits up to the same moment.
static int
timeout_of(struct task *t, const u32 *a, int is64, u64 *us)
{
    u64 now = machine_now_us();
    u64 until;

    *us = ~0ull;
    if (a[3] == 0)
        return 0;
    int err = time_get(t, &until, a[3], is64);

    if (err < 0)
        return err;
    if (OP(a[1]) == FUTEX_WAIT)
        until += now;
    else if ((a[1] & FUTEX_CLOCK_REALTIME) != 0)
        until -= MIN(until, t->linux->boot_real_us);
    if (t->sleep_until_us == 0)
        t->sleep_until_us = MAX(until, 1);
    *us = t->sleep_until_us > now ? t->sleep_until_us - now : 0;
    return 0;
}

static int
wait(struct task *t, const u32 *a, u32 bits, int is64)
{
    struct key key;
    u32 value;
    u64 us = 0;
    int err = key_of(t, a[0], &key);

    if (bits == 0)
        return -EINVAL;
    if (err == 0)
        err = timeout_of(t, a, is64, &us);
    if (err == 0)
        err = memory_in(t->memory, &value, a[0], sizeof(value));
    if (err < 0)
        return err;
    if (value != a[2])
        return -EAGAIN;
    if (us == 0)
        return -ETIMEDOUT;
    t->futex = key.object;
    t->futex_at = key.at;
    t->futex_bits = bits;
    t->futex_arrival = t->linux->futex_arrivals++;
    err = task_wait(t, &t->futex, us == ~0ull ? 0 : us);
    // Woken beats a signal that came meanwhile: the wake is used up.
    int woken = t->futex == 0;

    t->futex = 0;
    if (woken || err == 0)
        return 0; // or for no reason: programs look again
    // With a timeout a handler ends it; the moment is not the program's to know.
    return err == -ERESTART && a[3] != 0 ? -ERESTART_NO_HANDLER : err;
}

static int
futex(struct task *t, const u32 *a, int is64)
{
    switch (OP(a[1])) {
    case FUTEX_WAIT:
        return wait(t, a, ALL_BITS, is64);
    case FUTEX_WAIT_BITSET:
        return wait(t, a, a[5], is64);
    case FUTEX_WAKE:
        return futex_wake_word(t, a[0], MAX(a[2], 1));
    case FUTEX_WAKE_BITSET: {
        struct key key;
        int err = key_of(t, a[0], &key);

        if (err < 0)
            return err;
        return a[5] == 0 ? -EINVAL : wake(t->linux, &key, MAX(a[2], 1), a[5]);
    }
    case FUTEX_REQUEUE:
        return requeue(t, a, NULL);
    case FUTEX_CMP_REQUEUE:
        return requeue(t, a, &a[5]);
    case FUTEX_WAKE_OP:
        return wake_op(t, a);
    default:
        return -ENOSYS;
    }
}

int
sys_futex(struct task *t, const u32 *a)
{
    // a[1] without FUTEX_PRIVATE_FLAG: an area knows who shares it.
    const u32 b[6] = {a[0], a[1] & ~128u, a[2], a[3], a[4], a[5]};

    return futex(t, b, 0);
}

int
sys_futex_time64(struct task *t, const u32 *a)
{
    const u32 b[6] = {a[0], a[1] & ~128u, a[2], a[3], a[4], a[5]};

    return futex(t, b, 1);
}

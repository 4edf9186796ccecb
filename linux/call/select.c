// select.c -- select in its many forms
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/stream/epoll.h"
#include "tender/text.h"

#define SETS 3u // to read, to write, exceptional
#define SET_WORDS (DESCRIPTORS_MAX / 32)

struct selection {
    u32 count;         // descriptors that are looked at
    u32 address[SETS]; // 0: not asked for
    u32 wanted[SETS][SET_WORDS];
    u32 found[SETS][SET_WORDS];
};

// What counts for each set.
static const u32 meaning[SETS] = {
    POLLIN | POLLRDNORM | POLLHUP | POLLERR,
    POLLOUT | POLLWRNORM | POLLERR,
    POLLPRI,
};

static u32
bytes_of(const struct selection *s)
{
    return (s->count + 31) / 32 * 4;
}

static int
read_sets(struct task *t, struct selection *s)
{
    for (u32 set = 0; set < SETS; set++) {
        int err = 0;

        if (s->address[set] != 0)
            err = memory_in(t->memory, s->wanted[set], s->address[set],
                            bytes_of(s));
        if (err < 0)
            return err;
    }
    return 0;
}

static int
write_sets(struct task *t, const struct selection *s)
{
    for (u32 set = 0; set < SETS; set++) {
        int err = 0;

        if (s->address[set] != 0)
            err = memory_out(t->memory, s->address[set], s->found[set],
                             bytes_of(s));
        if (err < 0)
            return err;
    }
    return 0;
}

// One descriptor: how many sets it is found in, or -EBADF.
static int
look_at(struct task *t, struct selection *s, u32 descriptor)
{
    u32 at = descriptor / 32;
    u32 bit = 1u << descriptor % 32;
    struct file *f;
    int found = 0;
    u32 now;

    if (((s->wanted[0][at] | s->wanted[1][at] | s->wanted[2][at]) & bit) == 0)
        return 0;
    f = files_get(t->files, descriptor);
    if (f == NULL)
        return -EBADF;
    now = file_poll(f, ~0u);
    for (u32 set = 0; set < SETS; set++)
        if ((s->wanted[set][at] & bit) && (now & meaning[set])) {
            s->found[set][at] |= bit;
            found++;
        }
    return found;
}

static int
look(struct task *t, struct selection *s)
{
    int found = 0;

    memset(s->found, 0, sizeof(s->found));
    for (u32 i = 0; i < s->count; i++) {
        int here = look_at(t, s, i);

        if (here < 0)
            return here;
        found += here;
    }
    return found;
}

// a: count, three sets.
static int
select(struct task *t, const u32 *a, const struct poll_limit *limit)
{
    struct selection *s;
    int found = 0;
    int err;

    if ((int)a[0] < 0)
        return -EINVAL;
    s = heap_new(&t->linux->heap, sizeof(*s));
    if (s == NULL)
        return -ENOMEM;
    s->count = MIN(a[0], DESCRIPTORS_MAX);
    memcpy(s->address, a + 1, sizeof(s->address));
    err = read_sets(t, s);
    while (err == 0) {
        epoll_walk_begin(t->linux);
        found = look(t, s);
        epoll_walk_end(t->linux);
        if (found != 0)
            break;
        err = poll_wait(t, limit);
    }
    if (found < 0)
        err = found;
    if (err >= 0)
        err = write_sets(t, s);
    heap_free(&t->linux->heap, s, sizeof(*s));
    if (err == -ERESTART)
        return -ERESTART_NO_HANDLER;
    return err < 0 ? err : found;
}

static int
select_for(struct task *t, const u32 *a, enum time_form form)
{
    struct poll_limit limit;
    int result = poll_limit_in(t, a[4], form, &limit);

    if (result == 0)
        result = select(t, a, &limit);
    if (result != -EINVAL && result != -EFAULT)
        poll_limit_out(t, a[4], form, &limit);
    return result;
}

int
sys__newselect(struct task *t, const u32 *a)
{
    return select_for(t, a, TIME_US);
}

// The old one: its arguments lie in memory.
int
sys_select(struct task *t, const u32 *a)
{
    u32 argument[5];

    if (memory_in(t->memory, argument, a[0], sizeof(argument)) < 0)
        return -EFAULT;
    return select_for(t, argument, TIME_US);
}

// The sixth argument points at the mask's address and size.
static int
select_masked(struct task *t, const u32 *a, enum time_form form)
{
    u32 mask[2] = {0, 0};
    int result = 0;

    if (a[5] != 0 && memory_in(t->memory, mask, a[5], sizeof(mask)) < 0)
        return -EFAULT;
    result = poll_mask_begin(t, mask[0], mask[1]);
    if (result == 0)
        result = select_for(t, a, form);
    return poll_mask_end(t, result);
}

int
sys_pselect6(struct task *t, const u32 *a)
{
    return select_masked(t, a, TIME_NS);
}

int
sys_pselect6_time64(struct task *t, const u32 *a)
{
    return select_masked(t, a, TIME_NS64);
}

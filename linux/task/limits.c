// limits.c -- the limits of a process that calls run into: descriptors, file size
//
// The others are kept and told, no more (call/system.c).
#include "linux/errno.h"
#include "linux/linux.h"

#define RLIMIT_FSIZE 1u
#define RLIMIT_NOFILE 7u

static u64
limit_of(const struct task *t, u32 which)
{
    return task_leader(t)->limit[which][0];
}

u32
limit_descriptors(const struct linux *l)
{
    const struct task *t = task_current(l);

    if (t == NULL)
        return DESCRIPTORS_MAX;
    return (u32)MIN(limit_of(t, RLIMIT_NOFILE), (u64)DESCRIPTORS_MAX);
}

int
limit_size(struct task *t, u64 at, u32 *bytes)
{
    u64 most = limit_of(t, RLIMIT_FSIZE);

    if (*bytes == 0 || at + *bytes <= most)
        return 0;
    if (at < most) {
        *bytes = (u32)(most - at); // as much as there may be
        return 0;
    }
    signal_task(t, SIGXFSZ, NULL);
    return -EFBIG;
}

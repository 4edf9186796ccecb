// limits.c -- what a process may use of something, where calls run into it
//
// RLIMIT_CORE, _NICE, _RTPRIO, _RSS, _LOCKS and _MSGQUEUE are kept and told, no
// more: there is nothing they would limit.
#include "linux/task/limits.h"

#include "linux/errno.h"
#include "linux/linux.h"

#define SECOND_US 1000000u
#define LOCK_BYTES 0x00800000u

void
limits_begin(struct task *t)
{
    static const u64 limit[][3] = {
        {RLIMIT_STACK, MEMORY_STACK_BYTES, NO_LIMIT},
        {RLIMIT_CORE, 0, NO_LIMIT},
        {RLIMIT_NPROC, TASKS_MAX, TASKS_MAX},
        {RLIMIT_NOFILE, DESCRIPTORS_MAX, DESCRIPTORS_MAX},
        {RLIMIT_MEMLOCK, LOCK_BYTES, LOCK_BYTES},
        {RLIMIT_SIGPENDING, 1024, 1024},
        {RLIMIT_MSGQUEUE, 819200, 819200},
        {RLIMIT_NICE, 0, 0},
        {RLIMIT_RTPRIO, 0, 0},
    };

    for (u32 i = 0; i < TASK_LIMITS; i++)
        t->limit[i][0] = t->limit[i][1] = NO_LIMIT;
    for (u32 i = 0; i < ARRAY_LEN(limit); i++) {
        t->limit[limit[i][0]][0] = limit[i][1];
        t->limit[limit[i][0]][1] = limit[i][2];
    }
}

u64
limit_of(const struct task *t, u32 which)
{
    return task_leader(t)->limit[which][0];
}

// --- files ---

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

// --- memory ---

// An address space is judged by the limits of who works on it: one that exec
// makes is nobody's yet.
int
limit_memory(const struct memory *m, u32 more, u32 data)
{
    const struct task *t = task_current(m->linux);

    if (t == NULL)
        return 0;
    u64 most = limit_of(t, RLIMIT_DATA);

    if ((u64)m->mapped + more > limit_of(t, RLIMIT_AS))
        return -ENOMEM;
    if (data == 0 || most == NO_LIMIT)
        return 0;
    return (u64)memory_data(m) + data > most ? -ENOMEM : 0;
}

u32
limit_stack(const struct linux *l)
{
    const struct task *t = task_current(l);

    if (t == NULL)
        return MEMORY_STACK_BYTES;
    return (u32)MIN(limit_of(t, RLIMIT_STACK), (u64)MEMORY_END);
}

// --- tasks and their time ---

int
limit_tasks(const struct task *t)
{
    u64 most = limit_of(t, RLIMIT_NPROC);
    const struct task *other;
    u32 n = 0;
    u32 i = 0;

    if (t->uid == 0 || t->euid == 0)
        return 0;
    while ((other = task_next(t->linux, &i)) != NULL)
        n += other->uid == t->uid;
    return n < most ? 0 : -EAGAIN;
}

void
limit_used(struct task *leader)
{
    u64 *limit = leader->limit[RLIMIT_CPU];

    if (limit[0] == NO_LIMIT && limit[1] == NO_LIMIT)
        return;
    u64 seconds = task_used_us(leader) / SECOND_US;

    if (seconds >= limit[1]) {
        signal_process(leader, SIGKILL, NULL);
    } else if (seconds >= limit[0]) {
        signal_process(leader, SIGXCPU, NULL);
        limit[0] = seconds + 1;
    }
}

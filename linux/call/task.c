// task.c -- system calls: a task about itself and its group
#include "linux/calls.h"
#include "linux/errno.h"
#include "tender/text.h"

// --- ends ---

int
sys_exit(struct task *t, const u32 *a)
{
    t->ending = 1; // this thread alone: linux_return() ends it
    t->ending_status = (int)((a[0] & 0xff) << 8);
    t->in_call = 0;
    return 0;
}

int
sys_exit_group(struct task *t, const u32 *a)
{
    task_end_process(t, (int)((a[0] & 0xff) << 8));
    return 0;
}

// --- who it is ---

int
sys_getpid(struct task *t, const u32 *a)
{
    (void)a;
    return (int)t->pid;
}

int
sys_gettid(struct task *t, const u32 *a)
{
    (void)a;
    return (int)t->tid;
}

int
sys_getppid(struct task *t, const u32 *a)
{
    (void)a;
    return (int)task_parent_pid(task_leader(t));
}

int
sys_set_tid_address(struct task *t, const u32 *a)
{
    t->clear_tid = a[0];
    return (int)t->tid;
}

// --- groups and sessions ---

// The first thread of a process; 0: the caller's.
static struct task *
process_of(const struct task *t, u32 pid)
{
    struct task *of = pid == 0 ? task_leader(t) : task_of_tid(t->linux, pid);

    return of == NULL ? NULL : task_leader(of);
}

static int
group_exists(const struct linux *l, u32 group, u32 session)
{
    const struct task *t;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL)
        if (t->group == group && t->session == session)
            return 1;
    return 0;
}

// All threads of a process are in the same group and session.
static void
set_group(struct linux *l, u32 pid, u32 group, u32 session)
{
    struct task *t;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL)
        if (t->pid == pid) {
            t->group = group;
            t->session = session;
        }
}

int
sys_setpgid(struct task *t, const u32 *a)
{
    struct task *of = process_of(t, a[0]);
    u32 group;

    if ((int)a[1] < 0)
        return -EINVAL;
    if (of == NULL || (of->pid != t->pid && of->parent != t->leader))
        return -ESRCH;
    group = a[1] == 0 ? of->pid : a[1];
    if (of->session != t->session || of->session == of->pid)
        return -EPERM;
    if (of->pid != t->pid && of->executed)
        return -EACCES;
    if (group != of->pid && !group_exists(t->linux, group, t->session))
        return -EPERM;
    set_group(t->linux, of->pid, group, of->session);
    return 0;
}

int
sys_getpgid(struct task *t, const u32 *a)
{
    const struct task *of = process_of(t, a[0]);

    return of == NULL ? -ESRCH : (int)of->group;
}

int
sys_getpgrp(struct task *t, const u32 *a)
{
    (void)a;
    return (int)t->group;
}

int
sys_getsid(struct task *t, const u32 *a)
{
    const struct task *of = process_of(t, a[0]);

    return of == NULL ? -ESRCH : (int)of->session;
}

int
sys_setsid(struct task *t, const u32 *a)
{
    const struct task *other;
    u32 i = 0;

    (void)a;
    while ((other = task_next(t->linux, &i)) != NULL)
        if (other->group == t->pid)
            return -EPERM;
    set_group(t->linux, t->pid, t->pid, t->pid);
    return (int)t->pid;
}

// --- small things ---

int
sys_sched_yield(struct task *t, const u32 *a)
{
    (void)a;
    gate_control(t->linux->gate, KIND_ID(KIND_EXECUTION), EXECUTION_YIELD, 0, 0,
                 0);
    return 0;
}

int
sys_personality(struct task *t, const u32 *a)
{
    (void)t;
    return a[0] == 0 || a[0] == 0xffffffffu || a[0] == 8 ? 0 : -EINVAL;
}

#define PR_SET_PDEATHSIG 1u
#define PR_GET_PDEATHSIG 2u
#define PR_GET_DUMPABLE 3u
#define PR_SET_DUMPABLE 4u
#define PR_SET_NAME 15u
#define PR_GET_NAME 16u
#define PR_SET_NO_NEW_PRIVS 38u

static int
set_name(struct task *t, u32 from)
{
    char name[TASK_NAME_MAX];
    int err = memory_string(t->memory, name, from, sizeof(name));

    if (err == -ENAMETOOLONG) // cut off, not refused
        err = memory_in(t->memory, name, from, sizeof(name));
    if (err < 0)
        return err;
    name[TASK_NAME_MAX - 1] = 0;
    task_rename(t, name);
    return 0;
}

int
sys_prctl(struct task *t, const u32 *a)
{
    switch (a[0]) {
    case PR_SET_PDEATHSIG:
        if (a[1] > SIGNALS)
            return -EINVAL;
        t->parent_death = a[1];
        return 0;
    case PR_GET_PDEATHSIG:
        return memory_out(t->memory, a[1], &t->parent_death, 4);
    case PR_GET_DUMPABLE:
        return 1;
    case PR_SET_DUMPABLE:
        return a[1] > 1 ? -EINVAL : 0;
    case PR_SET_NAME:
        return set_name(t, a[1]);
    case PR_GET_NAME:
        return memory_out(t->memory, a[1], t->name, TASK_NAME_MAX);
    case PR_SET_NO_NEW_PRIVS:
        return a[1] == 1 ? 0 : -EINVAL;
    default:
        return -EINVAL;
    }
}

// May the caller change how another's process gets the processor?
static int
may_schedule(const struct task *t, const struct task *of)
{
    return t->euid == 0 || t->euid == of->uid || t->euid == of->euid;
}

int
sys_sched_getaffinity(struct task *t, const u32 *a)
{
    const u32 one = 1; // there is one processor

    if (a[0] != 0 && task_of_tid(t->linux, a[0]) == NULL)
        return -ESRCH;
    if (a[1] < 4 || a[1] % 4 != 0)
        return -EINVAL;
    int err = memory_out(t->memory, a[2], &one, sizeof(one));

    return err < 0 ? err : (int)sizeof(one);
}

int
sys_sched_setaffinity(struct task *t, const u32 *a)
{
    const struct task *of;
    u32 set;

    if (a[1] < 4)
        return -EINVAL;
    int err = memory_in(t->memory, &set, a[2], sizeof(set));

    if (err < 0)
        return err;
    of = a[0] == 0 ? t : task_of_tid(t->linux, a[0]);
    if (of == NULL)
        return -ESRCH;
    if (!may_schedule(t, of))
        return -EPERM;
    return (set & 1) != 0 ? 0 : -EINVAL;
}

int
sys_getcpu(struct task *t, const u32 *a)
{
    const u32 zero = 0;
    int err = 0;

    if (a[0] != 0)
        err = memory_out(t->memory, a[0], &zero, sizeof(zero));
    if (err == 0 && a[1] != 0)
        err = memory_out(t->memory, a[1], &zero, sizeof(zero));
    return err;
}

// With one processor there is nothing to order.
int
sys_membarrier(struct task *t, const u32 *a)
{
    (void)t;
    return a[1] != 0 ? -EINVAL : a[0] == 0 ? 0x7f : 0;
}

static int
nice_of(const struct task *t)
{
    return 20 - t->nice; // as the call gives it, so that it is never negative
}

int
sys_getpriority(struct task *t, const u32 *a)
{
    const struct task *of = process_of(t, a[0] == 0 ? a[1] : 0);

    if (a[0] > 2)
        return -EINVAL;
    return of == NULL ? -ESRCH : nice_of(of);
}

// Kept, but the processor is shared alike.
int
sys_setpriority(struct task *t, const u32 *a)
{
    struct task *of = process_of(t, a[0] == 0 ? a[1] : 0);
    int nice = (int)a[2] < -20 ? -20 : (int)a[2] > 19 ? 19 : (int)a[2];

    if (a[0] > 2)
        return -EINVAL;
    if (of == NULL)
        return -ESRCH;
    if (!may_schedule(t, of))
        return -EPERM;
    if (nice < of->nice && t->euid != 0)
        return -EACCES;
    of->nice = nice;
    return 0;
}

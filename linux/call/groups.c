// groups.c -- system calls: the supplementary groups of a task
#include "linux/calls.h"
#include "linux/errno.h"

// Their number, or as many of them as there is room for: with 0 only asked.
static int
room_for(const struct task *t, u32 most)
{
    if ((int)most < 0 || (most != 0 && most < t->groups_used))
        return -EINVAL;
    return (int)t->groups_used;
}

union numbers {
    u32 wide[TASK_GROUPS];
    u16 narrow[TASK_GROUPS];
};

// size: bytes of a group's number.
static int
get_groups(struct task *t, const u32 *a, u32 size)
{
    int n = room_for(t, a[0]);
    union numbers groups;
    int err = 0;

    for (u32 i = 0; i < t->groups_used; i++)
        if (size == 4)
            groups.wide[i] = t->groups[i];
        else
            groups.narrow[i] = (u16)t->groups[i];
    if (n > 0 && a[0] != 0)
        err = memory_out(t->memory, a[1], &groups, (u32)n * size);
    return err < 0 ? err : n;
}

int
sys_getgroups32(struct task *t, const u32 *a)
{
    return get_groups(t, a, 4);
}

int
sys_getgroups(struct task *t, const u32 *a)
{
    return get_groups(t, a, 2);
}

static int
set_groups(struct task *t, const u32 *a, u32 size)
{
    union numbers groups;
    int err = 0;

    if (t->euid != 0)
        return -EPERM;
    if (a[0] > TASK_GROUPS)
        return -EINVAL;
    if (a[0] != 0)
        err = memory_in(t->memory, &groups, a[1], a[0] * size);
    if (err < 0)
        return err;
    for (u32 i = 0; i < a[0]; i++)
        t->groups[i] = size == 4 ? groups.wide[i] : groups.narrow[i];
    t->groups_used = a[0];
    return 0;
}

int
sys_setgroups32(struct task *t, const u32 *a)
{
    return set_groups(t, a, 4);
}

int
sys_setgroups(struct task *t, const u32 *a)
{
    return set_groups(t, a, 2);
}

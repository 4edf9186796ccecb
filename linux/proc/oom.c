// oom.c -- /proc/PID/oom_score_adj: how soon a process is ended when memory runs out
#include "linux/task/oom.h"

#include "linux/errno.h"
#include "linux/proc/proc.h"

void
proc_print_oom(struct proc_text *x, const struct task *t)
{
    proc_add(x, "%d\n", t->oom_adj);
}

static int
is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// A decimal number with nothing but spaces around it. 0 or -EINVAL
static int
number_of(const char *text, int *value)
{
    int sign = 1;
    u32 digits = 0;

    while (is_space(*text))
        text++;
    if (*text == '-' || *text == '+')
        sign = *text++ == '-' ? -1 : 1;
    for (*value = 0; *text >= '0' && *text <= '9' && digits < 5; digits++)
        *value = *value * 10 + (*text++ - '0');
    while (is_space(*text))
        text++;
    *value *= sign;
    return digits == 0 || *text != 0 ? -EINVAL : 0;
}

// Processes with the same memory are ended together: they have the same. Not so
// one that has it from its parent's vfork.
static void
set_all(struct task *t, int value)
{
    const struct memory *m = t->vfork ? NULL : t->memory;
    struct task *other;
    u32 i = 0;

    t->oom_adj = value;
    while (m != NULL && (other = task_next(t->linux, &i)) != NULL)
        if (other->memory == m && !other->vfork)
            task_leader(other)->oom_adj = value;
}

int
proc_set_oom(struct task *caller, struct task *t, const char *text)
{
    int value;
    int err = number_of(text, &value);

    if (err < 0)
        return err;
    if (value < OOM_ADJ_MIN || value > OOM_ADJ_MAX)
        return -EINVAL;
    if (caller->euid == 0)
        t->oom_adj_min = value;
    else if (value < t->oom_adj_min)
        return -EACCES;
    set_all(t, value);
    return 0;
}

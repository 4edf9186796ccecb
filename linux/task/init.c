// init.c -- process 1: what programs find where Linux has its first process
//
// A name and no task: nothing runs, none of the table's places is taken. What
// looks for a process by its number finds this record; what goes through the
// table does not. The id in it is that of the kind, which no task has.
#include "linux/linux.h"
#include "tender/text.h"

void
init_make(struct linux *l)
{
    struct task *t = &l->init;

    t->linux = l;
    t->res.id = t->leader = KIND_ID(KIND_LINUX);
    t->state = TASK_RUNNING;
    t->waiting = 1; // for ever
    t->tid = t->pid = t->group = t->session = INIT_PID;
    t->exit_signal = SIGCHLD;
    text_copy(t->name, "init", sizeof(t->name));
}

int
task_is_init(const struct task *t)
{
    return t->pid == INIT_PID;
}

u32
task_parent_pid(const struct task *t)
{
    const struct task *parent = task_get(t->linux, t->parent);

    if (parent != NULL)
        return parent->pid;
    return task_is_init(t) ? 0 : INIT_PID;
}

// exec_change.c -- the moment when a task becomes another program
//
// First the other threads end, which takes time, and a signal may end this one
// meanwhile: then the old program still is all there. After that nothing fails.
#include "linux/errno.h"
#include "linux/signal/queue.h"
#include "linux/task/exec_parts.h"
#include "linux/task/futex.h"
#include "tender/table.h"
#include "tender/text.h"

// --- alone ---

// What makes a process the one that others know goes to another thread.
static void
hand_on(struct task *leader, struct task *t)
{
    t->parent = leader->parent;
    t->tid = leader->tid;
    t->exit_signal = leader->exit_signal;
    t->start_us = leader->start_us;
    t->user_us += leader->user_us;
    t->children_us = leader->children_us;
    t->alarm_us = leader->alarm_us;
    t->alarm_period_us = leader->alarm_period_us;
    memcpy(t->timer_us, leader->timer_us, sizeof(t->timer_us));
    memcpy(t->timer_period_us, leader->timer_period_us,
           sizeof(t->timer_period_us));
    memcpy(t->limit, leader->limit, sizeof(t->limit));
    t->shared = leader->shared;
    queue_hand_on(leader, t);
    for (u32 n = 1; n <= SIGNALS; n++)
        if ((t->shared & ~t->pending & SIGNAL_BIT(n)) != 0)
            t->info[n] = leader->info[n];
}

// The process's first thread has ended; this one takes its place, so that the
// process stays who it is for everybody. Its execution is called after it.
static struct task *
become_leader(struct task *t)
{
    struct task *leader = task_leader(t);
    const struct res res = leader->res;
    struct execution_entry *e = task_execution(t);
    char name[NAME_MAX];

    hand_on(leader, t);
    *leader = *t;
    leader->res = res;
    t->queue = NULL;
    e->process = e->res.owner = res.id;
    text_format(name, sizeof(name), "execution/linux.%u", leader->tid);
    table_rename(&e->res, name);
    task_forget(t);
    return leader;
}

// The other threads end; then only this one is left. NULL: it is to end itself.
static struct task *
be_alone(struct task *t)
{
    struct linux *l = t->linux;
    struct task *leader = task_leader(t);
    struct task *other;
    u32 i = 0;

    if (t->ending)
        return NULL; // another thread was first
    while ((other = task_next(l, &i)) != NULL)
        if (other->pid == t->pid && other != t && task_alive(other) &&
            !other->ending) {
            other->ending = 1;
            task_interrupt(other);
        }
    while (task_threads(l, t->pid) > 1)
        if (task_wait_killable(t, leader, 0) < 0)
            return NULL;
    return t == leader ? t : become_leader(t);
}

// --- the change ---

static const char *
base_of(const char *path)
{
    const char *base = path;

    for (; *path != 0; path++)
        if (path[0] == '/' && path[1] != 0)
            base = path + 1;
    return base;
}

// The parts that were made go to the task; what it had comes back to be dropped.
static void
change_parts(struct exec *x, struct task *t)
{
    struct memory *memory = t->memory;
    page_no command = t->command;

    t->memory = x->memory;
    x->memory = memory;
    t->command = x->command;
    x->command = command;
    t->command_bytes = x->command_bytes;
    if (x->files != NULL) {
        struct files *files = t->files;

        t->files = x->files;
        x->files = files;
    }
    if (x->handlers != NULL) {
        struct handlers *handlers = t->handlers;

        t->handlers = x->handlers;
        x->handlers = handlers;
    }
}

static void
change_execution(struct task *t)
{
    struct gate *gate = t->linux->gate;
    u8 *fpu = task_execution(t)->fpu;
    int err = gate_control(gate, KIND_ID(KIND_EXECUTION), EXECUTION_SPACE,
                           t->memory->vspace, 0, 0);

    ASSERT(err == 0);
    gate_control(gate, t->execution, EXECUTION_TLS, (word)t->tls, 0, 0);
    machine_fpu_fresh(fpu);
    machine_fpu_load(fpu);
}

static void
change(struct exec *x, struct task *t, struct frame *frame)
{
    if (t->memory != NULL)
        futex_leave(t);
    change_parts(x, t);
    memset(t->tls, 0, sizeof(t->tls));
    if (t->execution != RID_NONE)
        change_execution(t);
    task_release_vfork(t);
    files_exec(t->files);
    signal_exec(t);
    task_rename(t, base_of(x->asked));
    t->suid = t->euid = x->euid;
    t->sgid = t->egid = x->egid;
    t->robust = 0;
    t->executed = 1;
    t->in_call = 0;
    *frame = (struct frame){.es = FRAME_USER_DS,
                            .ds = FRAME_USER_DS,
                            .ss = FRAME_USER_DS,
                            .cs = FRAME_USER_CS,
                            .eip = x->image.entry,
                            .esp = x->esp,
                            .eflags = FRAME_EFLAGS};
}

int
exec_change(struct exec *x, struct frame *frame)
{
    struct task *t = x->task;

    if (t->execution != RID_NONE) {
        t = be_alone(t);
        if (t == NULL)
            return -EINTR;
    }
    change(x, t, frame);
    return 0;
}

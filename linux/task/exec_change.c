// exec_change.c -- the moment when a task becomes another program
//
// First the other threads end, which takes time, and a signal may end this one
// meanwhile: then the old program still is all there. After that nothing fails.
#include "linux/errno.h"
#include "linux/task/exec_parts.h"
#include "linux/task/futex.h"
#include "tender/text.h"

// --- alone ---

// What makes a process the one that others know.
struct identity {
    struct res res;
    rid parent, spawn;
    u32 tid, exit_signal;
    u64 start_us, user_us, children_us, shared, alarm_us, alarm_period_us;
};

static struct identity
identity_of(const struct task *t)
{
    return (struct identity){.res = t->res,
                             .parent = t->parent,
                             .spawn = t->spawn,
                             .tid = t->tid,
                             .exit_signal = t->exit_signal,
                             .start_us = t->start_us,
                             .user_us = t->user_us,
                             .children_us = t->children_us,
                             .shared = t->shared,
                             .alarm_us = t->alarm_us,
                             .alarm_period_us = t->alarm_period_us};
}

// The process's first thread has ended; this one takes its place, so that the
// process stays who it is for everybody.
static struct task *
become_leader(struct task *t)
{
    struct task *leader = task_leader(t);
    const struct identity is = identity_of(leader);

    *leader = *t;
    leader->res = is.res;
    leader->parent = is.parent;
    leader->spawn = is.spawn;
    leader->tid = is.tid;
    leader->exit_signal = is.exit_signal;
    leader->start_us = is.start_us;
    leader->user_us += is.user_us;
    leader->children_us = is.children_us;
    leader->shared = is.shared;
    leader->alarm_us = is.alarm_us;
    leader->alarm_period_us = is.alarm_period_us;
    task_execution(leader)->process = leader->res.id;
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

    while ((other = task_next(l, &i)) != NULL)
        if (other->pid == t->pid && other != t && task_alive(other) &&
            !other->ending) {
            other->ending = 1;
            task_stir(other);
        }
    while (task_threads(l, t->pid) > 1)
        if (task_wait_killable(t, leader, 0) < 0)
            return NULL;
    return t == leader ? t : become_leader(t);
}

// --- the change ---

// What the old program's memory is still told.
static void
leave(struct task *t)
{
    const u32 zero = 0;

    futex_robust_exit(t);
    if (t->clear_tid != 0 && t->memory->refs > 1 &&
        memory_out(t->memory, t->clear_tid, &zero, sizeof(zero)) == 0)
        futex_wake_word(t, t->clear_tid, 1);
    t->clear_tid = 0;
}

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
        leave(t);
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

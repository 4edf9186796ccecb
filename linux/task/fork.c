// fork.c -- a new task from one that is there: fork, vfork, clone
//
// What is not shared is copied; the pages of the memory are shared either way
// until somebody writes. The new execution begins with a copy of the frame in
// which the call is 0.
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/file/place.h"
#include "linux/task/tls.h"
#include "tender/text.h"

#define CSIGNAL 0xffu
#define CLONE_VM 0x100u
#define CLONE_FS 0x200u
#define CLONE_FILES 0x400u
#define CLONE_SIGHAND 0x800u
#define CLONE_PIDFD 0x1000u
#define CLONE_PTRACE 0x2000u
#define CLONE_VFORK 0x4000u
#define CLONE_PARENT 0x8000u
#define CLONE_THREAD 0x10000u
#define CLONE_NEWNS 0x20000u
#define CLONE_SYSVSEM 0x40000u
#define CLONE_SETTLS 0x80000u
#define CLONE_PARENT_SETTID 0x100000u
#define CLONE_CHILD_CLEARTID 0x200000u
#define CLONE_DETACHED 0x400000u
#define CLONE_UNTRACED 0x800000u
#define CLONE_CHILD_SETTID 0x1000000u
#define CLONE_IO 0x80000000u
// Namespaces and the like are refused.
#define CLONE_KNOWN                                                            \
    (CSIGNAL | CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |             \
     CLONE_VFORK | CLONE_PARENT | CLONE_THREAD | CLONE_SYSVSEM |               \
     CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID |               \
     CLONE_DETACHED | CLONE_UNTRACED | CLONE_CHILD_SETTID | CLONE_IO |         \
     CLONE_PTRACE)

struct clone {
    u32 flags;
    u32 exit_signal;
    u32 stack; // 0: the parent's esp
    u32 parent_tid, child_tid;
    u32 tls;
};

// --- parts ---

static int
share_or_copy(struct task *t, struct task *child, u32 flags)
{
    struct linux *l = t->linux;

    if ((flags & CLONE_FILES) != 0) {
        child->files = t->files;
        child->files->refs++;
    } else {
        child->files = files_copy(t->files);
    }
    if ((flags & CLONE_FS) != 0) {
        child->place = t->place;
        child->place->refs++;
    } else {
        child->place = place_copy(l, t->place);
    }
    if ((flags & CLONE_SIGHAND) != 0) {
        child->handlers = t->handlers;
        child->handlers->refs++;
    } else {
        child->handlers = handlers_copy(l, t->handlers);
    }
    if (child->files == NULL || child->place == NULL || child->handlers == NULL)
        return -ENOMEM;
    if ((flags & CLONE_VM) == 0)
        return memory_fork(t->memory, &child->memory);
    child->memory = t->memory;
    memory_hold(child->memory);
    return 0;
}

static int
copy_command(struct task *t, struct task *child)
{
    struct pages *pages = &t->linux->pages;

    if (t->command == 0)
        return 0;
    child->command = t->command;
    child->command_bytes = t->command_bytes;
    pages_hold(pages, t->command);
    return 0;
}

static void
copy_self(const struct task *t, struct task *child, const struct clone *c)
{
    child->group = t->group;
    child->session = t->session;
    child->uid = t->uid;
    child->euid = t->euid;
    child->suid = t->suid;
    child->gid = t->gid;
    child->egid = t->egid;
    child->sgid = t->sgid;
    memcpy(child->groups, t->groups, sizeof(child->groups));
    child->groups_used = t->groups_used;
    child->blocked = t->has_suspended ? t->suspended : t->blocked;
    child->nice = t->nice;
    child->oom_adj = task_leader(t)->oom_adj;
    child->oom_adj_min = task_leader(t)->oom_adj_min;
    child->exit_signal = c->exit_signal;
    memcpy(child->tls, t->tls, sizeof(child->tls));
    memcpy(child->limit, task_leader(t)->limit, sizeof(child->limit));
    if ((c->flags & CLONE_VM) == 0 || (c->flags & CLONE_VFORK) != 0) {
        child->alt_stack = t->alt_stack;
        child->alt_bytes = t->alt_bytes;
    }
    task_rename(child, t->name);
    // A brother of a session's first process is process 1's, not the native
    // one's that waits for the first.
    if ((c->flags & (CLONE_PARENT | CLONE_THREAD)) != 0)
        child->parent = child->res.owner = task_leader(t)->parent;
    if ((c->flags & CLONE_PARENT) != 0)
        child->exit_signal = task_leader(t)->exit_signal;
    if ((c->flags & CLONE_THREAD) != 0) {
        child->pid = t->pid;
        child->leader = t->leader;
        child->res.owner = t->leader;
    }
}

// --- making it ---

static int
put_tids(struct task *t, struct task *child, const struct clone *c)
{
    int err = 0;

    if ((c->flags & CLONE_PARENT_SETTID) != 0)
        err = memory_out(t->memory, c->parent_tid, &child->tid, 4);
    // Where it cannot be written the child is none the worse.
    if (err == 0 && (c->flags & CLONE_CHILD_SETTID) != 0)
        memory_out(child->memory, c->child_tid, &child->tid, 4);
    if ((c->flags & CLONE_CHILD_CLEARTID) != 0)
        child->clear_tid = c->child_tid;
    return err;
}

static int
begin(struct task *t, struct task *child, const struct clone *c)
{
    struct frame frame = *t->frame;
    int err = 0;

    frame.eax = 0;
    if (c->stack != 0)
        frame.esp = c->stack;
    if ((c->flags & CLONE_SETTLS) != 0)
        err = tls_clone(child, c->tls);
    if (err == 0)
        err = put_tids(t, child, c);
    // Its segments may be others than its parent's: it goes to user mode
    // without linux_return().
    signal_sanitize(child, &frame);
    if (err == 0)
        err = task_begin(child, &frame);
    if (err < 0)
        return err;
    machine_fpu_save(task_execution(child)->fpu);
    gate_control(t->linux->gate, child->execution, EXECUTION_TLS,
                 (word)child->tls, 0, 0);
    return 0;
}

static int
make(struct task *t, struct task *child, const struct clone *c)
{
    int err;

    copy_self(t, child, c);
    err = share_or_copy(t, child, c->flags);
    if (err == 0)
        err = copy_command(t, child);
    return err == 0 ? begin(t, child, c) : err;
}

static void
undo(struct task *child)
{
    task_drop(child);
    if (child->memory != NULL)
        memory_drop(child->memory);
    task_forget(child);
}

// The child has the memory now: wait until it executes another program, or
// ends. Nothing but the parent's own end interrupts that.
static void
wait_for_vfork(struct task *t, rid id)
{
    struct task *child;

    while ((child = task_get(t->linux, id)) != NULL && child->vfork)
        if (task_wait_killable(t, child, 0) < 0)
            return;
}

static int
check(const struct clone *c)
{
    u32 flags = c->flags;

    if ((flags & ~CLONE_KNOWN) != 0 || c->exit_signal > SIGNALS)
        return -EINVAL;
    if ((flags & CLONE_THREAD) != 0 && (flags & CLONE_SIGHAND) == 0)
        return -EINVAL;
    if ((flags & CLONE_SIGHAND) != 0 && (flags & CLONE_VM) == 0)
        return -EINVAL;
    return 0;
}

static int
do_clone(struct task *t, const struct clone *c)
{
    int err = check(c);

    if (err == 0)
        err = limit_tasks(t);
    if (err < 0)
        return err;
    struct task *child = task_new(t->linux, t);

    if (child == NULL)
        return -EAGAIN;
    u32 tid = child->tid;
    rid id = child->res.id;

    err = make(t, child, c);
    if (err < 0) {
        undo(child);
        return err;
    }
    if ((c->flags & CLONE_VFORK) != 0) {
        child->vfork = 1;
        wait_for_vfork(t, id);
    }
    return (int)tid;
}

// --- the calls ---

int
sys_fork(struct task *t, const u32 *a)
{
    const struct clone c = {.exit_signal = SIGCHLD};

    (void)a;
    return do_clone(t, &c);
}

int
sys_vfork(struct task *t, const u32 *a)
{
    const struct clone c = {.flags = CLONE_VFORK | CLONE_VM,
                            .exit_signal = SIGCHLD};

    (void)a;
    return do_clone(t, &c);
}

int
sys_clone(struct task *t, const u32 *a)
{
    const struct clone c = {.flags = a[0] & ~CSIGNAL,
                            .exit_signal = a[0] & CSIGNAL,
                            .stack = a[1],
                            .parent_tid = a[2],
                            .tls = a[3],
                            .child_tid = a[4]};

    return do_clone(t, &c);
}

#define CLONE3_BYTES 64u // of the first version of its record
#define CLONE3_WORDS 22u // of the longest that is known, in words of 32 bits

// The upper halves of the addresses must be 0, and what is not known.
static int
check_clone3(const u32 *w)
{
    for (u32 i = 1; i < CLONE3_WORDS; i += 2)
        if (w[i] != 0)
            return -EINVAL;
    for (u32 i = 16; i < CLONE3_WORDS; i++) // set_tid, cgroup
        if (w[i] != 0)
            return -EINVAL;
    if ((w[0] & CSIGNAL) != 0 || (w[0] & CLONE_DETACHED) != 0 ||
        (w[10] == 0) != (w[12] == 0))
        return -EINVAL;
    return 0;
}

int
sys_clone3(struct task *t, const u32 *a)
{
    u32 w[CLONE3_WORDS] = {0};
    u32 bytes = MIN(a[1], (u32)sizeof(w));
    int err;

    if (a[1] < CLONE3_BYTES)
        return -EINVAL;
    if (a[1] > PAGE_SIZE || a[1] > sizeof(w))
        return -E2BIG;
    err = memory_in(t->memory, w, a[0], bytes);
    if (err == 0)
        err = check_clone3(w);
    if (err < 0)
        return err;
    const struct clone c = {.flags = w[0],
                            .child_tid = w[4],
                            .parent_tid = w[6],
                            .exit_signal = w[8],
                            .stack = w[10] + w[12],
                            .tls = w[14]};

    return do_clone(t, &c);
}

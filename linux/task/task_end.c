// task_end.c -- how a thread ends, and with the last one its process
//
//     thread      task_end_process()         linux_return()
//     RUNNING ----------------------> ending ---------------> gone
//                                                  first thread: ZOMBIE until
//                                                  all have ended and somebody
//                                                  waited, or nobody would
//
// Nobody is ended from outside. The dying task gives everything back but its
// memory, leaves its virtual space (EXECUTION_DELETE_NOW), and then gives that
// back, too. From there on it may not wait.
#include "linux/errno.h"
#include "linux/task/futex.h"
#include "linux/linux.h"
#include "linux/file/place.h"
#include "linux/signal/queue.h"
#include "tender/wait.h"

void
task_end_process(struct task *t, int status)
{
    struct linux *l = t->linux;
    u32 pid = t->pid;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL) {
        if (t->pid != pid || !task_alive(t) || t->ending)
            continue;
        t->ending = 1;
        t->ending_status = status;
        task_interrupt(t);
    }
    struct task *leader = task_of_tid(l, pid);

    // A first thread that went before the others has their status, too.
    if (leader != NULL && leader->state == TASK_ZOMBIE)
        leader->status = status;
}

void
task_drop(struct task *t)
{
    struct linux *l = t->linux;

    if (t->files != NULL)
        files_drop(t->files);
    place_drop(l, t->place);
    handlers_drop(l, t->handlers);
    if (t->command != 0)
        pages_drop(&l->pages, t->command);
    t->files = NULL;
    t->place = NULL;
    t->handlers = NULL;
    t->command = 0;
}

// --- the process ---

// Is it one of the ties by which a parent can continue a child's group?
static int
ties_group(const struct task *parent, const struct task *child)
{
    return parent != NULL && parent->group != child->group &&
           parent->session == child->session;
}

// Does somebody of the session, outside of the group, have a child in it?
static int
group_has_outside_parent(const struct linux *l, u32 group)
{
    const struct task *t;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL) {
        const struct task *parent = task_get(l, t->parent);

        if (t->group == group && task_alive(t) && ties_group(parent, t))
            return 1;
    }
    return 0;
}

int
task_group_orphaned(const struct linux *l, u32 group)
{
    return !group_has_outside_parent(l, group);
}

// A tie has gone. A group with stopped tasks that nobody can continue any
// more: SIGHUP.
static void
release_group(struct linux *l, u32 group)
{
    const struct task *t;
    u32 stopped = 0;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL)
        stopped += t->group == group && t->state == TASK_STOPPED;
    if (stopped == 0 || !task_group_orphaned(l, group))
        return;
    signal_group(l, group, SIGHUP, NULL);
    signal_group(l, group, SIGCONT, NULL);
}

// The child is process 1's now: nobody waits for it.
static void
leave(struct linux *l, struct task *child, const struct task *from)
{
    u32 group = child->group;
    int tied = ties_group(from, child);

    child->parent = child->res.owner = RID_NONE;
    child->exit_signal = SIGCHLD;
    if (child->parent_death != 0)
        signal_process(child, child->parent_death, NULL);
    if (child->state == TASK_ZOMBIE && task_threads(l, child->pid) == 0)
        task_forget(child);
    if (tied)
        release_group(l, group);
}

static void
leave_children(struct linux *l, const struct task *leader)
{
    struct task *child;
    u32 i = 0;

    while ((child = task_next(l, &i)) != NULL)
        if (child->parent == leader->res.id && child->leader == child->res.id)
            leave(l, child, leader);
}

// The last thread has gone. The leader is a zombie now.
static void
end_process(struct linux *l, struct task *leader)
{
    u32 group = leader->group;
    rid id = leader->res.id;
    int by_signal = (leader->status & 0x7f) != 0;
    int tied = ties_group(task_get(l, leader->parent), leader);

    if (leader->session == leader->pid && l->tty.session == leader->session)
        tty_give_back(&l->tty);
    leave_children(l, leader);
    gate_delete_owned(l->gate, id);
    signal_parent(leader, by_signal ? CLD_KILLED : CLD_EXITED,
                  by_signal ? leader->status & 0x7f
                            : (leader->status >> 8) & 0xff);
    wait_wake(l->gate, id, TASKS_MAX); // a native process that waits for it
    if (tied)
        release_group(l, group);
    leader = task_get(l, id);
    if (leader != NULL && leader->parent == RID_NONE &&
        rid_kind(leader->res.owner) != KIND_PROCESS)
        task_forget(leader);
}

// --- the thread ---

void
task_release_vfork(struct task *t)
{
    if (!t->vfork)
        return;
    t->vfork = 0;
    task_wake(t->linux, t, TASKS_MAX);
}

static void
account(struct task *t)
{
    const struct execution_entry *e = task_execution(t);
    struct task *leader = task_leader(t);

    t->user_us += e->used_us;
    if (leader != t)
        leader->user_us += t->user_us;
}

_Noreturn void
task_exit(struct task *t, int status)
{
    struct linux *l = t->linux;
    struct memory *memory = t->memory;
    struct task *leader = task_leader(t);
    struct call delete = {
        RID_NONE, t->execution, OP_DELETE, {EXECUTION_DELETE_NOW}};

    futex_leave(t); // while the memory is there
    task_release_vfork(t);
    task_drop(t);
    account(t);
    int err = gate_call(l->gate, &delete);

    ASSERT(err == 0);
    t->memory = NULL;
    t->execution = RID_NONE;
    t->pending = 0;
    queue_forget(t, ~0ull, 0);
    memory_drop(memory);
    t->state = TASK_ZOMBIE;
    t->status = status;
    if (t != leader) {
        gate_delete_owned(l->gate, t->res.id);
        task_forget(t);
    }
    if (task_threads(l, leader->pid) == 0)
        end_process(l, leader);
    else
        task_wake(l, leader, TASKS_MAX); // who executes another program waits
    gate_control(l->gate, KIND_ID(KIND_EXECUTION), EXECUTION_YIELD, 0, 0, 0);
    PANIC("a task came back from its end");
}

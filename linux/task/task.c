// task.c -- the tasks: found, made, waiting, forgotten
//
// A wait is ended by task_wake(), by its time, or because the task was stirred
// (EXECUTION_INTERRUPT): a signal came, it is to stop, it is to end. There is
// no moment between a look at what is waited for and the wait itself: kernel
// code is not preempted.
#include "linux/task/task.h"

#include "linux/errno.h"
#include "linux/linux.h"
#include "linux/signal/queue.h"
#include "tender/text.h"

#define TID_FIRST (INIT_PID + 1)
#define TID_END 32768u
#define WAIT_MS_MAX 0x40000000u

// --- finding ---

struct task *
task_get(const struct linux *l, rid id)
{
    return (struct task *)(void *)table_get(l->table, id);
}

struct task *
task_next(const struct linux *l, u32 *index)
{
    return (struct task *)(void *)table_next(l->table, index);
}

struct task *
task_current(const struct linux *l)
{
    return task_get(l, execution_process(l->executions));
}

struct task *
task_of_tid(const struct linux *l, u32 tid)
{
    struct task *t;
    u32 i = 0;

    if (tid == INIT_PID)
        return (struct task *)&l->init;
    while ((t = task_next(l, &i)) != NULL)
        if (t->tid == tid)
            return t;
    return NULL;
}

// The slot of a first thread outlives all others of its process.
struct task *
task_leader(const struct task *t)
{
    struct task *leader =
        task_is_init(t) ? &t->linux->init : task_get(t->linux, t->leader);

    ASSERT(leader != NULL);
    return leader;
}

int
task_alive(const struct task *t)
{
    return t->state == TASK_RUNNING || t->state == TASK_STOPPED;
}

u32
task_threads(const struct linux *l, u32 pid)
{
    const struct task *t;
    u32 count = pid == INIT_PID;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL)
        count += t->pid == pid && task_alive(t);
    return count;
}

struct execution_entry *
task_execution(const struct task *t)
{
    return (struct execution_entry *)(void *)table_get(
        t->linux->executions->table, t->execution);
}

// --- making ---

static int
tid_used(const struct linux *l, u32 tid)
{
    const struct task *t;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL)
        if (t->tid == tid || t->pid == tid || t->group == tid ||
            t->session == tid)
            return 1;
    return 0;
}

static u32
new_tid(struct linux *l)
{
    do
        l->tids = l->tids < TID_FIRST || l->tids + 1 >= TID_END ? TID_FIRST
                                                                : l->tids + 1;
    while (tid_used(l, l->tids));
    return l->tids;
}

struct task *
task_new(struct linux *l, struct task *parent)
{
    char name[NAME_MAX];

    if (table_check_add(l->table, NULL) < 0)
        return NULL;
    u32 tid = new_tid(l);

    text_format(name, sizeof(name), "linux/%u", tid);
    struct task *t = (struct task *)(void *)table_add(
        l->table, name, parent == NULL ? RID_NONE : parent->leader);

    t->linux = l;
    t->tid = t->pid = tid;
    t->leader = t->res.id;
    t->parent = parent == NULL ? RID_NONE : parent->leader;
    t->state = TASK_RUNNING;
    t->start_us = machine_now_us();
    return t;
}

// The name tells people which program it is, and which of them.
void
task_rename(struct task *t, const char *name)
{
    char full[NAME_MAX];

    char plain[sizeof(t->name)];

    text_copy(t->name, name, sizeof(t->name));
    text_format(full, sizeof(full), "linux/%s.%u",
                text_plain(plain, name, sizeof(plain)), t->tid);
    table_rename(&t->res, full);
}

int
task_begin(struct task *t, const struct frame *frame)
{
    struct linux *l = t->linux;
    char name[NAME_MAX];

    // Its kernel stack is a plate, too.
    if (!pages_leave(&l->pages, EXECUTION_STACK_PAGES * (1 + l->pages.copies)))
        return -ENOMEM;
    text_format(name, sizeof(name), "execution/linux.%u", t->tid);
    int made = gate_create(l->gate, KIND_EXECUTION, name, t->res.id,
                           t->memory->vspace, 0, (word)frame);

    if (made < 0)
        return made == E_TABLE ? -EAGAIN : errno_of(made);
    t->execution = (rid)made;
    return 0;
}

void
task_forget(struct task *t)
{
    queue_forget(t, ~0ull, ~0ull);
    table_remove(t->linux->table, &t->res);
}

// --- waiting ---

// One wait; 0: woken or stirred, -ETIMEDOUT. deadline 0: none.
static int
block(struct task *t, const void *channel, u64 deadline)
{
    u64 now = machine_now_us();
    u64 ms = 0;

    if (deadline != 0) {
        if (deadline <= now)
            return -ETIMEDOUT;
        ms = MIN((deadline - now + 999) / 1000, WAIT_MS_MAX);
    }
    t->waiting = 1;
    int err = gate_control(t->linux->gate, KIND_ID(KIND_EXECUTION),
                           EXECUTION_BLOCK, (u32)(word)channel, (word)ms, 0);
    t->waiting = 0;
    if (err == E_TIME)
        return machine_now_us() >= deadline ? -ETIMEDOUT : 0;
    return err == 0 || err == E_INTERRUPTED ? 0 : errno_of(err);
}

static u64
deadline_of(u64 us)
{
    u64 deadline = machine_now_us() + us;

    return us == 0 ? 0 : deadline < us ? ~0ull : deadline;
}

int
task_wait(struct task *t, const void *channel, u64 us)
{
    if (signal_pending(t))
        return -ERESTART;
    int err = block(t, channel, deadline_of(us));

    return err == 0 && signal_pending(t) ? -ERESTART : err;
}

int
task_wait_killable(struct task *t, const void *channel, u64 us)
{
    if (t->ending)
        return -EINTR;
    int err = block(t, channel, deadline_of(us));

    return err == 0 && t->ending ? -EINTR : err;
}

void
task_sleep(struct task *t, const void *channel)
{
    block(t, channel, 0);
}

void
task_wake(struct linux *l, const void *channel, u32 most)
{
    gate_control(l->gate, KIND_ID(KIND_EXECUTION), EXECUTION_WAKE,
                 (u32)(word)channel, most, 0);
}

// One that was woken but did not run yet looks by itself.
void
task_stir(struct task *t)
{
    if (t->waiting)
        task_interrupt(t);
}

void
task_interrupt(struct task *t)
{
    gate_control(t->linux->gate, t->execution, EXECUTION_INTERRUPT, 0, 0, 0);
}

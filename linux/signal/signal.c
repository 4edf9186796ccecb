// signal.c -- signals: sent, kept until they can be delivered, taken
//
// A signal for a process is kept by its first thread (`shared`), one for a
// thread by that. Of a number one is kept at a time, and real-time signals behind
// it in a queue (queue.c). What changes at once, when
// it is sent: SIGCONT lets a stopped process go on, SIGKILL makes it end.
#include "linux/errno.h"
#include "linux/linux.h"
#include "linux/signal/queue.h"

#define STOPS                                                                  \
    (SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) |         \
     SIGNAL_BIT(SIGTTOU))
#define IGNORED_BY_DEFAULT                                                     \
    (SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGCONT) | SIGNAL_BIT(SIGURG) |          \
     SIGNAL_BIT(SIGWINCH))
#define NEVER_BLOCKED (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))
// Faults of the program itself come before all others.
#define FAULTS                                                                 \
    (SIGNAL_BIT(SIGSEGV) | SIGNAL_BIT(SIGBUS) | SIGNAL_BIT(SIGILL) |           \
     SIGNAL_BIT(SIGTRAP) | SIGNAL_BIT(SIGFPE) | SIGNAL_BIT(SIGSYS))

int
signal_ignored(const struct task *t, u32 number)
{
    u32 handler = t->handlers->action[number].handler;

    if ((SIGNAL_BIT(number) & NEVER_BLOCKED) != 0)
        return 0;
    return handler == SIG_IGN ||
           (handler == SIG_DFL &&
            (SIGNAL_BIT(number) & IGNORED_BY_DEFAULT) != 0);
}

int
signal_pending(const struct task *t)
{
    u64 pending = t->pending | task_leader(t)->shared;

    return t->ending || t->stop || (pending & (~t->blocked | t->awaited)) != 0;
}

int
signal_kills(const struct task *t)
{
    u64 pending = t->pending | task_leader(t)->shared;

    return (pending & SIGNAL_BIT(SIGKILL)) != 0;
}

// Would the thread take it now?
static int
takes(const struct task *t, u32 number)
{
    return ((~t->blocked | t->awaited) & SIGNAL_BIT(number)) != 0;
}

// One that is blocked is kept even if it is ignored: sigwait may want it.
static int
is_dropped(const struct task *t, u32 number)
{
    return ((t->blocked | t->awaited) & SIGNAL_BIT(number)) == 0 &&
           signal_ignored(t, number);
}

// --- sending ---

void
signal_forget(struct linux *l, u32 pid, u64 which)
{
    struct task *t;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL)
        if (t->pid == pid) {
            t->pending &= ~which;
            t->shared &= ~which;
            queue_forget(t, which, which);
        }
}

static void
go_on(struct linux *l, struct task *leader)
{
    struct task *t;
    u32 stopped = 0;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL) {
        if (t->pid != leader->pid)
            continue;
        stopped |= t->state == TASK_STOPPED;
        t->stop = 0;
        task_stir(t);
    }
    if (stopped) {
        leader->reported = TASK_REPORT_CONTINUE;
        signal_parent(leader, CLD_CONTINUED, (int)SIGCONT);
    }
}

// What a signal does as soon as it is sent. 1: that was all of it.
static int
at_once(struct task *t, u32 number)
{
    struct linux *l = t->linux;

    if (number == SIGKILL) {
        task_end_process(t, (int)SIGKILL);
        return 1;
    }
    if (number == SIGCONT) {
        signal_forget(l, t->pid, STOPS);
        go_on(l, task_leader(t));
    } else if ((SIGNAL_BIT(number) & STOPS) != 0) {
        signal_forget(l, t->pid, SIGNAL_BIT(SIGCONT));
    }
    return 0;
}

int
signal_task(struct task *t, u32 number, const struct signal_info *info)
{
    if (task_is_init(t))
        return 0; // whatever it is, SIGKILL too
    if (!task_alive(t) || at_once(t, number) || is_dropped(t, number))
        return 0;
    int err = signal_keep(&t->pending, t, number, info);

    if (takes(t, number))
        task_stir(t);
    return err;
}

// A thread that would take the signal, the first one if it can; or NULL.
static struct task *
taker(struct task *leader, u32 number)
{
    struct linux *l = leader->linux;
    struct task *t;
    u32 i = 0;

    if (task_alive(leader) && takes(leader, number))
        return leader;
    while ((t = task_next(l, &i)) != NULL)
        if (t->pid == leader->pid && task_alive(t) && takes(t, number))
            return t;
    return NULL;
}

struct task *
signal_living(struct task *leader)
{
    struct task *t;
    u32 i = 0;

    if (task_alive(leader))
        return leader;
    while ((t = task_next(leader->linux, &i)) != NULL)
        if (t->pid == leader->pid && task_alive(t))
            return t;
    return NULL;
}

int
signal_process(struct task *t, u32 number, const struct signal_info *info)
{
    struct task *leader = task_leader(t);
    struct task *to;

    if (task_is_init(t))
        return 0;
    t = signal_living(leader);
    if (t == NULL || at_once(t, number))
        return 0;
    to = taker(leader, number);
    if (to != NULL && is_dropped(to, number))
        return 0;
    int err = signal_keep(&leader->shared, leader, number, info);

    if (to != NULL)
        task_stir(to);
    return err;
}

int
signal_group(struct linux *l, u32 group, u32 number,
             const struct signal_info *info)
{
    struct task *t;
    int count = 0;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL) {
        if (t->group != group || t->leader != t->res.id)
            continue;
        count++;
        if (number != 0)
            signal_process(t, number, info);
    }
    return count == 0 ? -ESRCH : count;
}

void
signal_fault(struct task *t, u32 number, int code, u32 address)
{
    struct signal_action *action = &t->handlers->action[number];
    struct signal_info info = {
        .number = number, .code = code, .address = address};

    if ((t->blocked & SIGNAL_BIT(number)) != 0 || action->handler == SIG_IGN) {
        action->handler = SIG_DFL;
        t->blocked &= ~SIGNAL_BIT(number);
    }
    t->pending &= ~SIGNAL_BIT(number);
    signal_keep(&t->pending, t, number, &info);
}

// --- taking ---

static u32
lowest(u64 set)
{
    u64 first = (set & FAULTS) != 0 ? set & FAULTS : set;
    u32 number = 1;

    while ((first & SIGNAL_BIT(number)) == 0)
        number++;
    return number;
}

u32
signal_take(struct task *t, u64 wanted, struct signal_info *info)
{
    struct task *leader = task_leader(t);
    u64 own = t->pending & wanted;
    u64 all = own | (leader->shared & wanted);

    if (all == 0)
        return 0;
    u32 number = lowest(all);
    int is_own = (own & SIGNAL_BIT(number)) != 0;

    struct task *in = is_own ? t : leader;

    *info = in->info[number];
    if (!queue_next(in, !is_own, number, &in->info[number]))
        *(is_own ? &in->pending : &in->shared) &= ~SIGNAL_BIT(number);
    return number;
}

// What this thread now blocks another one may take.
void
signal_block(struct task *t, u64 blocked)
{
    struct task *leader = task_leader(t);
    u64 newly = blocked & ~t->blocked & leader->shared;

    t->blocked = blocked & ~NEVER_BLOCKED;
    for (u32 n = 1; newly != 0 && n <= SIGNALS; n++) {
        struct task *to = NULL;

        if ((newly & SIGNAL_BIT(n)) != 0)
            to = taker(leader, n);
        if (to != NULL && to != t)
            task_stir(to);
    }
}

// --- the parent ---

// Does the parent leave its children to themselves?
static int
parent_ignores(const struct task *parent)
{
    const struct signal_action *action = &parent->handlers->action[SIGCHLD];

    return action->handler == SIG_IGN || (action->flags & SA_NOCLDWAIT) != 0;
}

void
signal_parent(struct task *t, int code, int status)
{
    struct linux *l = t->linux;
    struct task *parent = task_get(l, t->parent);
    struct signal_info info = {.number = SIGCHLD,
                               .code = code,
                               .pid = t->pid,
                               .uid = t->uid,
                               .status = status};

    if (parent == NULL)
        return;
    struct task *living = signal_living(parent);

    if (living == NULL)
        return;
    const struct signal_action *action = &living->handlers->action[SIGCHLD];
    int ended = code == CLD_EXITED || code == CLD_KILLED;

    if (!ended && (action->flags & SA_NOCLDSTOP) != 0) {
        task_wake(l, parent, TASKS_MAX);
        return;
    }
    u32 number = ended ? t->exit_signal : SIGCHLD;

    if (number != 0)
        signal_process(parent, number, &info);
    if (ended && number == SIGCHLD && parent_ignores(living))
        t->parent = t->res.owner = RID_NONE; // nobody waits: forgotten
    task_wake(l, parent, TASKS_MAX);
}

// --- as programs see it ---

void
signal_info_put(u32 *to, const struct signal_info *info)
{
    int is_fault = info->code > 0 && info->code != SI_KERNEL &&
                   (SIGNAL_BIT(info->number) & FAULTS) != 0;

    for (u32 i = 0; i < SIGNAL_INFO_WORDS; i++)
        to[i] = 0;
    to[0] = info->number;
    to[2] = (u32)info->code;
    if (is_fault) {
        to[3] = info->address;
        return;
    }
    to[3] = info->pid;
    to[4] = info->uid;
    to[5] = (u32)info->status; // of a child; the value of sigqueue
}

// deliver.c -- on the way back to user mode: stop, end, call a handler
//
// A call that a signal interrupted is in the frame as -ERESTART; whether it is
// made again is decided here, where it is known if a handler runs: the frame
// goes back to the `int 0x80`, two bytes before, with the call's number.
#include "linux/errno.h"
#include "linux/linux.h"

#define INT_BYTES 2u // of `int 0x80`

static void
make_again(struct task *t, struct frame *frame)
{
    frame->eax = t->restart_call;
    frame->eip -= INT_BYTES;
    t->again = 1;
}

// action: of the handler that runs, or NULL.
static void
end_call(struct task *t, struct frame *frame,
         const struct signal_action *action)
{
    u32 result = frame->eax;

    if (!t->in_call)
        return;
    t->in_call = 0;
    if (result != (u32)-ERESTART && result != (u32)-ERESTART_NO_HANDLER)
        return;
    if (action == NULL ||
        (result == (u32)-ERESTART && (action->flags & SA_RESTART) != 0)) {
        make_again(t, frame);
        return;
    }
    frame->eax = (u32)-EINTR;
    t->sleep_until_us = 0;
}

// --- stopping ---

static int
all_stopped(const struct linux *l, u32 pid)
{
    const struct task *t;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL)
        if (t->pid == pid && t->state == TASK_RUNNING)
            return 0;
    return 1;
}

static void
stop_here(struct task *t)
{
    struct task *leader = task_leader(t);

    t->state = TASK_STOPPED;
    if (all_stopped(t->linux, t->pid)) {
        leader->reported = TASK_REPORT_STOP;
        leader->stop_status = (int)(t->stop << 8 | 0x7f);
        signal_parent(leader, CLD_STOPPED, (int)t->stop);
    }
    while (t->stop != 0 && !t->ending)
        task_sleep(t, &t->stop);
    t->state = TASK_RUNNING;
}

static void
stop_process(struct task *t, u32 number)
{
    struct linux *l = t->linux;
    u32 pid = t->pid;
    u32 i = 0;

    while ((t = task_next(l, &i)) != NULL)
        if (t->pid == pid && task_alive(t)) {
            t->stop = number;
            task_stir(t);
        }
}

// --- one signal ---

static void
do_default(struct task *t, u32 number)
{
    switch (number) {
    case SIGCHLD:
    case SIGCONT:
    case SIGURG:
    case SIGWINCH:
        return;
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU:
        if (task_group_orphaned(t->linux, t->group))
            return; // nobody could continue it
        stop_process(t, number);
        return;
    case SIGSTOP:
        stop_process(t, number);
        return;
    default:
        task_end_process(t, (int)number);
    }
}

static void
call_handler(struct task *t, struct frame *frame, struct signal_info *info)
{
    struct signal_action *action = &t->handlers->action[info->number];
    u64 back = t->has_suspended ? t->suspended : t->blocked;

    end_call(t, frame, action);
    if (signal_frame(t, frame, back, info) < 0) {
        // Its stack is no good: that is a fault, and fatal if it is its own.
        if (info->number == SIGSEGV)
            action->handler = SIG_DFL;
        signal_fault(t, SIGSEGV, SI_KERNEL, 0);
        return;
    }
    t->has_suspended = 0;
    u64 blocked = t->blocked | action->mask;

    if ((action->flags & SA_NODEFER) == 0)
        blocked |= SIGNAL_BIT(info->number);
    if ((action->flags & SA_RESETHAND) != 0)
        action->handler = SIG_DFL;
    signal_block(t, blocked);
}

void
signal_deliver(struct task *t, struct frame *frame)
{
    struct signal_info info;

    for (;;) {
        if (t->ending)
            return;
        if (t->stop != 0) {
            stop_here(t);
            continue;
        }
        u32 number = signal_take(t, ~t->blocked, &info);

        if (number == 0) {
            end_call(t, frame, NULL);
            if (!t->has_suspended)
                return;
            t->has_suspended = 0; // now what was blocked before may come
            signal_block(t, t->suspended);
            continue;
        }
        u32 handler = t->handlers->action[number].handler;

        if (handler == SIG_DFL)
            do_default(t, number);
        else if (handler != SIG_IGN)
            call_handler(t, frame, &info);
    }
}

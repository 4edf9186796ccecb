// signal.c -- system calls: signals sent, and what is done with them
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/call/sets.h"
#include "tender/text.h"

#define SS_ONSTACK 1u
#define SS_DISABLE 2u
#define SS_AUTODISARM 0x80000000u
#define ALT_BYTES_MIN 2048u

// --- sending ---

static int
may_signal(const struct task *t, const struct task *to, u32 number)
{
    if (t->euid == 0 || t->euid == to->uid || t->euid == to->suid ||
        t->uid == to->uid || t->uid == to->suid)
        return 1;
    return number == SIGCONT && t->session == to->session;
}

static struct signal_info
from_task(const struct task *t, int code)
{
    return (struct signal_info){.code = code, .pid = t->pid, .uid = t->uid};
}

// To all the processes of a group, or all but the caller's (group 0).
static int
kill_many(struct task *t, u32 group, u32 number)
{
    struct signal_info info = from_task(t, SI_USER);
    struct task *to;
    u32 found = 0;
    u32 sent = 0;
    u32 i = 0;

    while ((to = task_next(t->linux, &i)) != NULL) {
        if (to->leader != to->res.id ||
            (group != 0 ? to->group != group : to->pid == t->pid))
            continue;
        found++;
        if (!may_signal(t, to, number))
            continue;
        sent++;
        if (number != 0)
            signal_process(to, number, &info);
    }
    return sent != 0 ? 0 : found != 0 ? -EPERM : -ESRCH;
}

int
sys_kill(struct task *t, const u32 *a)
{
    int pid = (int)a[0];
    struct signal_info info = from_task(t, SI_USER);

    if (a[1] > SIGNALS)
        return -EINVAL;
    if (pid <= 0)
        return kill_many(t,
                         pid == 0    ? t->group
                         : pid == -1 ? 0
                                     : (u32)-pid,
                         a[1]);
    struct task *to = task_of_tid(t->linux, (u32)pid);

    if (to == NULL)
        return -ESRCH;
    if (!may_signal(t, to, a[1]))
        return -EPERM;
    if (a[1] != 0)
        signal_process(to, a[1], &info);
    return 0;
}

// pid 0: whatever process the thread belongs to.
static int
kill_thread(struct task *t, u32 pid, u32 tid, u32 number,
            const struct signal_info *info)
{
    struct task *to = task_of_tid(t->linux, tid);

    if ((int)tid <= 0 || number > SIGNALS)
        return -EINVAL;
    if (to == NULL || (pid != 0 && to->pid != pid))
        return -ESRCH;
    if (!may_signal(t, to, number))
        return -EPERM;
    return number == 0 ? 0 : signal_task(to, number, info);
}

int
sys_tkill(struct task *t, const u32 *a)
{
    struct signal_info info = from_task(t, SI_TKILL);

    return kill_thread(t, 0, a[0], a[1], &info);
}

int
sys_tgkill(struct task *t, const u32 *a)
{
    struct signal_info info = from_task(t, SI_TKILL);

    if ((int)a[0] <= 0)
        return -EINVAL;
    return kill_thread(t, a[0], a[1], a[2], &info);
}

int
sys_rt_sigqueueinfo(struct task *t, const u32 *a)
{
    struct task *to = task_of_tid(t->linux, a[0]);
    struct signal_info info = {0};
    u32 words[6];
    int err = memory_in(t->memory, words, a[2], sizeof(words));

    if (err < 0)
        return err;
    info.code = (int)words[2];
    info.pid = words[3];
    info.uid = words[4];
    info.status = (int)words[5];
    if (a[1] > SIGNALS)
        return -EINVAL;
    if (to == NULL)
        return -ESRCH;
    if (to->pid != t->pid && (info.code >= 0 || info.code == SI_TKILL))
        return -EPERM; // that would pretend to be from the kernel
    if (!may_signal(t, to, a[1]))
        return -EPERM;
    return a[1] == 0 ? 0 : signal_process(to, a[1], &info);
}

// --- actions ---

// What is ignored from now on is not pending any more.
static void
set_action(struct task *t, u32 number, const struct signal_action *action)
{
    t->handlers->action[number] = *action;
    if (signal_ignored(t, number))
        signal_forget(t->linux, t->pid, SIGNAL_BIT(number));
}

static int
bad_action(u32 number, u32 change)
{
    return number == 0 || number > SIGNALS ||
           (change && (number == SIGKILL || number == SIGSTOP));
}

int
sys_rt_sigaction(struct task *t, const u32 *a)
{
    struct {
        u32 handler, flags, restorer, mask[2];
    } words;
    struct signal_action action;
    int err = 0;

    if (a[3] != 8 || bad_action(a[0], a[1] != 0))
        return -EINVAL;
    const struct signal_action old = t->handlers->action[a[0]];

    if (a[1] != 0)
        err = memory_in(t->memory, &words, a[1], sizeof(words));
    if (err < 0)
        return err;
    action = (struct signal_action){.handler = words.handler,
                                    .flags = words.flags,
                                    .restorer = words.restorer,
                                    .mask = words.mask[0] | (u64)words.mask[1]
                                                                << 32};
    if (a[2] != 0) {
        words.handler = old.handler;
        words.flags = old.flags;
        words.restorer = old.restorer;
        words.mask[0] = (u32)old.mask;
        words.mask[1] = (u32)(old.mask >> 32);
        err = memory_out(t->memory, a[2], &words, sizeof(words));
        if (err < 0)
            return err;
    }
    if (a[1] != 0)
        set_action(t, a[0], &action);
    return 0;
}

int
sys_sigaction(struct task *t, const u32 *a)
{
    u32 words[4]; // handler, mask, flags, restorer
    struct signal_action action = {0};
    int err = 0;

    if (bad_action(a[0], a[1] != 0))
        return -EINVAL;
    const struct signal_action old = t->handlers->action[a[0]];

    if (a[1] != 0) {
        err = memory_in(t->memory, words, a[1], sizeof(words));
        if (err < 0)
            return err;
        action = (struct signal_action){words[0], words[2], words[3], words[1]};
    }
    if (a[2] != 0) {
        words[0] = old.handler;
        words[1] = (u32)old.mask;
        words[2] = old.flags;
        words[3] = old.restorer;
        err = memory_out(t->memory, a[2], words, sizeof(words));
        if (err < 0)
            return err;
    }
    if (a[1] != 0)
        set_action(t, a[0], &action);
    return 0;
}

int
sys_signal(struct task *t, const u32 *a)
{
    struct signal_action action = {.handler = a[1],
                                   .flags = SA_RESETHAND | SA_NODEFER};

    if (bad_action(a[0], 1))
        return -EINVAL;
    u32 old = t->handlers->action[a[0]].handler;

    set_action(t, a[0], &action);
    return (int)old;
}

// --- the alternate stack ---

int
sys_sigaltstack(struct task *t, const u32 *a)
{
    u32 esp = t->frame->esp;
    u32 on = t->alt_bytes != 0 && esp > t->alt_stack &&
             esp - t->alt_stack <= t->alt_bytes;
    u32 old[3] = {t->alt_stack,
                  t->alt_bytes == 0 ? SS_DISABLE
                  : on              ? SS_ONSTACK
                                    : 0,
                  t->alt_bytes};
    u32 new[3] = {0}; // sp, flags, bytes
    int err = 0;

    if (a[0] != 0)
        err = memory_in(t->memory, new, a[0], sizeof(new));
    if (err < 0)
        return err;
    if (a[0] != 0) {
        u32 flags = new[1] & ~SS_AUTODISARM;

        if (on)
            return -EPERM;
        if (flags != 0 && flags != SS_DISABLE && flags != SS_ONSTACK)
            return -EINVAL;
        if (flags == SS_DISABLE)
            new[0] = new[2] = 0;
        else if (new[2] < ALT_BYTES_MIN)
            return -ENOMEM;
    }
    if (a[1] != 0)
        err = memory_out(t->memory, a[1], old, sizeof(old));
    if (err < 0)
        return err;
    if (a[0] != 0) {
        t->alt_stack = new[0];
        t->alt_bytes = new[2];
    }
    return 0;
}

// wait.c -- system calls: wait for children to end, stop or go on
//
// Who waits does it at its process's first task: whatever happens to a child
// wakes there (signal_parent()).
#include "linux/calls.h"
#include "linux/errno.h"
#include "tender/text.h"

#define WNOHANG 1u
#define WSTOPPED 2u // = WUNTRACED
#define WEXITED 4u
#define WCONTINUED 8u
#define WNOWAIT 0x01000000u
#define WNOTHREAD 0x20000000u
#define WALL 0x40000000u
#define WCLONE 0x80000000u
#define P_ALL 0u
#define P_PID 1u
#define P_PGID 2u
#define CONTINUED_STATUS 0xffff

// Which children, and what of them.
struct wanted {
    u32 type, number; // P_...
    u32 options;
};

struct found {
    u32 pid, uid;
    int code, status; // as siginfo has them
    int wait_status;  // as wait4 gives it
    u64 user_us;
};

static int
matches(const struct task *t, const struct task *child, const struct wanted *w)
{
    if (child->parent != t->leader || child->leader != child->res.id)
        return 0;
    if ((w->options & WALL) == 0 &&
        (child->exit_signal != SIGCHLD) != ((w->options & WCLONE) != 0))
        return 0;
    return w->type == P_ALL || (w->type == P_PID && child->pid == w->number) ||
           (w->type == P_PGID && child->group == w->number);
}

static int
has_ended(const struct task *child)
{
    return child->state == TASK_ZOMBIE &&
           task_threads(child->linux, child->pid) == 0;
}

static void
tell(struct found *f, const struct task *child, int code, int status, int wait)
{
    *f = (struct found){.pid = child->pid,
                        .uid = child->uid,
                        .code = code,
                        .status = status,
                        .wait_status = wait,
                        .user_us = child->user_us + child->children_us};
}

// 1: there is something to tell of this child, and now it is told.
static int
look(struct task *t, struct task *child, const struct wanted *w,
     struct found *f)
{
    int number = child->status & 0x7f;
    int keep = (w->options & WNOWAIT) != 0;

    if ((w->options & WEXITED) != 0 && has_ended(child)) {
        tell(f, child, number != 0 ? CLD_KILLED : CLD_EXITED,
             number != 0 ? number : child->status >> 8 & 0xff, child->status);
        if (!keep) {
            task_leader(t)->children_us += f->user_us;
            task_forget(child);
        }
        return 1;
    }
    if ((w->options & WSTOPPED) != 0 && child->reported == TASK_REPORT_STOP) {
        tell(f, child, CLD_STOPPED, child->stop_status >> 8 & 0xff,
             child->stop_status);
    } else if ((w->options & WCONTINUED) != 0 &&
               child->reported == TASK_REPORT_CONTINUE) {
        tell(f, child, CLD_CONTINUED, (int)SIGCONT, CONTINUED_STATUS);
    } else {
        return 0;
    }
    if (!keep)
        child->reported = 0;
    return 1;
}

// 1: something is told; 0: nothing yet; -ECHILD: there is no such child.
static int
look_at_all(struct task *t, const struct wanted *w, struct found *f)
{
    struct task *child;
    u32 children = 0;
    u32 i = 0;

    while ((child = task_next(t->linux, &i)) != NULL) {
        if (!matches(t, child, w))
            continue;
        children++;
        if (look(t, child, w, f))
            return 1;
    }
    return children == 0 ? -ECHILD : 0;
}

static int
wait(struct task *t, const struct wanted *w, struct found *f)
{
    for (;;) {
        int err = look_at_all(t, w, f);

        if (err != 0 || (w->options & WNOHANG) != 0)
            return err;
        err = task_wait(t, task_leader(t), 0);
        if (err < 0)
            return err;
    }
}

// struct rusage: 18 words; only the times are known.
static int
put_usage(struct task *t, u64 us, u32 to)
{
    u32 words[18] = {(u32)(us / 1000000), (u32)(us % 1000000)};

    return memory_out(t->memory, to, words, sizeof(words));
}

int
sys_wait4(struct task *t, const u32 *a)
{
    int pid = (int)a[0];
    struct wanted w = {.options = a[2]};
    struct found f;
    int err;

    if ((a[2] &
         ~(WNOHANG | WSTOPPED | WCONTINUED | WNOTHREAD | WALL | WCLONE)) != 0)
        return -EINVAL;
    if (a[0] == 0x80000000u)
        return -ESRCH;
    w.options |= WEXITED;
    w.type = pid == -1 ? P_ALL : pid > 0 ? P_PID : P_PGID;
    w.number = pid > 0 ? (u32)pid : pid == 0 ? t->group : (u32)-pid;
    err = wait(t, &w, &f);
    if (err <= 0)
        return err;
    err = 0;
    if (a[1] != 0)
        err = memory_out(t->memory, a[1], &f.wait_status, 4);
    if (err == 0 && a[3] != 0)
        err = put_usage(t, f.user_us, a[3]);
    return err < 0 ? err : (int)f.pid;
}

int
sys_waitpid(struct task *t, const u32 *a)
{
    const u32 b[6] = {a[0], a[1], a[2], 0, 0, 0};

    return sys_wait4(t, b);
}

static int
put_found(struct task *t, const struct found *f, u32 to)
{
    const struct signal_info info = {.number = f->pid == 0 ? 0 : SIGCHLD,
                                     .code = f->code,
                                     .pid = f->pid,
                                     .uid = f->uid,
                                     .status = f->status};
    u32 words[SIGNAL_INFO_WORDS];

    memset(words, 0, sizeof(words));
    if (f->pid != 0)
        signal_info_put(words, &info);
    return memory_out(t->memory, to, words, sizeof(words));
}

int
sys_waitid(struct task *t, const u32 *a)
{
    struct wanted w = {a[0], a[1], a[3]};
    struct found f = {0};
    int err;

    if ((a[3] & ~(WNOHANG | WSTOPPED | WEXITED | WCONTINUED | WNOWAIT |
                  WNOTHREAD | WALL | WCLONE)) != 0 ||
        (a[3] & (WEXITED | WSTOPPED | WCONTINUED)) == 0 || a[0] > P_PGID)
        return -EINVAL;
    if ((w.type == P_PID && (int)w.number <= 0) ||
        (w.type == P_PGID && (int)w.number < 0))
        return -EINVAL;
    if (w.type == P_PGID && w.number == 0)
        w.number = t->group;
    err = wait(t, &w, &f);
    if (err < 0)
        return err;
    err = 0;
    if (a[4] != 0)
        err = put_usage(t, f.user_us, a[4]);
    if (err == 0 && a[2] != 0)
        err = put_found(t, &f, a[2]);
    return err;
}

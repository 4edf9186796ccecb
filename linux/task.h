// task.h -- Linux processes and threads
//
// A task is a resource of the kind KIND_LINUX with one execution. Parts of it
// may be shared with others (clone).
//
//     RUNNING <--> STOPPED           a signal, SIGCONT
//        |
//        +--> ZOMBIE --> vacant      wait, or nobody who would
#ifndef LINUX_TASK_H
#define LINUX_TASK_H

#include "linux/file.h"
#include "linux/memory.h"
#include "linux/signal.h"
#include "tender/format.h"

#define TASKS_MAX 64u
#define TASK_NAME_MAX 16u
#define TLS_ENTRIES 3u

enum task_state { TASK_RUNNING = 1, TASK_STOPPED, TASK_ZOMBIE };

// Working directory, root, umask.
struct place {
    u32 refs;
    struct inode *root, *cwd; // held
    u32 umask;
};

struct task {
    struct res res; // owner: the task that waits for it, or a native process
    struct linux *linux;
    rid execution;
    u32 state;
    u32 tid, pid; // pid: of the process = the tid of its first thread
    u32 group, session;
    u32 uid, euid, suid, gid, egid, sgid;
    rid parent; // RID_NONE: nobody waits
    u32 exit_signal;
    int status;   // as wait4 gives it
    u32 reported; // what of STOPPED or continued has been waited for
    u32 ending;   // exit_group, or a signal that ends it: with this status
    int ending_status;
    u32 tracing_unknown;

    struct memory *memory;
    struct files *files;
    struct place *place;
    struct handlers *handlers;

    u64 pending, blocked;
    u64 suspended; // the mask to go back to after sigsuspend and the like,
    u32 has_suspended;
    struct signal_info info[SIGNALS + 1];
    u32 alt_stack, alt_bytes, alt_flags;
    u32 waiting; // in task_wait(): a signal ends it
    struct frame *frame; // of the call in hand
    u32 restart_call;    // number of the call, to make it again

    u32 clear_tid; // set_tid_address, CLONE_CHILD_CLEARTID
    u32 robust;
    u32 vfork; // its parent waits until it executes another or ends
    u32 futex, futex_woken; // the word it waits for
    u32 tls[TLS_ENTRIES][2];

    u64 start_us;
    u64 user_us, children_us;
    u64 alarm_us, alarm_period_us; // ITIMER_REAL: monotonic, 0 = off
    u64 sleep_until_us;            // of the call that is made again
    char name[TASK_NAME_MAX];
    page_no command; // its arguments, for /proc
    u32 command_bytes;
};

// --- task.c ---

// A new task with nothing in it. NULL: -EAGAIN.
struct task *task_new(struct linux *l, struct task *parent);
struct task *task_get(const struct linux *l, rid id);
struct task *task_of_tid(const struct linux *l, u32 tid);
struct task *task_current(const struct linux *l);
// u32 i = 0; while ((t = task_next(l, &i)) != NULL) ...
struct task *task_next(const struct linux *l, u32 *index);

// The task waits on a channel (the address of something in the kernel), at most
// so long; 0: for ever. 0: woken, or -ETIMEDOUT, -ERESTART: a signal came.
int task_wait(struct task *t, const void *channel, u64 us);
void task_wake(struct linux *l, const void *channel, u32 most);
// Something it may wait for happened to this task: let it look.
void task_stir(struct task *t);

// The whole process ends with a status as wait4 gives it: all its threads, each
// on its way out. The caller's own way out is linux_return().
void task_end_process(struct task *t, int status);
// The current task ends here and now; does not return.
_Noreturn void task_exit(struct task *t, int status);

// The task starts another program: exec.c. Kernel strings, NULL-terminated
// pointers in kernel memory.
struct exec_strings {
    page_no page[33]; // up to 128 KiB of strings, each with its 0
    u32 bytes;
    u32 args, environment; // how many
};
int exec_program(struct task *t, const char *path, struct exec_strings *s,
                 struct frame *frame);

// A task for the first program of a session: a native process asked for it.
// -> id or -errno
int task_spawn(struct linux *l, rid owner, const char *path, const char *args,
               u32 args_bytes);

#endif

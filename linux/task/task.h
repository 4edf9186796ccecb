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

#include "linux/file/file.h"
#include "linux/memory/memory.h"
#include "linux/signal/signal.h"
#include "linux/task/limits.h"
#include "tender/format.h"

#define TASKS_MAX 64u
#define TASK_NAME_MAX 16u
#define TLS_ENTRIES 3u
#define TASK_GROUPS 32u // NGROUPS_MAX, of Linux 65536
#define TASK_LIMITS 16u // RLIM_NLIMITS
#define TASK_REPORT_STOP 1u
#define TASK_REPORT_CONTINUE 2u

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
    rid leader;   // that thread: it stays until the last one has ended
    u32 group, session;
    u32 uid, euid, suid, gid, egid, sgid;
    u32 groups[TASK_GROUPS], groups_used; // supplementary ones
    rid parent; // RID_NONE: nobody waits; it is process 1's
    u32 exit_signal;
    int status, stop_status; // as wait4 gives them: of the end, of a stop
    u32 reported; // of a leader: TASK_REPORT_..., for those who wait for it
    u32 stop;     // the signal that stops it, until SIGCONT
    u32 ending;   // exit_group, or a signal that ends it: with this status
    int ending_status;
    u32 tracing_unknown;

    struct memory *memory;
    struct files *files;
    struct place *place;
    struct handlers *handlers;

    u64 pending, blocked;
    u64 shared;    // of a leader: pending for any thread of the process
    u64 awaited;   // by sigtimedwait: end its wait though they are blocked
    u64 suspended; // the mask to go back to after sigsuspend and the like,
    u32 has_suspended;
    struct signal_info info[SIGNALS + 1]; // of pending and shared
    struct queued *queue; // more of real-time signals: signal/queue.c
    u32 alt_stack, alt_bytes, alt_flags;
    u32 waiting;         // in task_wait(): a signal ends it
    struct frame *frame; // of the call in hand
    u32 restart_call;    // number of the call, to make it again
    u32 in_call;         // its result is in the frame: it may be made again
    u32 again;           // the next call is one that is made again
    u32 fault_vector, fault_error, fault_address; // of the newest fault

    u32 clear_tid; // set_tid_address, CLONE_CHILD_CLEARTID
    u32 robust;
    u32 vfork;         // its parent waits until it executes another or ends
    word futex;        // what the word it waits for belongs to; 0 = none
    u32 futex_at;      // and where it is there
    u32 futex_bits;    // FUTEX_WAIT_BITSET
    u32 futex_arrival; // those that wait longest are woken first
    u32 tls[TLS_ENTRIES][2];

    u64 turn_us; // of a call that takes long: when others run; 0: not known
    u64 start_us;
    u64 user_us, children_us;
    u64 alarm_us, alarm_period_us;       // ITIMER_REAL: monotonic, 0 = off
    u64 timer_us[2], timer_period_us[2]; // ITIMER_VIRTUAL, _PROF: what is left
    u64 sleep_until_us;                  // of the call that is made again
    u64 limit[TASK_LIMITS][2];           // RLIMIT_..., soft and hard
    int nice;
    int oom_adj, oom_adj_min; // of a leader: /proc/PID/oom_score_adj
    u32 executed;             // it has executed a program of its own
    u32 parent_death;         // the signal for it when its parent ends
    char name[TASK_NAME_MAX];
    page_no command; // its arguments, for /proc
    u32 command_bytes;
};

// --- init.c ---

#define INIT_PID 1u

void init_make(struct linux *l);
// It is found by its number, and is not in the table.
int task_is_init(const struct task *t);
// As getppid() gives it, of a first thread.
u32 task_parent_pid(const struct task *t);

// --- task.c ---

// One at a time, where what is done may wait. 0, or -ERESTART: a signal came
// before it was the caller's turn.
int task_lock(struct task *t, u32 *busy);
// The same, but only the task's own end ends the wait: -EINTR.
int task_lock_killable(struct task *t, u32 *busy);
void task_unlock(struct linux *l, u32 *busy);
// Within a call that takes long: let others run when its time is over. 1: the
// process has been killed, and it is to come to an end.
int task_breathe(struct task *t);

// A new task with nothing in it. NULL: -EAGAIN.
struct task *task_new(struct linux *l, struct task *parent);
struct task *task_get(const struct linux *l, rid id);
struct task *task_of_tid(const struct linux *l, u32 tid);
struct task *task_current(const struct linux *l);
// u32 i = 0; while ((t = task_next(l, &i)) != NULL) ...
struct task *task_next(const struct linux *l, u32 *index);

// What its process has used of the processor.
u64 task_used_us(const struct task *t);
u64 task_own_us(const struct task *t); // and what it has alone

// The task waits on a channel (the address of something in the kernel), at most
// so long; 0: for ever. 0: woken, or -ETIMEDOUT, -ERESTART: a signal came.
int task_wait(struct task *t, const void *channel, u64 us);
void task_wake(struct linux *l, const void *channel, u32 most);
// Something it may wait for happened to this task: let it look.
void task_stir(struct task *t);
// It is to end: also what it asked of the kernel itself, by the native entry,
// waits no longer.
void task_interrupt(struct task *t);

// The same, but nothing except the task's own end interrupts it: then -EINTR.
int task_wait_killable(struct task *t, const void *channel, u64 us);
// Until it is woken or stirred, whatever signals there are.
void task_sleep(struct task *t, const void *channel);

// The first thread of its process; a thread that still has its turn.
struct task *task_leader(const struct task *t);
u32 task_threads(const struct linux *l, u32 pid);
int task_alive(const struct task *t);
// What people and /proc call it.
void task_rename(struct task *t, const char *name);
struct execution_entry *task_execution(const struct task *t);
// Its execution is to begin with this frame. 0 or -errno.
int task_begin(struct task *t, const struct frame *frame);
// Its table slot is free again: what it held was given back before.
void task_forget(struct task *t);
// Give back what it holds; the memory last, as its execution must have left it.
void task_drop(struct task *t);

// Its parent of a vfork goes on.
void task_release_vfork(struct task *t);
// Is nobody left who would continue the group's stopped tasks?
int task_group_orphaned(const struct linux *l, u32 group);

// The whole process ends with a status as wait4 gives it: all its threads, each
// on its way out. The caller's own way out is linux_return().
void task_end_process(struct task *t, int status);
// The current task ends here and now; does not return.
_Noreturn void task_exit(struct task *t, int status);

// The task starts another program: exec.c. Kernel strings, NULL-terminated
// pointers in kernel memory.
#define EXEC_PAGES 33u
struct exec_strings {
    page_no page[EXEC_PAGES]; // up to 128 KiB of strings, each with its 0
    u32 bytes;
    u32 args, environment; // how many
};
// The task may have become another entry of the table (the process's first
// thread): whoever calls it asks task_current() again.
int exec_program(struct task *t, const char *path, struct exec_strings *s,
                 struct frame *frame);

// A task for the first program of a session: a native process asked for it.
// foreground: it gets the terminal.
// -> id or -errno
int task_spawn(struct linux *l, rid owner, const char *path, const char *args,
               u32 args_bytes, int foreground);

#endif

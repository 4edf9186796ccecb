// signal.h -- signals: sent, blocked, delivered on the way back to user mode
#ifndef LINUX_SIGNAL_H
#define LINUX_SIGNAL_H

#include "tender/types.h"

#define SIGHUP 1u
#define SIGINT 2u
#define SIGQUIT 3u
#define SIGILL 4u
#define SIGTRAP 5u
#define SIGABRT 6u
#define SIGBUS 7u
#define SIGFPE 8u
#define SIGKILL 9u
#define SIGUSR1 10u
#define SIGSEGV 11u
#define SIGUSR2 12u
#define SIGPIPE 13u
#define SIGALRM 14u
#define SIGTERM 15u
#define SIGCHLD 17u
#define SIGCONT 18u
#define SIGSTOP 19u
#define SIGTSTP 20u
#define SIGTTIN 21u
#define SIGTTOU 22u
#define SIGURG 23u
#define SIGXCPU 24u
#define SIGXFSZ 25u
#define SIGWINCH 28u
#define SIGIO 29u
#define SIGPWR 30u
#define SIGSYS 31u
#define SIGNALS 64u

#define SIGNAL_BIT(n) (1ull << ((n)-1))

#define SIG_DFL 0u
#define SIG_IGN 1u

#define SA_NOCLDSTOP 0x00000001u
#define SA_NOCLDWAIT 0x00000002u
#define SA_SIGINFO 0x00000004u
#define SA_RESTORER 0x04000000u
#define SA_ONSTACK 0x08000000u
#define SA_RESTART 0x10000000u
#define SA_NODEFER 0x40000000u
#define SA_RESETHAND 0x80000000u

struct signal_action {
    u32 handler;
    u32 flags;
    u32 restorer;
    u64 mask;
};

struct handlers {
    u32 refs; // tasks
    struct signal_action action[SIGNALS + 1];
};

// What came with a signal, for SA_SIGINFO.
struct signal_info {
    u32 number;
    int code;
    u32 pid, uid;
    int status;
    u32 address;
};

struct frame;
struct linux;
struct task;

// To one thread, to a process (any thread that does not block it), to a process
// group, to the foreground of the terminal. info may be NULL: from the kernel.
// 0, or -EAGAIN: no room in the queue of a real-time signal.
int signal_task(struct task *t, u32 number, const struct signal_info *info);
int signal_process(struct task *t, u32 number, const struct signal_info *info);
int signal_group(struct linux *l, u32 group, u32 number,
                 const struct signal_info *info); // how many; -ESRCH

// Its code: SI_... for kill, ...
#define SI_USER 0
#define SI_KERNEL 0x80
#define SI_QUEUE (-1)
#define SI_TKILL (-6)
#define CLD_EXITED 1
#define CLD_KILLED 2
#define CLD_STOPPED 5
#define CLD_CONTINUED 6

// siginfo_t as programs see it: 32 words.
#define SIGNAL_INFO_WORDS 32u
void signal_info_put(u32 *to, const struct signal_info *info);

// No thread of the process has any of these pending any more.
void signal_forget(struct linux *l, u32 pid, u64 which);
// Any thread of the process that has not ended: all have the same handlers.
struct task *signal_living(struct task *leader);
// Would it do nothing to the task?
int signal_ignored(const struct task *t, u32 number);
// Take the next of these that is pending: its number, 0 if there is none.
u32 signal_take(struct task *t, u64 wanted, struct signal_info *info);
// Change what is blocked; SIGKILL and SIGSTOP never are.
void signal_block(struct task *t, u64 blocked);
// The handlers of a new program: those that were set are the default again.
void signal_exec(struct task *t);
struct handlers *handlers_new(struct linux *l);
struct handlers *handlers_copy(struct linux *l, const struct handlers *from);
void handlers_drop(struct linux *l, struct handlers *h);
// Tell the parent (SIGCHLD, and whoever waits there).
void signal_parent(struct task *t, int code, int status);

// A fault of the program itself: cannot be blocked or ignored.
void signal_fault(struct task *t, u32 number, int code, u32 address);

// Is there a signal that would end a wait?
int signal_pending(const struct task *t);
// One that ends the process whatever it does?
int signal_kills(const struct task *t);

// The frame calls a handler (signal/frame.c): 0 or -EFAULT. back: the mask that
// is blocked again after it.
int signal_frame(struct task *t, struct frame *frame, u64 back,
                 const struct signal_info *info);
// Registers from a program: it may gain nothing by them.
void signal_sanitize(const struct task *t, struct frame *frame);

// On the way back to user mode: stop, end, or let the frame call a handler.
void signal_deliver(struct task *t, struct frame *frame);

#endif

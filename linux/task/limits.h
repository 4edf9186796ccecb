// limits.h -- what a process may use of something: getrlimit, setrlimit
#ifndef LINUX_LIMITS_H
#define LINUX_LIMITS_H

#include "tender/types.h"

#define RLIMIT_CPU 0u // seconds
#define RLIMIT_FSIZE 1u
#define RLIMIT_DATA 2u
#define RLIMIT_STACK 3u
#define RLIMIT_CORE 4u
#define RLIMIT_NPROC 6u
#define RLIMIT_NOFILE 7u
#define RLIMIT_MEMLOCK 8u
#define RLIMIT_AS 9u
#define RLIMIT_SIGPENDING 11u
#define RLIMIT_MSGQUEUE 12u
#define RLIMIT_NICE 13u
#define RLIMIT_RTPRIO 14u

#define NO_LIMIT (~0ull)

struct linux;
struct memory;
struct task;

// Of a session's first process.
void limits_begin(struct task *t);
// The soft one of a task's process.
u64 limit_of(const struct task *t, u32 which);

// Descriptors must be below this.
u32 limit_descriptors(const struct linux *l);
// May the task's process write so many bytes there? 0, with fewer bytes if only
// so many fit, or -EFBIG, with SIGXFSZ.
int limit_size(struct task *t, u64 at, u32 *bytes);
// May the current process have so many bytes more of address space, data of
// which are private, writable and no stack? 0 or -ENOMEM.
int limit_memory(const struct memory *m, u32 more, u32 data);
// How large a stack of the current process may become, in bytes.
u32 limit_stack(const struct linux *l);
// May it have one more task? 0 or -EAGAIN.
int limit_tasks(const struct task *t);
// It used the processor: SIGXCPU, once a second, and SIGKILL.
void limit_used(struct task *leader);

#endif

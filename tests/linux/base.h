// base.h -- what our own Linux test programs stand on: calls, chance
//
// These programs use no C library: they are built wherever the kernel is, and
// make every call just as it is written. Of user/lib they have text and print().
#ifndef TESTS_LINUX_BASE_H
#define TESTS_LINUX_BASE_H

#include "user/lib/tender.h"

#define PAGE PAGE_SIZE

// The calls these programs need for themselves; the numbers are Linux's.
enum {
    CALL_EXIT = 1,
    CALL_FORK = 2,
    CALL_READ = 3,
    CALL_WRITE = 4,
    CALL_OPEN = 5,
    CALL_CLOSE = 6,
    CALL_UNLINK = 10,
    CALL_EXECVE = 11,
    CALL_CHDIR = 12,
    CALL_GETPID = 20,
    CALL_PAUSE = 29,
    CALL_KILL = 37,
    CALL_RENAME = 38,
    CALL_MKDIR = 39,
    CALL_RMDIR = 40,
    CALL_DUP = 41,
    CALL_PIPE = 42,
    CALL_BRK = 45,
    CALL_IOCTL = 54,
    CALL_DUP2 = 63,
    CALL_SYMLINK = 83,
    CALL_MUNMAP = 91,
    CALL_FTRUNCATE = 93,
    CALL_WAIT4 = 114,
    CALL_SIGRETURN = 119,
    CALL_CLONE = 120,
    CALL_MPROTECT = 125,
    CALL_LSEEK = 19,
    CALL_SCHED_YIELD = 158,
    CALL_NANOSLEEP = 162,
    CALL_RT_SIGRETURN = 173,
    CALL_RT_SIGACTION = 174,
    CALL_RT_SIGPROCMASK = 175,
    CALL_MMAP2 = 192,
    CALL_GETDENTS64 = 220,
    CALL_GETTID = 224,
    CALL_TKILL = 238,
    CALL_SET_THREAD_AREA = 243,
    CALL_EXIT_GROUP = 252,
    CALL_CLOCK_GETTIME = 265,
};

enum {
    EPERM = 1,
    ENOENT = 2,
    ESRCH = 3,
    EINTR = 4,
    E2BIG = 7,
    ENOEXEC = 8,
    ECHILD = 10,
    EAGAIN = 11,
    ENOMEM = 12,
    EACCES = 13,
    EFAULT = 14,
    EEXIST = 17,
    EINVAL = 22,
    EMFILE = 24,
    ENOSPC = 28,
    ENOSYS = 38,
    ERRNOS = 134,
};

#define SIGBUS 7
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGCONT 18

#define O_RDONLY 0u
#define O_WRONLY 1u
#define O_RDWR 2u
#define O_CREAT 0100u
#define O_TRUNC 01000u
#define O_NONBLOCK 04000u

#define PROT_NONE 0u
#define PROT_RW 3u
#define PROT_RWX 7u
#define MAP_SHARED 1u
#define MAP_PRIVATE 2u
#define MAP_ANONYMOUS 0x20u

#define WNOHANG 1u

// A call with six arguments: its result or -errno.
int call6(u32 number, const u32 *a);
#define call(number, ...) call_(number, (const u32[6]){__VA_ARGS__})
static inline int
call_(u32 number, const u32 *a)
{
    return call6(number, a);
}
#define P(pointer) ((u32)(uintptr_t)(pointer))

// A new thread or process with a stack of its own, which runs this function
// and then ends. -> its id or -errno.
int base_clone(u32 flags, void *stack_end, void (*run)(void *), void *argument);

_Noreturn void base_exit(int status); // all threads
void *base_map(u32 bytes, u32 prot, u32 flags);
u64 base_us(void); // of the monotonic clock
void base_sleep_ms(u32 ms);
void base_handle(u32 number, void (*handler)(int), u32 flags);
// Wait for a child. -> its status, or -errno.
int base_wait(int pid);

struct chance {
    u32 word[4];
};

void chance_seed(struct chance *c, u32 a, u32 b);
u32 chance_next(struct chance *c);
u32 chance_below(struct chance *c, u32 limit);

int main(int argc, char **argv);

#endif

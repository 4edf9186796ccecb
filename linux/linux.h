// linux.h -- the Linux personality: what hangs from the kernel
#ifndef LINUX_LINUX_H
#define LINUX_LINUX_H

#include "linux/pool/heap.h"
#include "linux/task/task.h"
#include "linux/tty/tty.h"
#include "resources/console.h"
#include "resources/disk.h"
#include "resources/execution.h"

#define LINUX_RELEASE "5.10.0-tender" // as uname tells it
#define LINUX_VERSION "#1 Tender"

#define LOADS 3u
#define LOAD_ONE 2048u // a load of 1

struct linux {
    struct gate *gate;
    struct vspaces *vs;
    struct executions *executions;
    struct disk *disk;
    struct console *console;
    struct table *table; // of tasks
    struct task init;    // process 1, which is not in it
    struct pages pages;
    struct heap heap;
    struct memory *memories; // all address spaces
    struct inode *root;      // of the tree; NULL before the first use
    u32 populated;           // populate.c: 0 no, 1 somebody is at it, 2 yes
    u32 inodes;              // numbers given out
    u32 tree_pages;          // data of files in plates
    u32 tids;
    u32 futex_arrivals;
    struct lock_wait *lock_waits; // lock.c: who waits for whom
    u32 polls;                    // counts file_wake()
    struct epoll *epolls;
    u32 epoll_walk, epoll_walks; // epoll.h: the newest, and how many inside
    struct tty tty;
    char hostname[65];
    u64 boot_real_us; // real time when the monotonic clock was 0
    u32 random[4];
    // What the last boot was (docs/linux.md: Restart notice).
    u32 outcome; // as system_status.restored
    u32 save;
    u64 lost_us;
    u32 restarts;
    u32 log_read, log_cleared; // call/log.c: so far, since this boot
    u32 unknown[16];           // calls that were not known, by bits
    u64 call_count;
    u32 load[LOADS]; // load.c
    u64 load_next_us;
};

u32 linux_bytes(void);
void linux_init(struct linux *l, struct gate *gate, void *memory, u32 bytes);

// int 0x80, of a task or not.
void linux_call(struct linux *l, struct frame *frame);
// A fault in user mode of a task. write: it was a write; vector: of the trap.
void linux_fault(struct linux *l, struct frame *frame, u32 vector, u32 address,
                 int write);
// int 0x81: may the task that makes this native call do so? All may do that
// have no task (native.c).
int linux_may_ask(const struct linux *l, const struct call *call);
// At the end of every trap from user mode, of a task or not.
void linux_return(struct linux *l, struct frame *frame);
// Every 10 ms.
void linux_tick(struct linux *l);
void load_tick(struct linux *l, u64 now_us);
// After a continuing or restoring boot.
void linux_restarted(struct linux *l, u32 outcome, u32 save, u64 lost_us);

// At a boot: the real time (of the RTC, microseconds since 1970) is this.
void linux_set_real(struct linux *l, u64 us);
u64 linux_real_us(const struct linux *l);
u32 linux_random(struct linux *l);

// A call: its arguments -> result or -errno.
typedef int linux_program(struct task *t, const u32 *a);
// calls.c; NULL: -ENOSYS.
linux_program *linux_program_of(u32 number);
const char *linux_program_name(u32 number);

#endif

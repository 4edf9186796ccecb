// lock.h -- locks of files: of a process on a range, and of an open file
#ifndef LINUX_LOCK_H
#define LINUX_LOCK_H

#include "linux/file/file.h"

#define LOCK_END (~0ull) // to the end, however far that will be

enum lock_type { LOCK_READ = 0, LOCK_WRITE = 1, LOCK_NONE = 2 }; // F_RDLCK ...

struct lock {
    struct lock *next;
    // A descriptor table (fcntl), or an open file (flock): they never conflict.
    const void *owner;
    u32 whole; // flock
    u32 type;
    u32 pid;
    u64 start, end; // end is behind the last byte
};

// Who waits for whom, so that waiting in a circle is refused. On the
// kernel stack of the one who waits.
struct lock_wait {
    struct lock_wait *next;
    const void *owner, *blocker;
};

// A lock of somebody else that stands against one; NULL: there is none.
const struct lock *
lock_conflict(const struct inode *inode, const struct lock *wanted);

// Take or give back (LOCK_NONE). wait: for others. 0, -EAGAIN, -ENOMEM,
// -EDEADLK, -ERESTART
int lock_set(struct task *t, struct inode *inode, const struct lock *wanted,
             int wait);

// All locks of an owner go.
void lock_forget(struct inode *inode, const void *owner);

#endif

// lock_calls.h -- what fcntl asks of locks
#ifndef LINUX_LOCK_CALLS_H
#define LINUX_LOCK_CALLS_H

#include "linux/file/lock.h"

enum lock_form {
    LOCK_NARROW,  // struct flock
    LOCK_WIDE,    // struct flock64
    LOCK_OF_FILE, // struct flock64; the owner is the open file
};

#define LOCK_GET 0u
#define LOCK_SET 1u
#define LOCK_SET_WAIT 2u

int lock_control(struct task *t, u32 descriptor, u32 what, u32 at,
                 enum lock_form form);

#endif

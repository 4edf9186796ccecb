// poll.h -- waiting for files: poll, select, epoll
//
// All who wait do so on one channel, which file_wake() wakes; then they look at
// everything again. Looking never waits, so nothing is missed between a look
// and the wait.
#ifndef LINUX_POLL_H
#define LINUX_POLL_H

#include "linux/file/file.h"

#define SIGNAL_MASK_BYTES 8u

// How long to wait.
struct poll_limit {
    u32 forever;
    u64 until_us; // monotonic
};

// Forms of a time in a program.
enum time_form { TIME_US, TIME_NS, TIME_NS64 }; // timeval, timespec, 64 bits

struct poll_limit poll_limit_ms(struct task *t, int ms); // < 0: for ever
// From a program's timeout; address 0: for ever. 0, -EFAULT, -EINVAL
int poll_limit_in(struct task *t, u32 address, enum time_form form,
                  struct poll_limit *limit);
// Tell the program what is left of it.
void poll_limit_out(struct task *t, u32 address, enum time_form form,
                    const struct poll_limit *limit);

// 0: look again; 1: the time is over; or -errno.
int poll_wait(struct task *t, const struct poll_limit *limit);

// Another signal mask for the time of the call. address 0: none. 0 or -errno
int poll_mask_begin(struct task *t, u32 address, u32 bytes);
// Before the call returns this; the signal that interrupted it sees the mask.
int poll_mask_end(struct task *t, int result);

// A file without a name, with an inode of no type; takes state over.
// -> descriptor or -errno
int file_nameless(struct task *t, const struct file_ops *ops, u32 flags,
                  void *state);

extern const struct file_ops epoll_ops, eventfd_ops;

#endif

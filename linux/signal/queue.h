// queue.h -- real-time signals of one number, one behind the other
#ifndef LINUX_SIGNAL_QUEUE_H
#define LINUX_SIGNAL_QUEUE_H

#include "linux/signal/signal.h"

// A signal is pending from now on, for this thread (in->pending) or its process
// (in->shared); a real-time signal, as often as it is sent. 0, or -EAGAIN: there
// is no room for a real-time signal (RLIMIT_SIGPENDING). info may be NULL.
int signal_keep(u64 *pending, struct task *in, u32 number,
                const struct signal_info *info);
// The next of a number comes out: 1; 0: there is none.
int
queue_next(struct task *in, int shared, u32 number, struct signal_info *info);
// What is queued of these numbers goes.
void queue_forget(struct task *in, u64 own, u64 shared);
// All of it is another task's now.
void queue_hand_on(struct task *from, struct task *to);

#endif

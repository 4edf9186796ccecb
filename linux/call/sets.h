// sets.h -- sets of signals and times, as programs hand them over
#ifndef LINUX_SETS_H
#define LINUX_SETS_H

#include "linux/task/task.h"

// A set of 64 signals. 0, -EFAULT, -EINVAL if a program's sets are of another
// size.
int set_get(struct task *t, u64 *set, u32 from, u32 bytes);
int set_put(struct task *t, u64 set, u32 to);

// A time: two words or two double words (time64): seconds, and nanoseconds or
// microseconds. 0, -EFAULT, -EINVAL; as microseconds, rounded up.
int time_get(struct task *t, u64 *us, u32 from, int is64);
int time_get_us(struct task *t, u64 *us, u32 from);
int time_put(struct task *t, u64 us, u32 to, int is64);
int time_put_us(struct task *t, u64 us, u32 to);

#endif

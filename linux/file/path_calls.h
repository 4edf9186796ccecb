// path_calls.h -- what calls that change directories share
#ifndef LINUX_PATH_CALLS_H
#define LINUX_PATH_CALLS_H

#include "linux/file/path.h"

// May something be made where the path leads? 0 or -errno
int path_may_create(struct task *t, const struct path *p);

// May what the path leads to lose its name there?
int path_may_delete(struct task *t, const struct path *p);

// Make a file there; permissions less what the umask takes, the owner is the
// task's. The result is held.
int path_create(struct task *t, struct path *p, u32 mode, u32 device,
                struct inode **result);

#endif

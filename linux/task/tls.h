// tls.h -- thread-local storage: three segments, reached through gs or fs
#ifndef LINUX_TLS_H
#define LINUX_TLS_H

#include "linux/task/task.h"

// A clone's new thread gets the segment that a record of the parent's
// describes. 0, -EFAULT, -EINVAL
int tls_clone(struct task *child, u32 record);

#endif

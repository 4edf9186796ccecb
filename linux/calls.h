// calls.h -- all system calls
#ifndef LINUX_CALLS_H
#define LINUX_CALLS_H

#include "linux/linux.h"

#define CALL(number, name) int sys_##name(struct task *t, const u32 *a);
#include "linux/calls.def"
#undef CALL

#endif

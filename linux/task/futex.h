// futex.h -- waiting for a word of memory to change
//
// A word is known by what it belongs to and its place there: in shared memory
// the file, else the address space. So the same word of shared memory is the
// same for all, and a page that is copied on write does not lose who waits.
#ifndef LINUX_FUTEX_H
#define LINUX_FUTEX_H

#include "linux/task/task.h"

// Wake at most so many that wait for the word. -> how many, or -errno
int futex_wake_word(struct task *t, u32 address, u32 most);

// The task leaves its memory, for another or to end. What the memory is still
// told: the locks it holds (set_robust_list) are marked and handed on, and the
// word of its id (set_tid_address) is zeroed.
void futex_leave(struct task *t);

#endif

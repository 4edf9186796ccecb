// buffer.h -- where a call's bytes go to or come from: a program, or the kernel
#ifndef LINUX_BUFFER_H
#define LINUX_BUFFER_H

#include "tender/types.h"

struct memory;

struct buffer {
    struct memory *memory; // NULL: a kernel address
    word address;
};

// Move bytes and the buffer's address behind them. 0 or -EFAULT.
int buffer_put(struct buffer *to, const void *from, u32 bytes);
int buffer_get(struct buffer *from, void *to, u32 bytes);
// So many zeros, at most BUFFER_ZEROS.
#define BUFFER_ZEROS 4096u
int buffer_put_zeros(struct buffer *to, u32 bytes);

#endif

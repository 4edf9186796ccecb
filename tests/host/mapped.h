// mapped.h -- the fake machine with a few pages mapped by hand
#ifndef HOST_MAPPED_H
#define HOST_MAPPED_H

#include "fake.h"

#define PAGES 2048u
#define FRAME(n) (NV_ROOT_PA + (n)*PAGE_SIZE)
#define PD FRAME(1)
#define PD_B FRAME(2)
#define KERNEL_PT FRAME(3)
#define USER_PT FRAME(4)
#define DATA FRAME(8) // frames 8-15 appear at KERNEL_BASE, 8 at USER_VA
#define USER_VA 0x400000u
#define READ_ONLY (KERNEL_BASE + 7 * PAGE_SIZE)

// The kernel's own memcpy() is seen by the tracer; a test's, inlined, is not.
extern void *(*volatile mapped_copy)(void *to, const void *from, size_t bytes);

// Store as the kernel does.
void mapped_store(word va, u32 value);

// The machine, with the virtual space at PD loaded; PD_B holds the same.
void mapped_open(void);
void mapped_close(void);

#endif

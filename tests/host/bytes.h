// bytes.h -- copying and clearing that the tracer does not see
//
// memcpy() and memset() of the test programs are the kernel's own, traced ones;
// the fake must never call them from inside a trace callback.
#ifndef HOST_BYTES_H
#define HOST_BYTES_H

#include "tender/types.h"

static inline void
bytes_copy(void *to, const void *from, size_t bytes)
{
    __asm__ volatile("rep movsb"
                     : "+D"(to), "+S"(from), "+c"(bytes)
                     :
                     : "memory");
}

static inline void
bytes_fill(void *to, u8 value, size_t bytes)
{
    __asm__ volatile("rep stosb"
                     : "+D"(to), "+c"(bytes)
                     : "a"(value)
                     : "memory");
}

// The offset of the first 32-bit word that differs, or bytes if none does.
static inline size_t
bytes_same(const void *a, const void *b, size_t bytes)
{
    const u32 *x = a;
    const u32 *y = b;

    for (size_t i = 0; i < bytes / 4; i++)
        if (x[i] != y[i])
            return i * 4;
    return bytes;
}

#endif

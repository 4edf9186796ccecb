// user.c -- what a program does to its memory
#include "bytes.h"
#include "fake.h"
#include "mmu.h"
#include "trace.h"

u32
fake_user_write(u32 page_directory, u32 va, const void *from, u32 bytes)
{
    const u8 *next = from;

    trace_settle();
    while (bytes > 0) {
        u32 part = MIN(bytes, 4 - va % 4);
        u32 pa = mmu_user(page_directory, va, 1);

        if (pa == 0)
            return va;
        trace_store(pa, part, 0);
        bytes_copy((u8 *)trace.memory + pa, next, part);
        trace_settle();
        next += part;
        va += part;
        bytes -= part;
    }
    return 0;
}

u32
fake_user_read(u32 page_directory, u32 va, void *to, u32 bytes)
{
    u8 *next = to;

    trace_settle();
    while (bytes > 0) {
        u32 part = MIN(bytes, 4 - va % 4);
        u32 pa = mmu_user(page_directory, va, 0);

        if (pa == 0)
            return va;
        trace_load(pa, part);
        bytes_copy(next, (u8 *)trace.memory + pa, part);
        next += part;
        va += part;
        bytes -= part;
    }
    return 0;
}

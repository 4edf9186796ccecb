// buffer.c -- where a call's bytes go to or come from: a program, or the kernel
#include "linux/pool/buffer.h"

#include "linux/memory/memory.h"
#include "tender/text.h"

int
buffer_put(struct buffer *to, const void *from, u32 bytes)
{
    int err = 0;

    if (to->memory == NULL)
        memcpy((void *)to->address, from, bytes);
    else
        err = memory_out(to->memory, (u32)to->address, from, bytes);
    if (err == 0)
        to->address += bytes;
    return err;
}

int
buffer_put_zeros(struct buffer *to, u32 bytes)
{
    static const u8 zeros[BUFFER_ZEROS];

    return buffer_put(to, zeros, bytes);
}

int
buffer_get(struct buffer *from, void *to, u32 bytes)
{
    int err = 0;

    if (from->memory == NULL)
        memcpy(to, (const void *)from->address, bytes);
    else
        err = memory_in(from->memory, to, (u32)from->address, bytes);
    if (err == 0)
        from->address += bytes;
    return err;
}

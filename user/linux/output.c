// output.c -- where a Linux program's words go, and how it ends
#include "tender.h"

#define CALL_EXIT 1u
#define CALL_WRITE 4u
#define OUTPUT 1u
#define INTERRUPTED (-4)

static int
linux_call(u32 number, u32 a, u32 b, u32 c)
{
    int result;

    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "0"(number), "b"(a), "c"(b), "d"(c)
                     : "memory");
    return result;
}

int
console_write(const char *text, u32 bytes)
{
    while (bytes != 0) {
        int done = linux_call(CALL_WRITE, OUTPUT, (u32)(word)text, bytes);

        if (done == INTERRUPTED)
            continue;
        if (done <= 0)
            return E_ARGUMENT; // nobody reads it: a closed pipe
        text += done;
        bytes -= (u32)done;
    }
    return 0;
}

_Noreturn void
process_exit(u32 code)
{
    for (;;)
        linux_call(CALL_EXIT, code, 0, 0);
}

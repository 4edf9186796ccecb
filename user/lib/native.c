// native.c -- what programs of another personality do in another way
#include "tender.h"

_Noreturn void
process_exit(u32 code)
{
    for (;;)
        resource_control(KIND_ID(KIND_PROCESS), PROCESS_EXIT, code, 0, 0);
}

int
console_write(const char *text, u32 bytes)
{
    while (bytes != 0) {
        int done = resource_write(KIND_ID(KIND_CONSOLE), text, bytes, 0);

        if (done < 0)
            return done;
        if (done == 0 || (u32)done >= bytes) // a kernel may just say 0
            break;
        text += done;
        bytes -= (u32)done;
    }
    return 0;
}

int
console_read(char *text, u32 bytes)
{
    return resource_read(KIND_ID(KIND_CONSOLE), text, bytes, 0);
}

int
console_foreground(rid process)
{
    return resource_control(KIND_ID(KIND_CONSOLE), CONSOLE_FOREGROUND, process,
                            0, 0);
}

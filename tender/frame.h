// frame.h -- what a trap leaves on the kernel stack: a program's registers
#ifndef TENDER_FRAME_H
#define TENDER_FRAME_H

#include "tender/types.h"

// Selectors of user mode, and the first of thread-local storage.
#define FRAME_USER_CS 0x1bu
#define FRAME_USER_DS 0x23u
#define FRAME_TLS 0x33u
#define FRAME_EFLAGS 0x202u // interrupts on

// The last two are there only when the trap came from user mode.
struct frame {
    u32 gs, fs, es, ds;
    u32 edi, esi, ebp, esp_, ebx, edx, ecx, eax; // esp_: worthless
    u32 vector;
    u32 error; // the CPU's error code, or 0
    u32 eip, cs, eflags;
    u32 esp, ss;
};

#endif

// sigframe.h -- what a signal puts on a program's stack, as Linux i386 does
//
//     higher addresses
//       FPU and SSE state    512 bytes as fxsave writes it, aligned to 64
//       FPU state            112 bytes as fsave would write it
//       the frame            struct signal_frame or rt_signal_frame
//     <- esp, which is 4 below a multiple of 16, as after a call
#ifndef LINUX_SIGFRAME_H
#define LINUX_SIGFRAME_H

#include "tender/types.h"

struct sigcontext {
    u32 gs, fs, es, ds;
    u32 edi, esi, ebp, esp, ebx, edx, ecx, eax;
    u32 trapno, err, eip, cs, eflags, esp_at_signal, ss;
    u32 fpstate; // address of the FPU state, 0 = there is none
    u32 oldmask; // the low half of the mask (not in a ucontext)
    u32 cr2;
};

// What fsave writes.
struct fsave {
    u32 control, status, tag, ip, cs, data, ds;
    u8 st[8][10];
    u16 old_status, magic; // magic 0: the fxsave state follows
};

#define FXSAVE_BYTES 512u

// Without SA_SIGINFO.
struct signal_frame {
    u32 return_to; // SA_RESTORER, or code[] below
    u32 number;
    struct sigcontext context;
    u8 unused[624]; // was the FPU state once
    u32 extra_mask; // the high half
    u8 code[8];     // pop eax; mov eax, SYS_sigreturn; int 0x80
};

struct ucontext {
    u32 flags, link;
    u32 stack, stack_flags, stack_bytes;
    struct sigcontext context;
    u32 mask[2];
};

// With SA_SIGINFO.
struct rt_signal_frame {
    u32 return_to;
    u32 number;
    u32 info_at, context_at;
    u32 info[32];
    struct ucontext context;
    u8 code[8]; // mov eax, SYS_rt_sigreturn; int 0x80
};

_Static_assert(sizeof(struct sigcontext) == 88, "as Linux i386");
_Static_assert(sizeof(struct fsave) == 112, "as Linux i386");
_Static_assert(sizeof(struct signal_frame) == 732, "as Linux i386");
_Static_assert(offsetof(struct signal_frame, extra_mask) == 720, "as Linux");
_Static_assert(sizeof(struct ucontext) == 116, "as Linux i386");
_Static_assert(sizeof(struct rt_signal_frame) == 268, "as Linux i386");

struct task;

// The registers of the FPU to the program's address, and from there (0: fresh
// ones). 0 or -EFAULT, -ENOMEM
int signal_fpu_put(struct task *t, u32 at);
int signal_fpu_get(struct task *t, u32 at);

#endif

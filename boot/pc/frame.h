// frame.h -- what C and assembly agree on, checked
#ifndef BOOT_PC_FRAME_H
#define BOOT_PC_FRAME_H

#include "tender/format.h"
#include "tender/frame.h"

#define ABOUT(sentence)
#define SHARED(name, value) name = value,
enum shared {
#include "boot/pc/shared.def"
};
#undef ABOUT
#undef SHARED

static inline int
frame_from_user(const struct frame *frame)
{
    return (frame->cs & 3) == 3;
}

_Static_assert(FRAME_USER_CS == USER_CS && FRAME_USER_DS == USER_DS &&
                   FRAME_TLS == (TLS_FIRST | 3),
               "shared.def");

#define AT(type, field, offset)                                                \
    _Static_assert(offsetof(struct type, field) == (offset), "shared.def")
AT(frame, vector, FRAME_VECTOR);
AT(frame, eip, FRAME_EIP);
AT(cpu_state, ebx, CPU_EBX);
AT(cpu_state, esi, CPU_ESI);
AT(cpu_state, edi, CPU_EDI);
AT(cpu_state, ebp, CPU_EBP);
AT(cpu_state, esp, CPU_ESP);
AT(cpu_state, eip, CPU_EIP);
AT(cpu_state, eflags, CPU_EFLAGS);
AT(cpu_state, cr0, CPU_CR0);
AT(cpu_state, cr3, CPU_CR3);
AT(cpu_state, cr4, CPU_CR4);
AT(cpu_state, gdt_base, CPU_GDT_BASE);
AT(cpu_state, idt_base, CPU_IDT_BASE);
AT(cpu_state, gdt_limit, CPU_GDT_LIMIT);
AT(cpu_state, idt_limit, CPU_IDT_LIMIT);
AT(cpu_state, tr, CPU_TR);
AT(cpu_state, ldt, CPU_LDT);
AT(cpu_state, segments[0], CPU_CS);
AT(cpu_state, segments[1], CPU_DS);
AT(cpu_state, segments[2], CPU_ES);
AT(cpu_state, segments[3], CPU_FS);
AT(cpu_state, segments[4], CPU_GS);
AT(cpu_state, segments[5], CPU_SS);
AT(cpu_state, fpu, CPU_FPU);
#undef AT

#endif

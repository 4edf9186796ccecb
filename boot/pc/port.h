// port.h -- the instructions C has no words for
#ifndef BOOT_PC_PORT_H
#define BOOT_PC_PORT_H

#include "tender/types.h"

static inline void
port_out8(u16 port, u8 value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void
port_out16(u16 port, u16 value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void
port_out32(u16 port, u32 value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline u8
port_in8(u16 port)
{
    u8 value;

    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}

static inline u16
port_in16(u16 port)
{
    u16 value;

    __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}

static inline u32
port_in32(u16 port)
{
    u32 value;

    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port) : "memory");
    return value;
}

static inline u64
read_tsc(void)
{
    u64 value;

    __asm__ volatile("rdtsc" : "=A"(value));
    return value;
}

static inline u32
read_cr2(void)
{
    u32 value;

    __asm__ volatile("movl %%cr2, %0" : "=r"(value));
    return value;
}

static inline u32
read_cr3(void)
{
    u32 value;

    __asm__ volatile("movl %%cr3, %0" : "=r"(value));
    return value;
}

static inline void
cpuid(u32 leaf, u32 subleaf, u32 out[4])
{
    __asm__ volatile("cpuid"
                     : "=a"(out[0]), "=b"(out[1]), "=c"(out[2]), "=d"(out[3])
                     : "a"(leaf), "c"(subleaf));
}

// 64 by 32 bits; the quotient must fit in 32.
static inline u32
divide(u64 dividend, u32 divisor)
{
    u32 quotient, rest;

    __asm__("divl %4"
            : "=a"(quotient), "=d"(rest)
            : "a"((u32)dividend), "d"((u32)(dividend >> 32)), "r"(divisor));
    return quotient;
}

static inline void
interrupts_off(void)
{
    __asm__ volatile("cli" : : : "memory");
}

static inline _Noreturn void
halt_for_ever(void)
{
    for (;;)
        __asm__ volatile("cli; hlt");
}

#endif

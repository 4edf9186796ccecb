// early.c -- the first C of a boot, before anything was decided
#include "boot/pc/parts.h"

#include "boot/pc/port.h"
#include "tender/text.h"

#define GATE_INTERRUPT 0x8e00u

static SCRATCH u32 early_idt[32][2];

// Choose the best way this processor has to write a cache line back.
static void
find_flush(void)
{
    u32 out[4];

    flush_kind = FLUSH_WBINVD;
    cpuid(1, 0, out);
    if (out[3] & 1u << 19)
        flush_kind = FLUSH_CLFLUSH;
    cpuid(0, 0, out);
    if (out[0] < 7)
        return;
    cpuid(7, 0, out);
    if (out[1] & 1u << 24)
        flush_kind = FLUSH_CLWB;
    else if (out[1] & 1u << 23)
        flush_kind = FLUSH_CLFLUSHOPT;
}

static void
load_early_idt(void)
{
    struct __attribute__((packed)) {
        u16 limit;
        u32 base;
    } idtr = {sizeof(early_idt) - 1, (u32)early_idt};
    u32 i;

    for (i = 0; i < ARRAY_LEN(early_idt); i++) {
        early_idt[i][0] = (u32)KERNEL_CS << 16 | (early_entries[i] & 0xffff);
        early_idt[i][1] = (early_entries[i] & 0xffff0000) | GATE_INTERRUPT;
    }
    __asm__ volatile("lidt %0" : : "m"(idtr), "m"(early_idt));
}

void
pc_early(u32 multiboot_magic)
{
    serial_init();
    load_early_idt();
    pic_mask_all();
    if (multiboot_magic != (u32)MULTIBOOT_MAGIC)
        PANIC("not loaded by a multiboot loader");
    find_flush();
    clock_calibrate();
}

_Noreturn void
early_trap(struct frame *frame)
{
    cpu_panic(frame, "an exception before the boot decision");
}

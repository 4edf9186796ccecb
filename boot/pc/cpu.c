// cpu.c -- descriptor tables, and the first frame of an execution
//
// The tables lie in plated memory, so that GDTR, IDTR and TR of a captured
// processor mean the same after a power cut.
#include "boot/pc/parts.h"

#include "boot/pc/port.h"
#include "tender/text.h"

#define GATE_INTERRUPT 0x8e00u
#define GATE_TASK 0x8500u
#define GATE_USER 0x6000u // DPL 3

#define EFLAGS_FIXED 0x002u
#define EFLAGS_IF 0x200u

#define BREAKPOINT 3u // int3
#define OVERFLOW 4u   // into
#define DOUBLE_FAULT 8u
#define DOUBLE_STACK_BYTES 4096u

// Null, kernel code and data, user code and data, TSS, three for thread-local
// storage, the TSS of the double-fault task.
#define GDT_ENTRIES 10u
#define TLS_FIRST 6u

struct tss {
    u32 link, esp0, ss0, esp1, ss1, esp2, ss2, cr3;
    u32 eip, eflags, eax, ecx, edx, ebx, esp, ebp, esi, edi;
    u32 es, cs, ss, ds, fs, gs, ldt;
    u16 trap, io_map;
};
_Static_assert(sizeof(struct tss) == 104, "the processor's format");

// What machine_switch() leaves on a stack.
struct switch_frame {
    u32 edi, esi, ebx, ebp, eip;
};

static struct {
    u32 gdt[GDT_ENTRIES][2];
    u32 idt[256][2];
    struct tss tss;
    struct tss double_tss;
} cpu __attribute__((aligned(64)));

static SCRATCH u8 double_stack[DOUBLE_STACK_BYTES] __attribute__((aligned(16)));

static void
set_tss_descriptor(u32 selector, const struct tss *tss)
{
    u32 base = (u32)tss;
    u32 *entry = cpu.gdt[selector >> 3];

    entry[0] = base << 16 | (u16)(sizeof(*tss) - 1);
    entry[1] = (base & 0xff000000) | 0x8900 | (base >> 16 & 0xff);
}

// A task gate leads here, on a stack of its own: kernel stack overflowed.
static _Noreturn void
double_fault(void)
{
    struct frame frame;
    const struct tss *tss = &cpu.tss;

    frame.gs = tss->gs;
    frame.fs = tss->fs;
    frame.es = tss->es;
    frame.ds = tss->ds;
    frame.edi = tss->edi;
    frame.esi = tss->esi;
    frame.ebp = tss->ebp;
    frame.esp_ = 0;
    frame.ebx = tss->ebx;
    frame.edx = tss->edx;
    frame.ecx = tss->ecx;
    frame.eax = tss->eax;
    frame.vector = DOUBLE_FAULT;
    frame.error = 0;
    frame.eip = tss->eip;
    frame.cs = tss->cs | 3; // so that esp and ss are shown
    frame.eflags = tss->eflags;
    frame.esp = tss->esp;
    frame.ss = tss->ss;
    cpu_panic(&frame, "double fault (kernel stack overflow?)");
}

static void
build_gdt(void)
{
    static const u32 flat[4][2] = {
        {0x0000ffff, 0x00cf9b00}, // kernel code; accessed bits preset
        {0x0000ffff, 0x00cf9300}, // kernel data
        {0x0000ffff, 0x00cffb00}, // user code
        {0x0000ffff, 0x00cff300}, // user data
    };

    memset(cpu.gdt, 0, sizeof(cpu.gdt));
    memcpy(cpu.gdt[1], flat, sizeof(flat));
    set_tss_descriptor(TSS_SELECTOR, &cpu.tss);
    set_tss_descriptor(DOUBLE_SELECTOR, &cpu.double_tss);
}

static void
build_tss(void)
{
    struct tss *tss = &cpu.double_tss;

    memset(&cpu.tss, 0, sizeof(cpu.tss));
    cpu.tss.ss0 = KERNEL_DS;
    cpu.tss.io_map = sizeof(cpu.tss); // beyond the limit: no ports

    memset(tss, 0, sizeof(*tss));
    tss->cr3 = read_cr3();
    tss->eip = (u32)double_fault;
    tss->eflags = EFLAGS_FIXED;
    tss->esp = (u32)double_stack + sizeof(double_stack) - 4;
    tss->cs = KERNEL_CS;
    tss->ss = tss->ds = tss->es = KERNEL_DS;
    tss->io_map = sizeof(*tss);
}

static void
build_idt(void)
{
    u32 i;

    for (i = 0; i < ARRAY_LEN(cpu.idt); i++) {
        u32 entry = trap_entries[i];
        u32 user = i == BREAKPOINT || i == OVERFLOW || i == TRAP_GATE ||
                           i == TRAP_LINUX
                       ? GATE_USER
                       : 0;

        cpu.idt[i][0] = (u32)KERNEL_CS << 16 | (entry & 0xffff);
        cpu.idt[i][1] = (entry & 0xffff0000) | GATE_INTERRUPT | user;
    }
    cpu.idt[DOUBLE_FAULT][0] = (u32)DOUBLE_SELECTOR << 16;
    cpu.idt[DOUBLE_FAULT][1] = GATE_TASK;
}

static void
load_tables(void)
{
    struct __attribute__((packed)) {
        u16 limit;
        u32 base;
    } gdtr = {sizeof(cpu.gdt) - 1, (u32)cpu.gdt},
      idtr = {sizeof(cpu.idt) - 1, (u32)cpu.idt};

    __asm__ volatile("lgdt %0" : : "m"(gdtr), "m"(cpu));
    __asm__ volatile("lidt %0" : : "m"(idtr), "m"(cpu));
    __asm__ volatile("ltr %w0" : : "r"(TSS_SELECTOR) : "memory");
}

void
cpu_init(void)
{
    build_gdt();
    build_tss();
    build_idt();
    load_tables(); // the selectors in use mean the same in the new GDT
}

u32
cpu_fault_address(void)
{
    return read_cr2();
}

void
machine_set_kernel_stack(u32 top)
{
    cpu.tss.esp0 = top;
}

void
machine_load_tls(const u32 tls[MACHINE_TLS][2])
{
    memcpy(cpu.gdt[TLS_FIRST], tls, sizeof(u32[MACHINE_TLS][2]));
}

static u32
first_frame(void *stack_top, const u8 *begin)
{
    struct switch_frame *frame = (struct switch_frame *)stack_top - 1;

    memset(frame, 0, sizeof(*frame));
    frame->eip = (u32)begin;
    return (u32)frame;
}

u32
machine_prepare_frame(u32 stack_top, const struct frame *from)
{
    struct frame *frame = (struct frame *)stack_top - 1;

    *frame = *from;
    return first_frame(frame, trap_return);
}

u32
machine_prepare(u32 stack_top, u32 entry, u32 user_stack)
{
    const struct frame frame = {.gs = USER_DS,
                                .fs = USER_DS,
                                .es = USER_DS,
                                .ds = USER_DS,
                                .eip = entry,
                                .cs = USER_CS,
                                .eflags = EFLAGS_FIXED | EFLAGS_IF,
                                .esp = user_stack,
                                .ss = USER_DS};

    if (entry == 0)
        return first_frame((void *)stack_top, idle_loop);
    return machine_prepare_frame(stack_top, &frame);
}

void
machine_fpu_fresh(u8 *area)
{
    const u16 control = 0x37f; // as fninit leaves it
    const u32 mxcsr = 0x1f80;  // all exceptions masked

    memset(area, 0, 512);
    memcpy(area, &control, sizeof(control));
    memcpy(area + 24, &mxcsr, sizeof(mxcsr));
}

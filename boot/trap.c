// trap.c -- what comes in: system calls, interrupts, faults
#include "boot/kernel.h"
#include "tender/text.h"

static void
system_call(struct frame *frame)
{
    struct call call = {
        .caller = execution_process(&kernel.executions),
        .target = frame->ebx,
        .op = frame->eax,
        .arg = {frame->ecx, frame->edx, frame->esi, frame->edi, 0}};

    frame->eax = (u32)(linux_may_ask(&kernel.linux, &call)
                           ? gate_call(&kernel.gate, &call)
                           : E_RIGHT);
}

static const char *
fault_name(u32 vector)
{
    static const char *const names[] = {
        "divided by zero",
        "debug trap",
        "NMI",
        "breakpoint",
        "overflow",
        "bound exceeded",
        "invalid instruction",
        "no FPU",
        "double fault",
        "FPU overrun",
        "invalid TSS",
        "segment not present",
        "stack fault",
        "forbidden instruction or segment",
        "page fault",
        "exception 15",
        "FPU exception",
        "alignment",
        "machine check",
        "SSE exception",
    };

    return vector < ARRAY_LEN(names) ? names[vector] : "unknown exception";
}

// In the error code of a page fault.
#define FAULT_PRESENT 1u // not for want of the page
#define FAULT_WRITE 2u

// A program used a page that is paged out: 0 when it is back, E_POINTER if it
// is no such page, or why it cannot come back.
static int
page_in(const struct frame *frame, rid process, u32 address)
{
    struct kernel *k = &kernel;

    if (k->plates.pager == NULL || frame->vector != TRAP_PAGE_FAULT ||
        (frame->error & FAULT_PRESENT) != 0)
        return E_POINTER;
    int vspace = gate_control(&k->gate, process, PROCESS_VSPACE, 0, 0, 0);

    return vspace < 0 ? E_POINTER
                      : pager_fault(&k->pager, vspace_get(&k->vs, (rid)vspace),
                                    address);
}

// A program did what it may not, or its memory is gone: it dies, the rest goes
// on.
static void
user_fault(const struct frame *frame)
{
    rid process = execution_process(&kernel.executions);
    const struct res *res = gate_entry(&kernel.gate, process);
    u32 address = cpu_fault_address();
    int err = page_in(frame, process, address);

    if (err == 0)
        return;
    if (err != E_POINTER)
        say("tender: %s killed: its page at 0x%08x cannot be paged in: %s\n",
            res->name, address, error_sentence(err));
    else if (frame->vector == TRAP_PAGE_FAULT)
        say("tender: %s killed: page fault at eip 0x%08x, %s 0x%08x\n",
            res->name, frame->eip,
            frame->error & FAULT_WRITE ? "writing" : "reading", address);
    else
        say("tender: %s killed: %s at eip 0x%08x\n", res->name,
            fault_name(frame->vector), frame->eip);
    gate_control(&kernel.gate, process, PROCESS_KILL, EXIT_FAULT, 0, 0);
}

// Does the processor work for a Linux task?
static int
is_linux(void)
{
    return rid_kind(execution_process(&kernel.executions)) == KIND_LINUX;
}

static void
fault(struct frame *frame)
{
    if (is_linux())
        linux_fault(&kernel.linux, frame, frame->vector, cpu_fault_address(),
                    (frame->error & FAULT_WRITE) != 0);
    else
        user_fault(frame);
}

void
trap(struct frame *frame)
{
    if (frame->vector == TRAP_GATE) {
        system_call(frame);
    } else if (frame->vector == TRAP_LINUX) {
        linux_call(&kernel.linux, frame);
    } else if (frame->vector == TRAP_NMI) {
        say("tender: an NMI came in; nothing listens to it yet\n");
    } else if (frame->vector >= TRAP_IRQ) {
        int irq = pc_irq_take(frame->vector);

        if (irq >= 0)
            device_interrupt(&kernel.devices, irq);
    } else if (frame_from_user(frame)) {
        fault(frame);
    } else {
        cpu_panic(frame, fault_name(frame->vector));
    }
    execution_preempt(&kernel.executions);
    if (frame_from_user(frame))
        linux_return(&kernel.linux, frame);
}

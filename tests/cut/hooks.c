// hooks.c -- what changes memory without an instruction storing it, and when
#include "tests/cut/inside.h"

#define DRIVE_BUSY 0x80u
#define DRIVE_DATA 0x08u

io_write *serial_write; // QEMU's

static bool latch; // the serial line's divisor is addressed, not its data

// A page walk that ended in a fault has not come back to us, but may have set
// accessed bits on its way.
static bool unfinished;
static uint32_t unfinished_va;

// The entries that map va: have accessed or dirty bits been set?
static void
look_at_entries(uint32_t va)
{
    uint32_t pde_pa = (in.cr[3] & ~4095u) + (va >> 22) * 4;

    if (pde_pa >= in.ctl->memory_bytes)
        return;
    uint32_t pde = *(uint32_t *)(in.ram + pde_pa);

    if (in.ctl->reading) {
        reading_entry(pde_pa);
        if ((pde & 0x81) == 0x01)
            reading_entry((pde & ~4095u) + (va >> 12 & 1023) * 4);
        return;
    }
    trace_changed(CUT_MMU, pde_pa);
    if ((pde & 0x81) == 0x01)
        trace_changed(CUT_MMU, (pde & ~4095u) + (va >> 12 & 1023) * 4);
}

static void
finish_walk(void)
{
    if (unfinished)
        look_at_entries(unfinished_va);
    unfinished = false;
}

bool
hook_tlb_fill(void *cpu, uint64_t va, int size, int access, int mmu, bool probe,
              uintptr_t return_address)
{
    if (!in.ctl->tracing)
        return x86_cpu_tlb_fill(cpu, va, size, access, mmu, probe,
                                return_address);
    bool outer = unfinished;
    uint32_t outer_va = unfinished_va;

    unfinished = true;
    unfinished_va = (uint32_t)va;
    bool filled =
        x86_cpu_tlb_fill(cpu, va, size, access, mmu, probe, return_address);

    if ((in.cr[0] & 0x80000000) != 0)
        look_at_entries((uint32_t)va);
    unfinished = outer;
    unfinished_va = outer_va;
    return filled;
}

// The processor has pushed a frame: eflags, cs and eip; below them perhaps an
// error code, above them ss and esp if it came from a program.
static void
pushed(uint32_t old_cs)
{
    uint32_t esp = in.regs[ESP];
    uint64_t pa = physical(esp + 4);
    uint32_t words = (old_cs & 3) != (*in.cs & 3) ? 5 : 3;

    if (in.ctl->reading) {
        reading_interrupt();
        return;
    }
    if (pa >= in.ctl->memory_bytes)
        return;
    if (*(uint16_t *)(in.ram + pa) != old_cs)
        words++;
    trace_frame(esp, words);
}

// What delivers an interrupt is no instruction. QEMU may still call back for its
// accesses, in the name of the last one with a helper if that did not end well:
// then the frame would be traced twice, as stores and as what it is.
void
hook_do_interrupt(void *cpu)
{
    if (!in.ctl->tracing) {
        x86_cpu_do_interrupt(cpu);
        return;
    }
    uint32_t old_cs = *in.cs;

    finish_walk();
    in.pushing = true;
    x86_cpu_do_interrupt(cpu);
    in.pushing = false;
    pushed(old_cs);
}

bool
hook_exec_interrupt(void *cpu, int request)
{
    if (!in.ctl->tracing)
        return x86_cpu_exec_interrupt(cpu, request);
    uint32_t old_cs = *in.cs;
    uint32_t old_esp = in.regs[ESP];
    in.pushing = true;
    bool taken = x86_cpu_exec_interrupt(cpu, request);

    in.pushing = false;
    if (taken && in.regs[ESP] != old_esp)
        pushed(old_cs);
    return taken;
}

void
hook_serial_write(void *opaque, uint64_t at, uint64_t value, unsigned size)
{
    if (at == 3)
        latch = (value & 0x80) != 0;
    if (at == 0 && !latch && in.ctl->tracing && !in.ctl->reading)
        trace_note(CUT_OUTPUT, 0, value & 255, 0);
    serial_write(opaque, at, value, size);
}

// A drive works in the host's time, the kernel waits in instructions: on a busy
// host its deadline would pass while QEMU's other threads have not run.  So a
// drive that is busy when it is asked finishes first: whatever it does takes
// the guest no time, except where a scenario wants to see it wait.  A reset of the drive is left to QEMU's main loop.
uint32_t
hook_ide_status_read(void *opaque, uint32_t at)
{
    if (in.ctl->slow_drive == 0 &&
        (ide_status_read(opaque, at) & (DRIVE_BUSY | DRIVE_DATA)) != 0) {
        bdrv_drain_all();
        while (aio_poll(qemu_get_aio_context(), false))
            continue;
    }
    return ide_status_read(opaque, at);
}

// panic.c -- the end: what is known, then silence
#include "boot/pc/parts.h"

#include "boot/pc/port.h"
#include "tender/text.h"

#define DEBUG_EXIT 0x501  // QEMU's isa-debug-exit, where tests put it
#define DEBUG_STATUS 0x31 // its exit code becomes 2 * 0x31 + 1 = 99

#define STACK_WORDS 512u
#define STACK_NAMES 16u

static SCRATCH u32 panicking;

// Is this address mapped in the current space?
static int
is_mapped(u32 va)
{
    const u32 *table = ram_at(read_cr3() & ~0xfffu);
    u32 entry = table[va >> 22];

    if ((entry & 1) == 0)
        return 0;
    if (entry & 0x80)
        return 1;
    table = ram_at(entry & ~0xfffu);
    return table[va >> 12 & 1023] & 1;
}

// The code is compiled without frame pointers: show every word that could be
// a return address.
void
stack_print(u32 esp)
{
    u32 found = 0;
    u32 i;

    esp &= ~3u;
    say("  code addresses on the stack:");
    for (i = 0; i < STACK_WORDS && found < STACK_NAMES; i++, esp += 4) {
        u32 value;

        if (esp < RAM_BASE || !is_mapped(esp))
            break;
        value = *(const u32 *)esp;
        if (value > (u32)kernel_text_start && value < (u32)kernel_code_end) {
            say(" %08x", value);
            found++;
        }
    }
    say("\n");
}

void
frame_print(const struct frame *frame)
{
    say("  trap %u error %x eip %08x cs %x eflags %x\n", frame->vector,
        frame->error, frame->eip, frame->cs, frame->eflags);
    say("  eax %08x ebx %08x ecx %08x edx %08x\n", frame->eax, frame->ebx,
        frame->ecx, frame->edx);
    say("  esi %08x edi %08x ebp %08x", frame->esi, frame->edi, frame->ebp);
    if (frame_from_user(frame))
        say(" esp %08x", frame->esp);
    say("\n  cr2 %08x cr3 %08x\n", read_cr2(), read_cr3());
}

// A panic within a panic prints no more.
static void
begin(void)
{
    interrupts_off();
    if (panicking++ != 0) {
        screen_forget();
        say("tender: panic within a panic\n");
        halt_for_ever();
    }
}

static _Noreturn void
finish(void)
{
    serial_drain();
    if (port_in8(DEBUG_EXIT) == 0) // an absent device reads as 0xff
        port_out8(DEBUG_EXIT, DEBUG_STATUS);
    halt_for_ever();
}

_Noreturn void
panic(const char *file, int line, const char *sentence)
{
    u32 here[1];

    begin();
    say("\ntender: panic: %s (%s:%d)\n", sentence, file, line);
    stack_print((u32)here);
    finish();
}

_Noreturn void
cpu_panic(const struct frame *frame, const char *sentence)
{
    begin();
    say("\ntender: panic: %s\n", sentence);
    frame_print(frame);
    if (frame->vector == 8)
        stack_print(frame->esp);
    else
        stack_print((u32)(&frame->eflags + 1));
    finish();
}

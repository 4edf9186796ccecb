// machine.h -- the machine door: all the kernel asks of the hardware
//
// Implemented by boot/pc/ and, for the tests, by tests/host/.  Nothing above
// boot/ contains an instruction, a port or a control register.
#ifndef TENDER_MACHINE_H
#define TENDER_MACHINE_H

#include "tender/assert.h"
#include "tender/format.h"
#include "tender/frame.h"

#define MACHINE_TLS 3u // descriptors of thread-local storage: GDT 6-8

// --- memory ---

// Copy or clear one page (both page-aligned), at full speed.
void machine_copy_page(void *to, const void *from);
void machine_zero_page(void *page);

// Start the write-back of every cache line of [start, start + bytes).
void machine_flush(const void *start, u32 bytes);

// Everything flushed before this is durable when it returns.
void machine_fence(void);

// Write back everything, and wait for it.
void machine_flush_all(void);

// Forget the translation of one virtual address.
void machine_invalidate(u32 va);

// Forget all of them.
void machine_invalidate_all(void);

// Make a virtual space current (physical address of its page directory).
void machine_load_space(u32 page_directory);

// --- the processor ---

// Note where the caller is.  Returns 0 now; returns again, with a value that
// is not 0, when machine_resume() is given the same state.  The stack frame of
// the caller must still exist then; its local variables may not be relied on.
int machine_capture(struct cpu_state *cpu) __attribute__((returns_twice));
_Noreturn void machine_resume(const struct cpu_state *cpu, int value);

// Leave the current kernel stack, noting it in *from, and go on with another.
void machine_switch(u32 *from, u32 to);

// Write the first frame of a new execution onto its kernel stack, whose top is
// given; returns the stack pointer for machine_switch(): the execution will
// start in user mode at entry with the user stack.  entry 0 makes the
// idle execution: kernel mode, waiting for interrupts for ever.
u32 machine_prepare(u32 stack_top, u32 entry, u32 user_stack);

// The same, but the execution starts with these registers.
u32 machine_prepare_frame(u32 stack_top, const struct frame *frame);

// Load the descriptors of thread-local storage (three GDT entries; those that
// are no flat data or code segments of user mode count as empty).
void machine_load_tls(const u32 tls[MACHINE_TLS][2]);

// The stack the next trap from user mode uses.
void machine_set_kernel_stack(u32 top);

// Save and load the FPU and SSE registers (512 bytes, aligned to 16);
// fresh: the state a new program expects.
void machine_fpu_save(u8 *area);
void machine_fpu_load(const u8 *area);
void machine_fpu_fresh(u8 *area);

// --- time, output, the end ---

// Microseconds; never runs backwards, not even over a power cut.
u64 machine_now_us(void);

// Unformatted characters for people (serial line and screen).
void machine_put(const char *text, u32 length);

// What was said is kept, the newest of it, until the next boot: each line behind
// "<6>[seconds] ". A position counts characters since the boot. read -> how many
// there are from one on, which must not be older than MACHINE_LOG characters.
#define MACHINE_LOG 16384u
void machine_log(const char *text, u32 length);
u32 machine_logged(void);
u32 machine_log_read(u32 from, char *to, u32 bytes);

// machine_put() for the last line before machine_stop(), when memory already is
// what the next boot goes on with: nothing that is kept changes, nor what the
// screen will show then.
void machine_put_last(const char *text, u32 length);

enum machine_stop { STOP_OFF, STOP_RESET };
_Noreturn void machine_stop(enum machine_stop how);

#endif

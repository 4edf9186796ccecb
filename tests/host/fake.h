// fake.h -- the machine of the host tests: a PC's memory, its MMU, its doors
//
// The kernel's layers run unchanged, at the addresses they have on the PC:
// physical memory appears at RAM_BASE, the kernel's spaces at KERNEL_BASE,
// page by page as the page tables in that memory say (mmu.c).  Every access of
// the kernel's code is seen (tsan.c) and may be recorded (trace.c).
//
// The fake is stricter than a PC.  A fault of the kernel, a store to a
// read-only page, any access below NV_ROOT_PA or from fake_limit() on ends
// the test with a sentence.
#ifndef HOST_FAKE_H
#define HOST_FAKE_H

#include "tender/machine.h"
#include "tender/ram.h"

// How a body given to fake_run() ended.
enum fake_end {
    FAKE_RETURNED,
    FAKE_RESUMED, // machine_resume(): see fake.cpu, fake.value
    FAKE_STOPPED, // machine_stop(): see fake.how
    FAKE_FAILED   // panic() or a fault: see fake.sentence
};

struct fake {
    u32 pages;     // of physical memory
    u32 end_frame; // frames from here on must not be touched
    u32 cr3;       // of the current virtual space, 0 = none loaded
    u64 now_us;    // every machine_now_us() adds one
    u64 slow_us;   // and this
    u64 accesses;  // of the kernel's code: a measure of its work

    // How the last fake_run() ended.
    struct cpu_state cpu;
    int value;
    enum machine_stop how;
    char sentence[512];

    // What the kernel asked of the processor.  machine_switch() notes its
    // arguments and comes back at once, as if the execution had been switched
    // to again; on_switch may do what happened meanwhile.
    u32 captures;
    u32 switches;
    u32 switch_from; // what was stored in *from
    u32 switch_to;
    void (*on_switch)(u32 to);
    void (*on_last)(void); // after machine_put_last(): what it says is promised
    u32 kernel_stack;
    u32 tls[MACHINE_TLS][2];
    u32 fpu; // "the FPU registers": saved, loaded, 0 when fresh

    // How often the kernel asked for durability, and which calls (1 = the
    // first) are to be left out, 0 = none: planted bugs.
    u32 flushes;
    u32 fences;
    u32 skip_flush;
    u32 skip_fence; // counts machine_flush_all(), too
};

extern struct fake fake;

// A machine without state: the page of the root is zero, all other memory holds
// junk.  Opening again starts over.
void fake_open(u32 pages);
void fake_close(void);

// Frames from end_frame on are firmware's.
void fake_limit(u32 end_frame);

// Registers, TLB and everything else but memory is lost.
void fake_power_cut(void);

// A copy of the whole memory; restoring it is a power cut, too.
void *fake_snapshot(void);
void fake_restore(const void *snapshot);
void fake_snapshot_free(void *snapshot);

// Run body(arg) and say how it ended.  May be nested; the innermost one ends.
enum fake_end fake_run(void (*body)(void *arg), void *arg);

// End the innermost fake_run(), or the whole test, with a sentence.
_Noreturn void
fake_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

// End it in another way: for doors.c.
_Noreturn void fake_leave(enum fake_end end);

// After fork(): go on with an own copy of the memory.
void fake_disown(void);

// What machine_put() was given since fake_text_clear(); the newest 64 KiB.
const char *fake_text(void);
void fake_text_clear(void);

// --- what a program does ---

// Store or load bytes of a user space as its program would: in the current
// space through the TLB, in any other one without.  0, or the first address
// that faults: not present, not a user page, or read-only.
u32 fake_user_write(u32 page_directory, u32 va, const void *from, u32 bytes);
u32 fake_user_read(u32 page_directory, u32 va, void *to, u32 bytes);

// --- what a test wants to know ---

// The page-table entry of va, 0 if there is none; changes nothing.
u32 fake_pte(u32 page_directory, u32 va);

// Physical memory, seen by the tracer.
u32 fake_get(u32 pa);
void fake_put(u32 pa, u32 value);

#define PTE_PRESENT 1u
#define PTE_WRITABLE 2u
#define PTE_USER 4u
#define PTE_ACCESSED 0x20u
#define PTE_DIRTY 0x40u

#endif

// pc.h -- what the PC offers the wiring beside machine.h and driver.h
//
// Order at a boot:
//   kernel_main() is called: paging with the straight window only, interrupts
//     off, machine_put()/say()/panic(), boot_us(), exceptions reported
//   the decision; the kernel's data get mapped
//   cold start: cpu_init(), clock_init(), then pc_irq_init() and each driver's
//     identify() and start()
//   restore:    clock_recover(), machine_resume(); on the other side of
//     machine_capture(): pc_irq_init() and each driver's recover()
#ifndef BOOT_PC_PC_H
#define BOOT_PC_PC_H

#include "boot/pc/frame.h"
#include "tender/block.h"
#include "tender/driver.h"
#include "tender/machine.h"
#include "tender/ram.h"

// --- where the link map puts things (kernel.ld) ---

extern u8 kernel_text_start[], kernel_code_end[], kernel_text_end[];
extern u8 data_start[], data_end[], bss_end[]; // at KERNEL_DATA_VA
extern u8 data_template[];                     // in the straight window
extern u8 scratch_start[], scratch_end[];      // in the straight window
extern u8 boot_stack_top[];

// For variables that boot code writes before the kernel's data are mapped: in
// the straight window, zeroed by GRUB at every boot.  Has no initialiser.
#define SCRATCH __attribute__((section(".bss.scratch")))

// The directory of early boot.  Entries 512-767 are the straight window and
// belong in every page directory.
extern u32 boot_directory[1024];

// --- what boot/kernel.c provides ---

_Noreturn void kernel_main(u32 multiboot_magic, u32 multiboot_info_pa);
void trap(struct frame *frame);

// --- multiboot information ---

// Pages of main memory, rounded up to a MiB, at most 1 GiB.
u32 multiboot_memory_pages(u32 info_pa);

// The kernel's command line without the path of the kernel; "" if none.
const char *multiboot_command_line(u32 info_pa);

// --- the processor ---

// Called by multiboot.asm before kernel_main().
void pc_early(u32 multiboot_magic);

// Cold start, once the kernel's data are mapped and the kernel's page
// directory is current: GDT, IDT, TSS, all in plated memory.
void cpu_init(void);

#define TRAP_NMI 2u
#define TRAP_PAGE_FAULT 14u
#define TRAP_IRQ 0x20u // vectors 0x20-0x2f
#define TRAP_LINUX 0x80u
#define TRAP_GATE 0x81u

// The address of the last page fault.
u32 cpu_fault_address(void);

// Print a frame and the stack behind it, then panic.
_Noreturn void cpu_panic(const struct frame *frame, const char *sentence);

// --- time ---

// Microseconds since the kernel was entered in this boot; works from the
// first line of kernel_main() on.
u64 boot_us(void);

// Microseconds the TSC had counted when the kernel was entered: what came
// before (firmware, GRUB) after a cold start of QEMU.  The TSC goes on over
// a reset.
u64 boot_firmware_us(void);

extern u64 boot_entry_tsc;

// From here on machine_now_us() goes on from the value noted in plated
// memory; before, it is boot_us().  init at a cold start, recover at others.
void clock_init(void);
void clock_recover(void);

// Microseconds since 1970 as the real-time clock says, whose time is UTC; 0 if
// it makes no sense.
u64 rtc_us(void);

// --- interrupts ---

// Programme both PICs: vectors TRAP_IRQ up, enabled as pc_irq_enable() noted
// in plated memory (all off at a cold start).  Cold start and recover.
void pc_irq_init(void);
void pc_irq_enable(u32 irq);
void pic_mask_all(void);

// For trap(): the IRQ of this vector, acknowledged; -1 if it is none, or
// a spurious one.
int pc_irq_take(u32 vector);

// --- drivers ---
//
// Each of these fills in a struct in plated memory and returns it; call them
// once, at the cold start.  None enables its IRQ: do so after start().

// 100 ticks a second.
struct driver *pit_driver(void (*tick)(void *state), void *state);

// Both hand every character typed to input(): Enter is '\n', Backspace '\b',
// Ctrl-C 3.
struct driver *serial_driver(void (*input)(void *state, int c), void *state);
struct driver *keyboard_driver(void (*input)(void *state, int c), void *state);

// The text screen; no interrupt.  start() and recover() make it ready: from
// then on machine_put() shows there, too (and what was put before appears).
struct driver *screen_driver(void);
void screen_ready(void);

// Primary master.  ended() is called (from the interrupt) when a transfer has
// ended; may be NULL.  ide_disk() is what the disk resource uses.
struct driver *ide_driver(void (*ended)(void *state), void *state);
struct disk_driver *ide_disk(void);

// --- disks without interrupts ---
//
// Usable at any time after pc_block_init(), which is called once in each boot
// and needs no mapped data.  The boot disk is the one ide_disk() uses, which
// may be in the middle of a request.

#define BLOCK_PLATES 0 // secondary master
#define BLOCK_BOOT 1   // primary master

void pc_block_init(void);
struct block_device *pc_block_device(int n);

#endif

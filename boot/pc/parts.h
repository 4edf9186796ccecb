// parts.h -- what the files of boot/pc/ ask of each other
#ifndef BOOT_PC_PARTS_H
#define BOOT_PC_PARTS_H

#include "boot/pc/pc.h"

// Labels of the .asm files.
extern const u32 trap_entries[256];
extern const u32 early_entries[32];
extern u8 trap_return[], idle_loop[];
extern u32 flush_kind;

// early.c
_Noreturn void early_trap(struct frame *frame);

// clock.c: needs nothing; takes 4 ms.
void clock_calibrate(void);

// serial.c: set the line up; send, polled.
void serial_init(void);
void serial_put(const char *text, u32 length);
void serial_drain(void);

// screen.c: 1 while the screen follows machine_put().
int screen_is_ready(void);
void screen_forget(void);
void screen_put(const char *text, u32 length);

// Show the start of a line where the cursor is; no store outside the adapter.
void screen_put_last(const char *text, u32 length);

// panic.c: print the registers of a frame; what looks like return addresses.
void frame_print(const struct frame *frame);
void stack_print(u32 esp);

// ide.c: end what is in flight, because somebody else needs the channel.  Does
// nothing before the driver runs in this boot.
void ide_finish(void);

// pci.c
int pci_find_class(u32 class_code, u32 *address);
u32 pci_read(u32 address, u32 offset);
void pci_write(u32 address, u32 offset, u32 value);

#endif

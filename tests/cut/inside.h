// inside.h -- what the parts of the plugin ask of each other
#ifndef CUT_INSIDE_H
#define CUT_INSIDE_H

#include "tests/cut/ctl.h"
#include "tests/cut/qemu.h"

struct inside {
    struct ctl *ctl;
    uint8_t *ram; // the machine's memory
    uint64_t ram_at;
    void *region;
    bool pushing; // the processor delivers an interrupt: see hooks.c

    // Inside QEMU's state of the processor.  Up to date where a translation
    // block begins, and whenever the processor is in none.
    const uint32_t *regs; // eax ecx edx ebx esp ebp esi edi eip
    const uint32_t *cr;   // cr0 cr1 cr2 cr3 cr4
    const uint32_t *cs;   // selector
};

extern struct inside in;

enum reg { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI, EIP };

// --- find.c ---

// What this QEMU lacks, or NULL.
const char *find_lacks(void);
// Memory and registers; called in the processor's thread.  May end QEMU.
void find_machine(void);
// Put functions of ours in the place of QEMU's.
const char *find_hooks(void);
_Noreturn void give_up(const char *sentence);

// --- traced.c ---

void trace_begin(void);
void trace_end(void);
void trace_note(enum cut_kind kind, uint32_t pa, uint64_t value, uint32_t eip);
void trace_store(enum cut_kind kind, uint32_t pa, uint32_t size, uint32_t eip);
// A store over the end of a page, which is there already.
void trace_split(uint32_t pa, uint32_t size, uint32_t then_pa,
                 uint32_t then_size, uint32_t eip);
// The same for a word, if it differs from the shadow.
void trace_changed(enum cut_kind kind, uint32_t pa);
// The processor pushed so many words, the last one at esp.
void trace_frame(uint32_t esp, uint32_t words);
// Physical address; UINT64_MAX if not mapped.
uint64_t physical(uint32_t va);

// --- reading.c ---

void reading_access(uint32_t pa, uint32_t size, bool store);
void reading_entry(uint32_t pa);
void reading_interrupt(void);

// --- hooks.c ---

tlb_fill hook_tlb_fill;
do_interrupt hook_do_interrupt;
exec_interrupt hook_exec_interrupt;
io_write hook_serial_write;
port_read hook_ide_status_read;
extern io_write *serial_write;

// --- decode.c ---

// CUT_FLUSH..., CUT_FENCE, CUT_CR3, or 0.
enum cut_kind decode_kind(const uint8_t *code, unsigned size);
// The linear address a flush names.
uint32_t decode_address(const uint8_t *code, const uint32_t *regs);

// --- hold.c ---

executed hold_at_stop;   // data: index of the stop
executed hold_at_return; // data: address of the block

#endif

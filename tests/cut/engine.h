// engine.h -- a machine under control: hold it, look, change its memory, reset
//
// One QEMU with the plugin inside (ctl.h).  The machine is off, running, or held
// at a stop.  While it is held, its memory is still and may be read and written;
// its processor waits.  The console is a struct vm (tests/vm/vm.h): vm_command()
// and the rest work while it runs.
//
//     struct engine *e = engine_new(&(struct engine_options){.name = "x"});
//     engine_watch(e, "save");             // before it is on
//     if (!engine_on(e))                   // held before its first instruction
//         printf("skipped: %s\n", engine_fault(e));
//     engine_go(e);
//     int at = engine_wait(e, 10);         // a stop
//
// Everything runs in the project's root folder.
#ifndef CUT_ENGINE_H
#define CUT_ENGINE_H

#include "tests/cut/ctl.h"
#include "tests/cut/elf.h"
#include "tests/vm/vm.h"

// The stops every machine has.  engine_on() sets them to what stands here;
// engine_stop_at() changes that.
enum engine_stop {
    AT_POWER,     // the first instruction; held when it comes a second time
    AT_RESUME,    // machine_resume(): continued or restored; held
    AT_PANIC,     // held
    AT_CPU_PANIC, // held
    AT_OFF,       // machine_stop(): refused, shut down; held
    AT_COLD,      // wiring_run(): after a cold start; held
    AT_TRAP,      // any trap: where engine_hold() holds it
    AT_DECIDE,    // decide(): never held; its return is an event of a trace
    AT_OWN        // the first one of engine_watch()
};

// Other results of engine_wait().
#define AT_RETURN (-1) // a function with STOP_RETURN came back
#define AT_TIMEOUT (-2)
#define AT_END (-3) // QEMU ended

struct engine_options {
    const char *name;   // of its files
    unsigned mem_mib;   // 0: 64
    const char *append; // options for the kernel, or NULL
    const char *elf;    // NULL: build/tender.elf
    const char *rom;    // NULL: build/cut/rom.bin
    bool grub;          // SeaBIOS, GRUB and the disk instead of a ROM
    bool tracing;       // it can trace, and is slower
    bool gdb;           // it waits for gdb, on port 1234, however long
    bool real_time;     // else instructions are counted as time

    // An instruction takes 2^this ns; 0: 7 with a ROM (less waiting in boots),
    // else 0 (as fast as a PC).
    unsigned shift;

    // More options of tools/vm, ended by NULL, or NULL.
    const char *const *more;
    uint64_t events_max; // 0: 16 million
};

struct engine {
    struct engine_options options;
    struct vm *vm; // the console
    struct ctl *ctl;
    struct elf *elf;
    u8 *ram; // the machine's memory
    u32 bytes;
    u32 held; // held_count as we know it
    bool is_held;
    unsigned resets;
    int nv_fd, ctl_fd; // files without a name
    char nv[80], plugin[120], shift[4];
};

struct engine *engine_new(const struct engine_options *options);
void engine_free(struct engine *e); // also when it is on

// Name a code address by symbol, before the machine is on.  Returns the index
// of the stop; it does nothing yet.  An unknown symbol ends the program.
int engine_watch(struct engine *e, const char *symbol);
int engine_watch_at(struct engine *e, u32 va);

// Of a machine that is off or held.  flags: STOP_...; skip: so many times it is
// passed.
void engine_stop_at(struct engine *e, int stop, enum stop_action action,
                    u32 flags, u32 skip);

// Start QEMU; held before the first instruction.  False: this QEMU cannot;
// engine_fault() says what it lacks.
bool engine_on(struct engine *e);
const char *engine_fault(const struct engine *e);
void engine_off(struct engine *e); // SIGKILL

void engine_go(struct engine *e);
void engine_command(struct engine *e, enum ctl_command what); // for boot.c
// Wait until it is held.  Returns a stop, or AT_RETURN, AT_TIMEOUT, AT_END.
int engine_wait(struct engine *e, double seconds);
// Hold a running machine where it next comes to a trap.
int engine_hold(struct engine *e, double seconds);
const char *engine_where(const struct engine *e, int at); // for people

// Of a held machine: forget processor and devices, begin with what is in
// memory.  The pages in ctl->changed must be those the host has written.  It
// runs.  What the console showed before is forgotten.
void engine_reset(struct engine *e);

// Put into memory what GRUB would: kernel, zeroed scratch, multiboot
// information.  All below 4 MiB is written.
void engine_load(struct engine *e, u8 *memory);

// Of a held machine: switch off and on; with empty memory, or what is there.
void engine_power(struct engine *e, bool empty);

// As engine_reset(), and trace from the first instruction up to where it is held.
void engine_reset_traced(struct engine *e);

// What the console has shown since the last reset.
const char *engine_said(struct engine *e);

// The trace of a machine that can trace, from trace_begin to now.
static inline const struct cut_event *
engine_events(const struct engine *e)
{
    return ctl_events(e->ctl);
}

#endif

// vm.h -- drive one machine: start it, type, expect a line, cut the power
//
// A struct vm outlives its power cuts: vm_on() after vm_cut() boots the same
// NV memory again, and the transcript goes on.  Everything the console shows
// is kept in memory and, with time stamps, in build/test-logs/vm-NAME.log.
//
// Everything runs in the project's root folder.
#ifndef VM_H
#define VM_H

#include <stdbool.h>
#include <stddef.h>

#define VM_PATIENCE 60.0 // seconds; only bounds hangs
#define VM_DISK "build/disk.img"

// Where plates are kept.
enum vm_store {
    VM_NV,     // memory is a file, and stays
    VM_PLATES, // ordinary memory, plate=disk and a plate disk
    VM_ON_BOOT // the same with the boot disk's partition, and no plate disk
};

struct vm_options {
    const char *name;     // of the transcript and of its files in build/vm
    const char *nv;       // NULL: build/vm/NAME.nv
    const char *plates;   // the plate disk; NULL: build/vm/NAME.plates, new
    const char *fault;    // the plate disk fails as this file says, or NULL
    const char *throttle; // of the plate disk: IOPS:BYTES_PER_SECOND, or NULL
    const char *disk;     // NULL: VM_DISK
    const char *append;   // options for the kernel, or NULL
    const char *extra;    // one more option of tools/vm, or NULL
    unsigned mem_mib;     // 0: 64
    enum vm_store store;
    bool qmp; // with a control socket, for vm_qmp()
    bool ram; // ordinary memory: gone when the power is cut

    // More options of tools/vm, ended by NULL, or NULL.
    const char *const *more;
};

enum vm_outcome { VM_COLD, VM_CONTINUED, VM_RESTORED, VM_REFUSED };

struct vm_boot {
    enum vm_outcome outcome;
    unsigned save;  // of VM_RESTORED
    char line[320]; // what the kernel said
};

struct vm;

// What happens when something expected did not: must not return.  At first
// it prints the sentence and exits with 1.
extern void (*vm_failed)(const char *sentence);
void vm_fail(struct vm *vm, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));

// What this case is about: into the transcript, and into the failure's text.
void vm_note(struct vm *vm, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// A machine that is off.
struct vm *vm_new(const struct vm_options *options);
const char *vm_nv(const struct vm *vm);
const char *vm_plates(const struct vm *vm);
const char *vm_log(const struct vm *vm);
void vm_set_append(struct vm *vm, const char *append);
void vm_set_fault(struct vm *vm, const char *fault);

// All was well: switch it off, remove the NV file and the plate disk.
void vm_free(struct vm *vm);

void vm_on(struct vm *vm);
void vm_cut(struct vm *vm); // SIGKILL; also when it is off already
bool vm_is_on(const struct vm *vm);

// vm_on(), then what the kernel decided.  Without a refusal it has shown the
// prompt when this returns.
struct vm_boot vm_boot(struct vm *vm);
struct vm_boot vm_decision(struct vm *vm);            // only up to the decision
bool vm_decided(struct vm *vm, struct vm_boot *boot); // has this boot?
void vm_prompt(struct vm *vm); // wait for an empty line, or empty it

// Wait for an extended regular expression after everything matched before.
// Returns its first group, or all of it where it has no group, until the next
// call.  vm_wait() returns NULL when the time is over or the machine ended.
const char *vm_wait(struct vm *vm, const char *pattern, double seconds);
const char *vm_expect(struct vm *vm, const char *pattern);

// Keep reading for so long.  Returns early when the machine ends.
void vm_run(struct vm *vm, double ms);

// The machine must stop by itself: its exit code, 128 + signal.
int vm_end(struct vm *vm);

void vm_type(struct vm *vm, const char *line); // and Enter
void vm_keys(struct vm *vm, const char *keys); // as they are
// Type a line, wait for the next prompt; what was shown up to it, until the
// next call.
const char *vm_command(struct vm *vm, const char *line);

// The transcript so far, without carriage returns and escape sequences, and
// how far it goes.
const char *vm_text(const struct vm *vm);
size_t vm_length(const struct vm *vm);
size_t vm_boot_start(const struct vm *vm); // where the newest boot begins
double vm_since_on(const struct vm *vm);   // seconds
double vm_seen_at(const struct vm *vm, size_t at); // seconds after vm_on()

// No program and no kernel said that something is damaged, in any boot.
void vm_no_loss(struct vm *vm);
bool vm_text_is_bad(const char *text);

// --- the control socket (vm_qmp.c); needs options.qmp

// Send a command, {"execute":...}; returns the reply until the next call.
const char *vm_qmp(struct vm *vm, const char *command);
void vm_reset(struct vm *vm);
void vm_quit(struct vm *vm);
void vm_nmi(struct vm *vm);
const char *vm_qmp_socket(const struct vm *vm);
// Of 100 pixels of the screen, how many are not black (0.0 to 100.0).
double vm_screen_lit(struct vm *vm);
// The 25 lines of text on the VGA screen, ended by newlines.
const char *vm_screen_text(struct vm *vm);

#endif

// checked.h -- what every test program of a machine shares
#ifndef CHECKED_H
#define CHECKED_H

#include <check.h>

#include "vm.h"
#include "watch.h"

#define CASE_SECONDS 400 // only bounds hangs; see VM_PATIENCE

// Run a suite; vm_fail() and failed watches become failures of Check.
int checked_main(Suite *suite);

// A machine of this name with 64 MiB and nothing special.
struct vm *checked_vm(const char *name);

// The same with ordinary memory, plate=disk and an empty plate disk.
struct vm *checked_plates(const char *name);

// What the machine must do at its next boot.
struct vm_boot checked_boot(struct vm *vm, enum vm_outcome outcome);
struct vm_boot checked_restore(struct vm *vm, unsigned save);

// Boot: it goes on from this save, and the counter with it.  The same after a
// cut.
struct vm_boot
checked_resume(struct vm *vm, struct watch *watch, unsigned save);
void checked_cut(struct vm *vm, struct watch *watch, unsigned save);

// A watch found nothing wrong, when this is NULL.
void checked_watch(struct watch *watch, const char *wrong);

// Make the command fail unless its output contains this.
void checked_command(struct vm *vm, const char *line, const char *contains);

// `save`; returns its number.
unsigned checked_save(struct vm *vm);

// A cold start, continuous operation, and programs that notice when anything of
// theirs changes: counter and fill with these lines, life, ping and fpu.
void checked_programs(struct vm *vm, const char *counter, const char *fill);

// All of them still do what they did.
void checked_programs_go_on(struct watch *watch);

// Of each line that has it, the part of text that the pattern matches, one a
// line.  To be freed.
char *checked_lines(const char *text, const char *pattern);

// The file of a machine that was cut after two saves: 64 MiB, counter 50
// goes on.  Made anew in the same place each time; watch_copy() of the watch
// returned knows what follows from each save.
#define BASE_NV "build/vm/base.nv"
struct watch *checked_base(void);

// A machine on a copy of that file.
struct vm *checked_on_base(const char *name, const struct watch *base,
                           struct watch **watch);

// The same with plates on a disk.  Between the saves the counter goes on, and
// 2 MiB are filled before the first.
#define BASE_PLATES "build/vm/base.plates"
struct watch *checked_plates_base(void);

// The same as a fixture: its watch is there for all cases.
extern struct watch *checked_base_watch;
void checked_make_base(void);
void checked_remove_base(void);
struct vm *checked_on_plates_base(const char *name, const struct watch *base,
                                  struct watch **watch);

// The boot refuses with a sentence that has this in it, and goes no further.
void checked_refusal(struct vm *vm, const char *contains);

// Boot: it goes on from this save, though a newer one may be known, and its
// programs with it.
struct vm_boot
checked_goes_on(struct vm *vm, struct watch *watch, unsigned save);

// The plate disk is whole: all checksums of both saves.
void checked_disk(struct vm *vm);

#endif

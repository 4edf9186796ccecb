// demo.h -- the parts of the demonstration, and how they present what they do
#ifndef DEMO_H
#define DEMO_H

#include "vm.h"

void demo_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Show what the console showed since the last time.
void demo_show(struct vm *vm);
void demo_another(void); // machine: nothing of it was shown
void demo_watch_for(struct vm *vm, int ms);
void demo_command(struct vm *vm, const char *line);
struct vm_boot demo_boot(struct vm *vm);
void demo_cut(struct vm *vm);
void demo_must_be(struct vm *vm, const struct vm_boot *boot,
                  enum vm_outcome outcome);

// Linux programs, on a machine of their own.
void demo_linux(void);

#endif

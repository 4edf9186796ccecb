// linux_fuzz.h -- random Linux calls beside programs that check themselves
#ifndef LINUX_FUZZ_H
#define LINUX_FUZZ_H

#include "vm.h"

// A machine of this name runs tests/linux/fuzz for so many seconds, with saves
// meanwhile. Nobody beside it may notice, the kernel must hold as much as
// before, and the machine must save, be cut, be sound and go on.
void linux_fuzz(const char *name, unsigned seconds, unsigned seed);

// What is left of the machine, which is off, is sound.
void linux_sound(struct vm *vm);

#endif

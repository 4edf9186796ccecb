// except.h -- what lies in the state's pages and is no part of it
//
// Named words of the kernel's data (fields.h), and what is dead of the stack that
// is resumed.  Each of the words has its reason.
#ifndef CUT_EXCEPT_H
#define CUT_EXCEPT_H

#include <stdbool.h>

#include "tests/cut/elf.h"

// For this kernel, and no other from now on.  Ends the program with a sentence if what was
// built beside the kernel does not fit it.
void except_open(const struct elf *elf);

// Is this word of the kernel's data excepted?
bool except_word(u32 va);

// Where in the kernel's data a field that is only looked at lies.
u32 except_place(const char *member);

// A function is resumed behind its call at eip, with this stack pointer: from where
// on the stack is alive.  What lies below is dead, and so are its locals and
// outgoing arguments: save() and save_shutdown() go on using them after the
// capture, and read none when they come back (plate/save.c).  The registers it has
// saved, where it returns to, and all above are alive.
u32 except_alive(u32 eip, u32 esp);

#endif

// held.h -- what the kernel holds for Linux programs: is it as before?
#ifndef HELD_H
#define HELD_H

#include "vm.h"

// Inodes are objects; executions and spaces are of native programs, too.
struct held {
    long pages, objects, tasks, executions, spaces;
};

// At the native shell's prompt; busybox is there.
struct held held_now(struct vm *vm);

// In a moment it must be so again.
void held_same(struct vm *vm, const struct held *before, const char *after);

// A line for people.
void held_tell(const struct held *held, const char *when);

#endif

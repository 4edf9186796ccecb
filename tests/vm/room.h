// room.h -- how much memory is free, and sentences that come once
#ifndef ROOM_H
#define ROOM_H

#include "vm.h"

#define SLEEPER "counter 100000000 &" // says nothing

// As `mem` tells; fail unless, a moment later, so many are free after something.
unsigned free_pages(struct vm *vm);
void same_free(struct vm *vm, unsigned before, const char *after);

// How many lines of a text match.
int count_lines(const char *text, const char *pattern);

// Exactly one line of the output matches.
void one_sentence(struct vm *vm, const char *line, const char *pattern);

#endif

// view.h -- what a user can look at, before and after a power cut
#ifndef VIEW_H
#define VIEW_H

#include "vm.h"

struct view {
    char *jobs;
    char *processes;
    char *names;
    char *history;
};

struct view view_look(struct vm *vm);

// The same jobs and processes; the history may have grown.
void
view_same(struct vm *vm, const struct view *before, const struct view *after);

#endif

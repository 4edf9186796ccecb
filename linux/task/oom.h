// oom.h -- when no page can be had: which process is to end for it
#ifndef LINUX_OOM_H
#define LINUX_OOM_H

#include "tender/types.h"

#define OOM_ADJ_MIN (-1000) // never ended for it
#define OOM_ADJ_MAX 1000

struct linux;

// The current task needs a page and there is none. 1: a process has been made
// to end for it, or is about to; it was waited for, try again. 0: give up: the
// task itself is to end, or nobody may be.
int oom_make_room(struct linux *l);

#endif

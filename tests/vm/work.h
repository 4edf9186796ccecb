// work.h -- what Linux programs are in the middle of when the power goes
//
// Everything at once on one machine.  Work that takes a while waits in its
// middle for /tmp/go, which is made when the machine is back: so it is surely
// cut, and its result must be the one of a run that nobody interrupted.
#ifndef WORK_H
#define WORK_H

#include "session.h"

struct work {
    struct vm *vm;
    bool lua, sqlite, cc; // are in the image
    unsigned save;        // the newest
    double missed;        // by the last boot, in seconds
};

// Begin it in the background, up to the middle.
void work_begin(struct work *w);

// Sleeps and alarms of a few seconds: begun right before a save.
void work_begin_time(struct work *w);

// What comes after a save: gone if that save is gone back to.
void work_change(struct work *w);

// The machine is back, at the prompt of the shell.  Does all of it end as it
// would have?  gone: what work_change() did.
void work_check(struct work *w, bool gone);

// A script was told of the restart: its outcome, and how much time
// the machine missed.
void work_noticed(struct work *w, const char *outcome);

#endif

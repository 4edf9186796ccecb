// found.h -- what the tables of a held machine say: who waits, what is new
//
// A scenario is only worth its name if its programs really wait, its plates
// are really to be deleted.  Read through the page tables of the machine, where
// the kernel itself would read it.
#ifndef CUT_FOUND_H
#define CUT_FOUND_H

#include "tests/cut/engine.h"

// The ways an execution is not running: every caller of wait_on(), and ready.
enum wait {
    WAIT_CONSOLE = 1 << 0,   // a line typed
    WAIT_SLEEP = 1 << 1,     // only for the time
    WAIT_EVENT = 1 << 2,     // event, or timer
    WAIT_TIMED = 1 << 3,     // event, not longer than
    WAIT_READ = 1 << 4,      // a message
    WAIT_WRITE = 1 << 5,     // room for a message
    WAIT_CHILD = 1 << 6,     // the end of a child
    WAIT_KILL = 1 << 7,      // the end of one it has killed
    WAIT_LOADER = 1 << 8,    // another program is being loaded
    WAIT_DISK = 1 << 9,      // another one uses the disk
    WAIT_TRANSFER = 1 << 10, // the disk, with a transfer under way
    WAIT_READY = 1 << 11,    // preempted in its program
    WAIT_YIELD = 1 << 12,    // ready, inside an operation
    WAITS = 13
};

struct found {
    u32 waits;   // WAIT_...
    u32 deletes; // entries of the pending-delete table
    u32 news;    // spaces that are not plates yet
};

void found_look(const struct engine *e, struct found *found);

// For people: "sleep, event".
void found_name(u32 waits, char text[160]);

#endif

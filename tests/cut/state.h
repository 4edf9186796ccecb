// state.h -- the state of a held machine, page by page
//
// Found with the kernel's own code, in the machine's memory, which is mapped where
// that code looks for it.  What is part of it: judge.h.
#ifndef CUT_STATE_H
#define CUT_STATE_H

#include "tests/cut/engine.h"

#define STATE_DATA "kernel/data" // the space of the kernel's data

// A page of a space, or of a bootstrap table (id 0).
typedef void
state_look(void *data, const char *name, rid id, u32 page, const u32 *words);

// This process looks at this machine, and no other.
void state_open(const struct engine *e);
void state_close(const struct engine *e);

// Is there a root to begin with?  Must be asked first.
bool state_is_laid_out(void);
void state_walk(state_look *each, void *data);

// Of a page that the walk shows now: words that are no state (except.h).  At
// this offset of a space; and all words of a page below the first one alive.
bool state_is_excepted(const char *name, u32 offset);
u32 state_first_alive(rid id, u32 page);

#endif

// used.h -- what came back is used on, and its memory checked
#ifndef CUT_USED_H
#define CUT_USED_H

#include "tests/cut/engine.h"

// What the shell says to "save"; or the machine has gone off by itself.
enum used_answer { USED_NOT, USED_SAVED, USED_REFUSED, USED_OFF, USED_GONE };

// Let a machine held at its verdict go: a save, a shutdown, the next boot, where it
// is held again.  NULL or a sentence.
const char *used_on(struct engine *e, enum used_answer *answer);

// Is tools/nvcheck content with this memory?  NULL or what it says; until the
// next call.
const char *used_check(const u8 *memory, u32 bytes);

#endif

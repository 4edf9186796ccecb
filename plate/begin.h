// begin.h -- what a boot stores in the root once its outcome is decided
#ifndef PLATE_BEGIN_H
#define PLATE_BEGIN_H

#include "plate/decide.h"

// Before a restore writes its first byte: from now on there is nothing left to
// continue from, whatever the flag says.
void begin_restoring(void);

// When everything is back and about to run.
void begin_running(const struct decision *decision);

#endif

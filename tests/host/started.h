// started.h -- a small kernel that has been started, with three places
#ifndef HOST_STARTED_H
#define HOST_STARTED_H

#include "host_kernel.h"

extern struct booted booted; // what the last boot() found

// Cut the power, also of the drive if plates are on one, and boot; the test fails
// at any other outcome.
void boot(enum outcome expected);

// The test fails if anything is wrong with the state.
void ck_whole(void);

// A suite's open(): a cold start, and three places.
void start(void);

void enable_and_save(void);

#endif

// power.h -- what the power-cut cases of the small kernel share
//
// Kept is the version of the places (host_kernel.h), 0 after a cold start.
#ifndef HOST_POWER_H
#define HOST_POWER_H

#include "cut.h"
#include "host_kernel.h"

// What the last boot found.
extern struct booted power_booted;

// End the run with a sentence: if the result is an error; if tables, mappings
// or places are wrong; if a boot after a cut does not do what is expected.
void power_must(int result);
void power_whole(const char *when);
void power_boot(enum outcome expected);

// A kernel with three places; the same with a save, of version 2.
void power_start_unsaved(void *state);
void power_start(void *state);

// Boot, whatever comes of it but a refusal.
int power_recover(void *state);

// Everything must be right, then after one more save, then after a cut.
int power_verify(void *state);

// The present version is kept from now on.
void power_promise(void);

// A case with all of that; and run one.
struct cut_case power_case(const char *name, void (*setup)(void *state),
                           void (*operation)(void *state));
void power_check(const char *name, void (*setup)(void *state),
                 void (*operation)(void *state));

#endif

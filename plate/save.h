// save.h -- write-out of plates: the save
//
// Paper 002, 1.2 M9 (figure 7).
#ifndef PLATE_SAVE_H
#define PLATE_SAVE_H

#include "plate/plate.h"

// What machine_capture() returns in the run that goes on later.
#define RESUMED_RESTORED 1
#define RESUMED_CONTINUED 2

// Save everything.  Returns 0 in the saved run, 1 in the restored one, or an
// error: the previous save is then still whole and the system runs on.
int save(struct plates *p);

// Stop in an orderly way.  Returns 1 when continued at a later boot.
int save_shutdown(struct plates *p, int reset);

// What a boot has to set right before it resumes the state of a generation:
// the requester then sees a save that has just been completed.
void save_completed(struct plates *p, u32 generation);

#endif

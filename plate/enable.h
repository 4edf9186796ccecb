// enable.h -- continuous-operation control on and off
//
// Paper 002, 1.2 M8 (figure 6).
#ifndef PLATE_ENABLE_H
#define PLATE_ENABLE_H

#include "plate/plate.h"

// Make plates of all virtual kernel and user spaces and replace the deletion
// programs.  -> number of plates, or an error with nothing changed.
int enable(struct plates *p);

// Give up every saved state, then the plates.  -> number of plates.
int disable(struct plates *p);

// Make plates of the spaces that are none yet: for enable() and for a save.
// -> how many, or an error; those made before it stay and are whole.
int enable_new_spaces(struct plates *p);

#endif

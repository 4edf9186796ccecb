// door.h -- the plates' side of the door the system resource opens
#ifndef PLATE_DOOR_H
#define PLATE_DOOR_H

#include "plate/plate.h"
#include "resources/system.h"

// Let the system resource ask these plates for saves and the rest.
void door_open(struct system *system, struct plates *p);

#endif

// status.h -- figures about plates and memory, for people
#ifndef PLATE_STATUS_H
#define PLATE_STATUS_H

#include "plate/plate.h"

// Fill in everything but disk_present; status is zeroed.
void status_fill(const struct plates *p, struct system_status *status);

#endif

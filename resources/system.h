// system.h -- resource system: the processor and the devices as one whole
//
// Paper 002, 1.2 M4: the system can be occupied, so that neither other
// processes nor device interrupts use the hardware while a save is made.
#ifndef RESOURCES_SYSTEM_H
#define RESOURCES_SYSTEM_H

#include "tender/gate.h"

// What lies above: the plates do the work, the system is where it is asked for.
struct plate_door {
    void *state;
    int (*save)(void *state);                // 0, then 1 in the restored run
    int (*shutdown)(void *state, int reset); // 1 when continued
    int (*enable)(void *state);
    int (*disable)(void *state);
    void (*status)(void *state, struct system_status *status);
};

struct system {
    struct gate *gate;
    struct plate_door plates;
    u32 occupied; // no scheduling, no device interrupts
};

void system_init(struct system *system, struct gate *gate);

#endif

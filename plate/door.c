// door.c -- the plates' side of the door the system resource opens
#include "plate/door.h"

#include "plate/enable.h"
#include "plate/save.h"
#include "plate/status.h"

static int
door_save(void *state)
{
    return save(state);
}

static int
door_shutdown(void *state, int reset)
{
    return save_shutdown(state, reset);
}

static int
door_enable(void *state)
{
    return enable(state);
}

static int
door_disable(void *state)
{
    return disable(state);
}

static void
door_status(void *state, struct system_status *status)
{
    status_fill(state, status);
}

void
door_open(struct system *system, struct plates *p)
{
    struct plate_door *door = &system->plates;

    door->state = p;
    door->save = door_save;
    door->shutdown = door_shutdown;
    door->enable = door_enable;
    door->disable = door_disable;
    door->status = door_status;
}

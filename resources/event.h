// event.h -- a counting event
#ifndef RESOURCES_EVENT_H
#define RESOURCES_EVENT_H

#include "tender/gate.h"
#include "tender/table.h"

#define EVENT_LIMIT 128u
#define EVENT_COUNT_MAX 0x7fffffffu

struct event_entry {
    struct res res;
    u32 count;
};

struct events {
    struct gate *gate;
    struct table *table;
};

u32 event_bytes(void);
void
event_init(struct events *events, struct gate *gate, void *memory, u32 bytes);

#endif

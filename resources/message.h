// message.h -- message container: a bounded queue of messages
#ifndef RESOURCES_MESSAGE_H
#define RESOURCES_MESSAGE_H

#include "tender/gate.h"
#include "tender/table.h"

#define MESSAGE_LIMIT 64u       // containers
#define MESSAGE_COUNT_MAX 64u   // messages in one
#define MESSAGE_BYTES_MAX 1024u // of one message

struct message_entry {
    struct res res;
    rid space;    // virtual kernel space that holds the messages
    u32 va;       // of it
    u32 capacity; // messages
    u32 bytes;    // of one at most
    u32 first;    // the oldest
    u32 used;
};

struct messages {
    struct gate *gate;
    struct table *table;
    u32 counter; // makes the names of the spaces unique
};

u32 message_bytes(void);
void
message_init(struct messages *m, struct gate *gate, void *memory, u32 bytes);

#endif

// message.c -- message container: a bounded queue of messages
//
// The messages lie in a virtual kernel space of the container's own, so they
// become persistent like everything else.  Readers wait on one channel,
// writers on another: a wake must not go to the wrong side.  Whoever waits
// looks again after every wake; one that is killed after it was woken hands
// the wake on.
#include "resources/message.h"

#include "tender/assert.h"
#include "tender/ram.h"
#include "tender/text.h"
#include "tender/wait.h"

#define READERS(id) (id)
#define WRITERS(id) ((id) | 0x80000000u) // no id has this bit

struct slot {
    u32 length;
    u8 text[];
};

static struct message_entry *
entry_of(const struct messages *m, rid id)
{
    return (struct message_entry *)(void *)table_get(m->table, id);
}

static u32
slot_bytes(u32 bytes)
{
    return (u32)sizeof(struct slot) + ((bytes + 3) & ~3u);
}

static struct slot *
slot_at(const struct message_entry *entry, u32 nth)
{
    u32 index = (entry->first + nth) % entry->capacity;

    ASSERT(nth < entry->capacity);
    return kernel_at(entry->va + index * slot_bytes(entry->bytes));
}

static int
make_space(struct messages *m, u32 bytes, u32 *va)
{
    char name[NAME_MAX];

    text_format(name, sizeof(name), "message/%u", m->counter);
    int space = gate_create(m->gate, KIND_VKSPACE, name, PAGES_OF(bytes),
                            SPACE_WRITABLE, 0, 0);

    if (space < 0)
        return space;
    m->counter++;
    int err = gate_control(m->gate, (rid)space, VK_ADDRESS, (word)va, 0, 0);

    ASSERT(err >= 0);
    return space;
}

static int
create(void *state, struct call *call)
{
    struct messages *m = state;
    word count = call->arg[1];
    word bytes = call->arg[2];
    char name[NAME_MAX];
    u32 va = 0;
    int err = call_name(m->gate, call, call->arg[0], name);

    if (err < 0)
        return err;
    if (count == 0 || count > MESSAGE_COUNT_MAX || bytes == 0 ||
        bytes > MESSAGE_BYTES_MAX)
        return E_ARGUMENT;
    err = table_check_add(m->table, name);
    if (err < 0)
        return err;
    int space = make_space(m, (u32)count * slot_bytes((u32)bytes), &va);

    if (space < 0)
        return space;
    struct message_entry *entry =
        (struct message_entry *)(void *)table_add(m->table, name, call->caller);

    entry->space = (rid)space;
    entry->va = va;
    entry->capacity = (u32)count;
    entry->bytes = (u32)bytes;
    return (int)entry->res.id;
}

static int
destroy(void *state, struct call *call)
{
    struct messages *m = state;
    struct message_entry *entry = entry_of(m, call->target);
    int err = gate_delete(m->gate, entry->space);

    if (err < 0)
        return err;
    table_remove(m->table, &entry->res);
    wait_wake(m->gate, READERS(call->target), ~0u); // they find it gone
    wait_wake(m->gate, WRITERS(call->target), ~0u);
    return 0;
}

// Wait until there is room.  0, or an error that ends the operation.
static int
wait_for_room(struct messages *m, rid id)
{
    struct message_entry *entry;

    while ((entry = entry_of(m, id)) != NULL) {
        if (entry->used < entry->capacity)
            return 0;
        int err = wait_on(m->gate, WRITERS(id), 0);

        if (err < 0) {
            entry = entry_of(m, id);
            if (entry != NULL && entry->used < entry->capacity)
                wait_wake(m->gate, WRITERS(id), 1);
            return err;
        }
    }
    return E_ID;
}

static int
wait_for_message(struct messages *m, rid id)
{
    struct message_entry *entry;

    while ((entry = entry_of(m, id)) != NULL) {
        if (entry->used > 0)
            return 0;
        int err = wait_on(m->gate, READERS(id), 0);

        if (err < 0) {
            entry = entry_of(m, id);
            if (entry != NULL && entry->used > 0)
                wait_wake(m->gate, READERS(id), 1);
            return err;
        }
    }
    return E_ID;
}

static int
write(void *state, struct call *call)
{
    struct messages *m = state;
    struct message_entry *entry = entry_of(m, call->target);

    if (entry == NULL)
        return E_ID;
    if (call->arg[1] > entry->bytes)
        return E_TOO_LONG;
    int err = wait_for_room(m, call->target);

    if (err < 0)
        return err;
    entry = entry_of(m, call->target);
    struct slot *slot = slot_at(entry, entry->used);

    err = call_in(m->gate, call, slot->text, call->arg[0], (u32)call->arg[1]);
    if (err < 0) {
        wait_wake(m->gate, WRITERS(call->target), 1); // the room is still there
        return err;
    }
    slot->length = (u32)call->arg[1];
    entry->used++; // from here on it is sent
    wait_wake(m->gate, READERS(call->target), 1);
    return 0;
}

static int
read(void *state, struct call *call)
{
    struct messages *m = state;
    int err = wait_for_message(m, call->target);

    if (err < 0)
        return err;
    struct message_entry *entry = entry_of(m, call->target);
    const struct slot *slot = slot_at(entry, 0);
    u32 length = slot->length;

    ASSERT(length <= entry->bytes);
    err = call->arg[1] < length
              ? E_TOO_LONG
              : call_out(m->gate, call, call->arg[0], slot->text, length);
    if (err < 0) {
        wait_wake(m->gate, READERS(call->target), 1); // it is still there
        return err;
    }
    entry->first = (entry->first + 1) % entry->capacity;
    entry->used--; // from here on it is received
    wait_wake(m->gate, WRITERS(call->target), 1);
    return (int)length;
}

static void
describe(void *state, const struct res *res, struct resource_info *info)
{
    const struct message_entry *entry = (const void *)res;

    (void)state;
    info->detail[0] = entry->used;
    info->detail[1] = entry->capacity;
    info->detail[2] = entry->bytes;
    info->detail[3] = entry->space;
    text_copy(info->state,
              entry->used == 0                 ? "empty"
              : entry->used == entry->capacity ? "full"
                                               : "used",
              sizeof(info->state));
}

u32
message_bytes(void)
{
    return table_bytes(sizeof(struct table), sizeof(struct message_entry),
                       MESSAGE_LIMIT);
}

void
message_init(struct messages *m, struct gate *gate, void *memory, u32 bytes)
{
    struct kind row = {.name = "message",
                       .state = m,
                       .table = memory,
                       .program = {[OP_CREATE] = create,
                                   [OP_DELETE] = destroy,
                                   [OP_READ] = read,
                                   [OP_WRITE] = write},
                       .user = 1u << OP_DELETE | 1u << OP_CLOSE |
                               1u << OP_READ | 1u << OP_WRITE,
                       .user_kind = 1u << OP_CREATE | 1u << OP_OPEN,
                       .owner_only = 1u << OP_DELETE,
                       .describe = describe};

    ASSERT(bytes >= message_bytes());
    *m = (struct messages){gate, memory, 1};
    table_init(m->table, KIND_MESSAGE, sizeof(struct table),
               sizeof(struct message_entry), MESSAGE_LIMIT);
    gate_register(gate, KIND_MESSAGE, &row);
}

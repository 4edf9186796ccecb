// gated.c -- a gate with one kind whose programs note what they are asked
#include "gated.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY 4u

struct gated gated;

static int
note(void *state, struct call *call)
{
    gated.last = *call;
    gated.last_state = state;
    gated.programs++;
    return 1000 + (int)call->op;
}

static int
delete_entry(void *state, struct call *call)
{
    struct res *res = table_get(state, call->target);

    if (res->name[0] == '!')
        return E_BUSY;
    table_remove(state, res);
    return 0;
}

static int
may_use(void *state, rid process, rid target)
{
    (void)state;
    return process == OTHER && target == gated.opened;
}

static int
open_right(void *state, rid process, rid target)
{
    (void)state;
    ck_assert_uint_eq(process, OTHER);
    gated.opened = target;
    return 0;
}

static int
close_right(void *state, rid process, rid target)
{
    (void)state;
    (void)process;
    if (target != gated.opened)
        return E_RIGHT;
    gated.opened = RID_NONE;
    return 0;
}

// A process's memory: [100, 100 + 64) is its own.
static int
user_in(void *state, rid process, void *to, u32 from, u32 bytes)
{
    (void)state;
    (void)process;
    if (from < 100 || from + bytes > 164)
        return E_POINTER;
    memcpy(to, gated.user + from - 100, bytes);
    return 0;
}

static int
user_out(void *state, rid process, u32 to, const void *from, u32 bytes)
{
    (void)state;
    (void)process;
    if (to < 100 || to + bytes > 164)
        return E_POINTER;
    memcpy(gated.user + to - 100, from, bytes);
    return 0;
}

struct res *
gated_add(const char *name, rid owner)
{
    ck_assert_int_eq(table_check_add(gated.table, name), 0);
    return table_add(gated.table, name, owner);
}

void
gated_open(void)
{
    const u32 user_ops =
        1u << OP_DELETE | 1u << OP_READ | 1u << OP_CONTROL | 1u << OP_CLOSE;
    struct kind row = {.name = "event",
                       .user = user_ops,
                       .user_kind = 1u << OP_CREATE | 1u << OP_OPEN,
                       .owner_only = 1u << OP_DELETE};
    struct kind bare = {.name = "console", .user_kind = 1u << OP_WRITE};

    gated.table = calloc(
        1, table_bytes(sizeof(*gated.table), sizeof(struct res), CAPACITY));
    table_init(gated.table, KIND_EVENT, sizeof(*gated.table),
               sizeof(struct res), CAPACITY);
    gate_init(&gated.gate);
    row.table = gated.table;
    row.state = gated.table;
    row.program[OP_CREATE] = note;
    row.program[OP_DELETE] = delete_entry;
    row.program[OP_READ] = note;
    row.program[OP_WRITE] = note;
    row.program[OP_CONTROL] = note;
    gate_register(&gated.gate, KIND_EVENT, &row);
    bare.program[OP_WRITE] = note;
    gate_register(&gated.gate, KIND_CONSOLE, &bare);
    gated.gate.rights =
        (struct rights_door){NULL, may_use, open_right, close_right, NULL};
    gated.gate.user = (struct user_memory_door){NULL, user_in, user_out};
    gated.programs = 0;
    gated.opened = RID_NONE;
}

void
gated_close(void)
{
    free(gated.table);
}

int
gated_call(rid caller, rid target, u32 op)
{
    struct call c = {caller, target, op, {5, 6, 7, 8, 9}};

    return gate_call(&gated.gate, &c);
}

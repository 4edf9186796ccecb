// gate.c -- resource interface control: the one entry to every operation
#include "tender/gate.h"

#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/table.h"
#include "tender/text.h"

void
gate_init(struct gate *gate)
{
    memset(gate, 0, sizeof(*gate));
}

void
gate_register(struct gate *gate, u32 kind, const struct kind *row)
{
    ASSERT(kind > KIND_NONE && kind < KINDS);
    ASSERT(gate->kind[kind].name == NULL);
    gate->kind[kind] = *row;
    for (u32 op = 0; op < OPS; op++)
        gate->kind[kind].program_state[op] = row->state;
}

struct replacement
gate_replace(struct gate *gate, u32 kind, u32 op, struct replacement by)
{
    ASSERT(kind < KINDS && op < OPS);
    struct kind *row = &gate->kind[kind];
    struct replacement old = {row->program[op], row->program_state[op]};

    row->program[op] = by.program;
    row->program_state[op] = by.state;
    return old;
}

struct res *
gate_entry(const struct gate *gate, rid id)
{
    u32 kind = rid_kind(id);

    if (kind >= KINDS || gate->kind[kind].table == NULL)
        return NULL;
    return table_get(gate->kind[kind].table, id);
}

int
gate_may_use(const struct gate *gate, rid process, const struct res *res)
{
    if (res->owner == process || res->id == process)
        return 1;
    return gate->rights.may_use != NULL &&
           gate->rights.may_use(gate->rights.state, process, res->id);
}

// May this process do this operation to this resource?
static int
check_right(struct gate *gate, const struct kind *row, const struct call *call,
            const struct res *res)
{
    u32 bit = 1u << call->op;

    if (res == NULL)
        return row->user_kind & bit ? 0 : E_KERNEL;
    if ((row->user & bit) == 0)
        return E_KERNEL;
    if ((row->owner_only & bit) != 0 && res->owner != call->caller)
        return E_RIGHT;
    return gate_may_use(gate, call->caller, res) ? 0 : E_RIGHT;
}

static int
check(struct gate *gate, const struct call *call)
{
    u32 kind = rid_kind(call->target);
    const struct res *res = NULL;

    if (kind >= KINDS || gate->kind[kind].name == NULL)
        return E_KIND;
    const struct kind *row = &gate->kind[kind];

    if (call->op >= OPS)
        return E_OP;
    if (row->program[call->op] == NULL && call->op != OP_OPEN &&
        call->op != OP_CLOSE)
        return E_OP;
    if (call->target != KIND_ID(kind)) {
        res = gate_entry(gate, call->target);
        if (res == NULL)
            return E_ID;
    }
    if ((call->op == OP_CREATE || call->op == OP_OPEN) && res != NULL)
        return E_ARGUMENT;
    if (res == NULL && (call->op == OP_DELETE || call->op == OP_CLOSE ||
                        (call->op == OP_OPEN && row->table == NULL)))
        return E_ID;
    if (call->caller == RID_NONE || call->op == OP_OPEN)
        return 0;
    return check_right(gate, row, call, res);
}

// Opening by name and closing are the same for all kinds.
static int
open_by_name(struct gate *gate, struct call *call)
{
    char name[NAME_MAX];
    int err = call_name(gate, call, call->arg[0], name);

    if (err < 0)
        return err;
    struct res *res =
        table_find(gate->kind[rid_kind(call->target)].table, name);

    if (res == NULL)
        return E_NAME;
    if (call->caller != RID_NONE && res->owner != call->caller) {
        ASSERT(gate->rights.open != NULL);
        err = gate->rights.open(gate->rights.state, call->caller, res->id);
    }
    return err < 0 ? err : (int)res->id;
}

static int
close(struct gate *gate, struct call *call)
{
    if (call->caller == RID_NONE)
        return 0;
    return gate->rights.close(gate->rights.state, call->caller, call->target);
}

static void
trace(struct gate *gate, const struct call *call, int result)
{
    struct trace_line *line = &gate->trace[gate->traced++ % TRACE_LINES];

    line->us = machine_now_us();
    line->caller = call->caller;
    line->target = call->target;
    line->op = call->op;
    line->code = (u32)call->arg[0];
    line->result = result;
}

int
gate_call(struct gate *gate, struct call *call)
{
    int result = check(gate, call);

    if (result == 0) {
        struct kind *row = &gate->kind[rid_kind(call->target)];
        op_program program = row->program[call->op];

        row->calls[call->op]++;
        if (program != NULL)
            result = program(row->program_state[call->op], call);
        else if (call->op == OP_OPEN)
            result = open_by_name(gate, call);
        else
            result = close(gate, call);
    }
    if (call->caller != RID_NONE)
        trace(gate, call, result);
    return result;
}

int
gate_create(struct gate *gate, u32 kind, const char *name, word a1, word a2,
            word a3, word a4)
{
    struct call call = {
        RID_NONE, KIND_ID(kind), OP_CREATE, {(word)name, a1, a2, a3, a4}};

    return gate_call(gate, &call);
}

int
gate_delete(struct gate *gate, rid id)
{
    struct call call = {RID_NONE, id, OP_DELETE, {0}};

    return gate_call(gate, &call);
}

int
gate_control(struct gate *gate, rid target, word code, word a1, word a2,
             word a3)
{
    struct call call = {RID_NONE, target, OP_CONTROL, {code, a1, a2, a3, 0}};

    return gate_call(gate, &call);
}

int
call_in(struct gate *gate, const struct call *call, void *to, word from,
        u32 bytes)
{
    if (call->caller == RID_NONE) {
        memcpy(to, (const void *)from, bytes);
        return 0;
    }
    return gate->user.in(gate->user.state, call->caller, to, (u32)from, bytes);
}

int
call_out(struct gate *gate, const struct call *call, word to, const void *from,
         u32 bytes)
{
    if (call->caller == RID_NONE) {
        memcpy((void *)to, from, bytes);
        return 0;
    }
    return gate->user.out(gate->user.state, call->caller, (u32)to, from, bytes);
}

int
call_name(struct gate *gate, const struct call *call, word from, char *name)
{
    name[0] = 0;
    if (from == 0)
        return 0;
    if (call->caller == RID_NONE) {
        if (text_length((const char *)from) >= NAME_MAX)
            return E_TOO_LONG;
        text_copy(name, (const char *)from, NAME_MAX);
        return 0;
    }
    // Byte by byte: what follows a short name may not be mapped.
    for (u32 i = 0; i < NAME_MAX; i++) {
        int err = gate->user.in(gate->user.state, call->caller, name + i,
                                (u32)from + i, 1);

        if (err < 0)
            return err;
        if (name[i] == 0)
            return 0;
    }
    return E_TOO_LONG;
}

static void
delete_owned_of(struct gate *gate, const struct table *table, rid process)
{
    u32 i = 0;
    struct res *res;

    while ((res = table_next(table, &i)) != NULL)
        if (res->owner == process) {
            int err = gate_delete(gate, res->id);

            // What others still use goes when they are done with it.
            if (err < 0 && table_get(table, res->id) == res)
                res->owner = RID_GONE;
        }
}

void
gate_delete_owned(struct gate *gate, rid process)
{
    for (u32 kind = KINDS - 1; kind > KIND_NONE; kind--)
        if (gate->kind[kind].table != NULL && kind != KIND_PROCESS &&
            kind != KIND_EXECUTION)
            delete_owned_of(gate, gate->kind[kind].table, process);
    if (gate->rights.orphan != NULL)
        gate->rights.orphan(gate->rights.state, process);
}

// test_gate.c -- is every operation checked, counted and traced, in order?
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "suite.h"
#include "tender/gate.h"
#include "tender/table.h"

#define PROCESS rid_make(KIND_PROCESS, 1, 3)
#define OTHER rid_make(KIND_PROCESS, 1, 4)
#define CAPACITY 4u

static struct gate gate;
static struct table *table;
static struct call last; // what a program was called with
static void *last_state;
static u32 programs; // how often
static rid opened;   // by OTHER

static int
note(void *state, struct call *call)
{
    last = *call;
    last_state = state;
    programs++;
    return 1000 + (int)call->op;
}

static int
replaced(void *state, struct call *call)
{
    (void)call;
    last_state = state;
    return 7;
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
    return process == OTHER && target == opened;
}

static int
open_right(void *state, rid process, rid target)
{
    (void)state;
    ck_assert_uint_eq(process, OTHER);
    opened = target;
    return 0;
}

static int
close_right(void *state, rid process, rid target)
{
    (void)state;
    (void)process;
    if (target != opened)
        return E_RIGHT;
    opened = RID_NONE;
    return 0;
}

// A process's memory: [100, 100 + 64) is its own.
static char user[64];

static int
user_in(void *state, rid process, void *to, u32 from, u32 bytes)
{
    (void)state;
    (void)process;
    if (from < 100 || from + bytes > 164)
        return E_POINTER;
    memcpy(to, user + from - 100, bytes);
    return 0;
}

static int
user_out(void *state, rid process, u32 to, const void *from, u32 bytes)
{
    (void)state;
    (void)process;
    if (to < 100 || to + bytes > 164)
        return E_POINTER;
    memcpy(user + to - 100, from, bytes);
    return 0;
}

static struct res *
add(const char *name, rid owner)
{
    ck_assert_int_eq(table_check_add(table, name), 0);
    return table_add(table, name, owner);
}

static void
make_gate(void)
{
    const u32 user_ops =
        1u << OP_DELETE | 1u << OP_READ | 1u << OP_CONTROL | 1u << OP_CLOSE;
    struct kind row = {.name = "event",
                       .user = user_ops,
                       .user_kind = 1u << OP_CREATE | 1u << OP_OPEN,
                       .owner_only = 1u << OP_DELETE};
    struct kind bare = {.name = "console", .user_kind = 1u << OP_WRITE};

    table =
        calloc(1, table_bytes(sizeof(*table), sizeof(struct res), CAPACITY));
    table_init(table, KIND_EVENT, sizeof(*table), sizeof(struct res), CAPACITY);
    gate_init(&gate);
    row.table = table;
    row.state = table;
    row.program[OP_CREATE] = note;
    row.program[OP_DELETE] = delete_entry;
    row.program[OP_READ] = note;
    row.program[OP_WRITE] = note;
    row.program[OP_CONTROL] = note;
    gate_register(&gate, KIND_EVENT, &row);
    bare.program[OP_WRITE] = note;
    gate_register(&gate, KIND_CONSOLE, &bare);
    gate.rights = (struct rights_door){NULL, may_use, open_right, close_right};
    gate.user = (struct user_memory_door){NULL, user_in, user_out};
    programs = 0;
    opened = RID_NONE;
}

static void
free_gate(void)
{
    free(table);
}

static int
call(rid caller, rid target, u32 op)
{
    struct call c = {caller, target, op, {5, 6, 7, 8, 9}};

    return gate_call(&gate, &c);
}

START_TEST(kernel_calls)
{
    rid id = add("e", PROCESS)->id;

    ck_assert_int_eq(call(RID_NONE, KIND_ID(KIND_EVENT), OP_CREATE), 1000);
    ck_assert_ptr_eq(last_state, table);
    ck_assert_uint_eq(last.arg[4], 9);
    ck_assert_int_eq(call(RID_NONE, id, OP_READ), 1000 + OP_READ);
    ck_assert_int_eq(gate_control(&gate, id, 1, 2, 3, 4), 1000 + OP_CONTROL);
    ck_assert_uint_eq(last.arg[3], 4);
    ck_assert_int_eq(gate_create(&gate, KIND_EVENT, "n", 1, 2, 3, 4), 1000);
    ck_assert_str_eq((const char *)last.arg[0], "n");
    ck_assert_int_eq(gate_delete(&gate, id), 0);
    ck_assert_int_eq(gate_delete(&gate, id), E_ID);
}
END_TEST

// In which order is a call with everything wrong refused?
START_TEST(refusals)
{
    struct res *res = add("e", PROCESS);
    rid stale = res->id + (1u << 14);

    ck_assert_int_eq(call(RID_NONE, KIND_ID(KIND_NONE), 99), E_KIND);
    ck_assert_int_eq(call(RID_NONE, KIND_ID(KINDS), OP_READ), E_KIND);
    ck_assert_int_eq(call(RID_NONE, 0xffffffff, OP_READ), E_KIND);
    ck_assert_int_eq(call(RID_NONE, rid_make(KIND_TIMER, 1, 0), 99), E_KIND);
    ck_assert_int_eq(call(OTHER, stale, OPS), E_OP);
    ck_assert_int_eq(call(OTHER, stale, 0xffffffff), E_OP);
    ck_assert_int_eq(call(OTHER, KIND_ID(KIND_CONSOLE), OP_READ), E_OP);
    ck_assert_int_eq(call(OTHER, stale, OP_READ), E_ID);
    ck_assert_int_eq(call(OTHER, rid_make(KIND_CONSOLE, 1, 0), OP_WRITE), E_ID);
    ck_assert_int_eq(call(OTHER, res->id, OP_WRITE), E_KERNEL);
    ck_assert_int_eq(call(OTHER, KIND_ID(KIND_EVENT), OP_READ), E_KERNEL);
    ck_assert_int_eq(call(OTHER, res->id, OP_READ), E_RIGHT);
    ck_assert_int_eq(call(RID_NONE, res->id, OP_CREATE), E_ARGUMENT);
    ck_assert_int_eq(call(RID_NONE, res->id, OP_OPEN), E_ARGUMENT);
    ck_assert_int_eq(call(OTHER, KIND_ID(KIND_EVENT), OP_DELETE), E_ID);
    ck_assert_int_eq(call(OTHER, KIND_ID(KIND_EVENT), OP_CLOSE), E_ID);
    ck_assert_int_eq(call(OTHER, KIND_ID(KIND_CONSOLE), OP_OPEN), E_ID);
    ck_assert_uint_eq(programs, 0);
}
END_TEST

// Who may use what: the owner all, who opened it all but deleting.
START_TEST(rights)
{
    struct res *res = add("e", PROCESS);

    ck_assert_int_eq(call(PROCESS, res->id, OP_READ), 1000 + OP_READ);
    ck_assert_int_eq(call(OTHER, res->id, OP_READ), E_RIGHT);
    ck_assert_int_eq(call(OTHER, res->id, OP_DELETE), E_RIGHT);
    strcpy(user, "e");
    ck_assert_int_eq(
        gate_call(&gate,
                  &(struct call){OTHER, KIND_ID(KIND_EVENT), OP_OPEN, {100}}),
        (int)res->id);
    ck_assert_uint_eq(opened, res->id);
    ck_assert_int_eq(call(OTHER, res->id, OP_READ), 1000 + OP_READ);
    ck_assert_int_eq(call(OTHER, res->id, OP_DELETE), E_RIGHT);
    ck_assert_int_eq(call(OTHER, res->id, OP_CLOSE), 0);
    ck_assert_int_eq(call(OTHER, res->id, OP_READ), E_RIGHT);
    ck_assert_int_eq(call(PROCESS, res->id, OP_DELETE), 0);
}
END_TEST

// What the kernel itself owns is nobody else's.
START_TEST(owned_by_the_kernel)
{
    struct res *res = add("e", RID_NONE);

    ck_assert_int_eq(call(PROCESS, res->id, OP_READ), E_RIGHT);
    ck_assert_int_eq(call(PROCESS, res->id, OP_DELETE), E_RIGHT);
    ck_assert_int_eq(call(RID_NONE, res->id, OP_READ), 1000 + OP_READ);
}
END_TEST

static int
open_at(rid caller, word name)
{
    struct call c = {caller, KIND_ID(KIND_EVENT), OP_OPEN, {name}};

    return gate_call(&gate, &c);
}

START_TEST(opening)
{
    struct res *res = add("e/1", PROCESS);

    memset(user, 'n', sizeof(user));
    strcpy(user, "e/1");
    strcpy(user + 60, "abc"); // ends where the process's memory does
    ck_assert_int_eq(open_at(OTHER, 100), (int)res->id);
    ck_assert_int_eq(open_at(OTHER, 160), E_NAME);
    ck_assert_int_eq(open_at(OTHER, 101), E_NAME);
    ck_assert_int_eq(open_at(OTHER, 0), E_NAME);
    ck_assert_int_eq(open_at(OTHER, 99), E_POINTER);
    ck_assert_int_eq(open_at(OTHER, 104), E_TOO_LONG);
    user[63] = 'd';
    ck_assert_int_eq(open_at(OTHER, 160), E_POINTER);
    opened = RID_NONE;
    ck_assert_int_eq(open_at(RID_NONE, (word) "e/1"), (int)res->id);
    ck_assert_int_eq(open_at(RID_NONE, (word) "e/2"), E_NAME);
    ck_assert_uint_eq(opened, RID_NONE);
    ck_assert_int_eq(call(RID_NONE, res->id, OP_CLOSE), 0);
    // The owner needs no right of its own.
    ck_assert_int_eq(open_at(PROCESS, 100), (int)res->id);
    ck_assert_uint_eq(opened, RID_NONE);
}
END_TEST

// Does a name of 47 characters pass, and one of 48 not, from either side?
START_TEST(name_lengths)
{
    struct call from_user = {.caller = OTHER};
    struct call from_kernel = {.caller = RID_NONE};
    char name[NAME_MAX];
    char text[64];

    memset(text, 'k', sizeof(text));
    memset(user, 'u', sizeof(user));
    text[47] = '\0';
    user[47] = '\0';
    ck_assert_int_eq(call_name(&gate, &from_user, 100, name), 0);
    ck_assert_str_eq(name, user);
    ck_assert_int_eq(call_name(&gate, &from_kernel, (word)text, name), 0);
    ck_assert_str_eq(name, text);
    text[47] = 'k';
    text[48] = '\0';
    user[47] = 'u';
    user[48] = '\0';
    ck_assert_int_eq(call_name(&gate, &from_user, 100, name), E_TOO_LONG);
    ck_assert_int_eq(call_name(&gate, &from_kernel, (word)text, name),
                     E_TOO_LONG);
    ck_assert_int_eq(call_name(&gate, &from_user, 0, name), 0);
    ck_assert_str_eq(name, "");
}
END_TEST

START_TEST(copying)
{
    struct call from_user = {.caller = OTHER};
    struct call from_kernel = {.caller = RID_NONE};
    u32 value = 0x11223344;
    u32 back = 0;

    ck_assert_int_eq(call_out(&gate, &from_user, 160, &value, 4), 0);
    ck_assert_int_eq(call_in(&gate, &from_user, &back, 160, 4), 0);
    ck_assert_uint_eq(back, value);
    ck_assert_int_eq(call_out(&gate, &from_user, 161, &value, 4), E_POINTER);
    ck_assert_int_eq(call_in(&gate, &from_user, &back, 98, 4), E_POINTER);
    back = 0;
    ck_assert_int_eq(call_out(&gate, &from_kernel, (word)&back, &value, 4), 0);
    ck_assert_uint_eq(back, value);
}
END_TEST

// Is a replaced program called, with its own state, until it is put back?
START_TEST(replacing)
{
    struct res *res = add("e", PROCESS);
    int mine;
    struct replacement old = gate_replace(
        &gate, KIND_EVENT, OP_READ, (struct replacement){replaced, &mine});

    ck_assert_ptr_eq(old.state, table);
    ck_assert_int_eq(call(PROCESS, res->id, OP_READ), 7);
    ck_assert_ptr_eq(last_state, &mine);
    ck_assert_int_eq(call(PROCESS, res->id, OP_CONTROL), 1000 + OP_CONTROL);
    ck_assert_ptr_eq(last_state, table);
    gate_replace(&gate, KIND_EVENT, OP_READ, old);
    ck_assert_int_eq(call(PROCESS, res->id, OP_READ), 1000 + OP_READ);
}
END_TEST

// Are performed calls counted, and calls of processes traced with results?
START_TEST(counting_and_tracing)
{
    struct res *res = add("e", PROCESS);
    const struct trace_line *line = gate.trace;

    call(PROCESS, res->id, OP_READ);
    call(PROCESS, res->id, OP_WRITE);
    call(RID_NONE, res->id, OP_READ);
    ck_assert_uint_eq(gate.kind[KIND_EVENT].calls[OP_READ], 2);
    ck_assert_uint_eq(gate.kind[KIND_EVENT].calls[OP_WRITE], 0);
    ck_assert_uint_eq(gate.traced, 2);
    ck_assert_uint_eq(line[0].caller, PROCESS);
    ck_assert_uint_eq(line[0].target, res->id);
    ck_assert_uint_eq(line[0].op, OP_READ);
    ck_assert_uint_eq(line[0].code, 5);
    ck_assert_int_eq(line[0].result, 1000 + OP_READ);
    ck_assert_int_eq(line[1].result, E_KERNEL);
    ck_assert(line[1].us > line[0].us);
    for (u32 i = 0; i < TRACE_LINES; i++)
        call(PROCESS, res->id, OP_CONTROL);
    ck_assert_uint_eq(gate.traced, TRACE_LINES + 2);
    ck_assert_uint_eq(line[1].op, OP_CONTROL);
    ck_assert_int_eq(call(PROCESS, 0xffffffff, 0xffffffff), E_KIND);
}
END_TEST

// Does the end of a process take what it owns, and what resists go to the
// kernel?
START_TEST(owned)
{
    rid id[3];

    id[0] = add("mine", PROCESS)->id;
    id[1] = add("! busy", PROCESS)->id;
    id[2] = add("another's", OTHER)->id;
    gate_delete_owned(&gate, PROCESS);
    ck_assert_ptr_null(gate_entry(&gate, id[0]));
    ck_assert_uint_eq(gate_entry(&gate, id[1])->owner, RID_NONE);
    ck_assert_uint_eq(gate_entry(&gate, id[2])->owner, OTHER);
    ck_assert_ptr_null(gate_entry(&gate, RID_NONE));
    ck_assert_ptr_null(gate_entry(&gate, rid_make(KIND_CONSOLE, 1, 0)));
    ck_assert_ptr_null(gate_entry(&gate, 0xffffffff));
}
END_TEST

static void
register_again(void *arg)
{
    gate_register(&gate, KIND_EVENT, arg);
}

START_TEST(registered_twice)
{
    struct kind row = {.name = "again"};

    ck_assert_int_eq(fake_run(register_again, &row), FAKE_FAILED);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {
        kernel_calls,     refusals, rights,    owned_by_the_kernel,  opening,
        name_lengths,     copying,  replacing, counting_and_tracing, owned,
        registered_twice, NULL};
    const struct suite suite = {
        .name = "gate", .open = make_gate, .close = free_gate, .test = test};

    return suite_run(&suite);
}

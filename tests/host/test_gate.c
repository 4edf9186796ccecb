// test_gate.c -- is every operation checked, counted and traced, in order?
#include <string.h>

#include "fake.h"
#include "gated.h"
#include "suite.h"

START_TEST(kernel_calls)
{
    rid id = gated_add("e", PROCESS)->id;

    ck_assert_int_eq(gated_call(RID_NONE, KIND_ID(KIND_EVENT), OP_CREATE),
                     1000);
    ck_assert_ptr_eq(gated.last_state, gated.table);
    ck_assert_uint_eq(gated.last.arg[4], 9);
    ck_assert_int_eq(gated_call(RID_NONE, id, OP_READ), 1000 + OP_READ);
    ck_assert_int_eq(gate_control(&gated.gate, id, 1, 2, 3, 4),
                     1000 + OP_CONTROL);
    ck_assert_uint_eq(gated.last.arg[3], 4);
    ck_assert_int_eq(gate_create(&gated.gate, KIND_EVENT, "n", 1, 2, 3, 4),
                     1000);
    ck_assert_str_eq((const char *)gated.last.arg[0], "n");
    ck_assert_int_eq(gate_delete(&gated.gate, id), 0);
    ck_assert_int_eq(gate_delete(&gated.gate, id), E_ID);
}
END_TEST

// In which order is a call with everything wrong refused?
START_TEST(refusals)
{
    struct res *res = gated_add("e", PROCESS);
    rid stale = res->id + (1u << 14);

    ck_assert_int_eq(gated_call(RID_NONE, KIND_ID(KIND_NONE), 99), E_KIND);
    ck_assert_int_eq(gated_call(RID_NONE, KIND_ID(KINDS), OP_READ), E_KIND);
    ck_assert_int_eq(gated_call(RID_NONE, 0xffffffff, OP_READ), E_KIND);
    ck_assert_int_eq(gated_call(RID_NONE, rid_make(KIND_TIMER, 1, 0), 99),
                     E_KIND);
    ck_assert_int_eq(gated_call(OTHER, stale, OPS), E_OP);
    ck_assert_int_eq(gated_call(OTHER, stale, 0xffffffff), E_OP);
    ck_assert_int_eq(gated_call(OTHER, KIND_ID(KIND_CONSOLE), OP_READ), E_OP);
    ck_assert_int_eq(gated_call(OTHER, stale, OP_READ), E_ID);
    ck_assert_int_eq(gated_call(OTHER, rid_make(KIND_CONSOLE, 1, 0), OP_WRITE),
                     E_ID);
    ck_assert_int_eq(gated_call(OTHER, res->id, OP_WRITE), E_KERNEL);
    ck_assert_int_eq(gated_call(OTHER, KIND_ID(KIND_EVENT), OP_READ), E_KERNEL);
    ck_assert_int_eq(gated_call(OTHER, res->id, OP_READ), E_RIGHT);
    ck_assert_int_eq(gated_call(RID_NONE, res->id, OP_CREATE), E_ARGUMENT);
    ck_assert_int_eq(gated_call(RID_NONE, res->id, OP_OPEN), E_ARGUMENT);
    ck_assert_int_eq(gated_call(OTHER, KIND_ID(KIND_EVENT), OP_DELETE), E_ID);
    ck_assert_int_eq(gated_call(OTHER, KIND_ID(KIND_EVENT), OP_CLOSE), E_ID);
    ck_assert_int_eq(gated_call(OTHER, KIND_ID(KIND_CONSOLE), OP_OPEN), E_ID);
    ck_assert_uint_eq(gated.programs, 0);
}
END_TEST

// Who may use what: the owner all, who gated.opened it all but deleting.
START_TEST(rights)
{
    struct res *res = gated_add("e", PROCESS);

    ck_assert_int_eq(gated_call(PROCESS, res->id, OP_READ), 1000 + OP_READ);
    ck_assert_int_eq(gated_call(OTHER, res->id, OP_READ), E_RIGHT);
    ck_assert_int_eq(gated_call(OTHER, res->id, OP_DELETE), E_RIGHT);
    strcpy(gated.user, "e");
    ck_assert_int_eq(
        gate_call(&gated.gate,
                  &(struct call){OTHER, KIND_ID(KIND_EVENT), OP_OPEN, {100}}),
        (int)res->id);
    ck_assert_uint_eq(gated.opened, res->id);
    ck_assert_int_eq(gated_call(OTHER, res->id, OP_READ), 1000 + OP_READ);
    ck_assert_int_eq(gated_call(OTHER, res->id, OP_DELETE), E_RIGHT);
    ck_assert_int_eq(gated_call(OTHER, res->id, OP_CLOSE), 0);
    ck_assert_int_eq(gated_call(OTHER, res->id, OP_READ), E_RIGHT);
    ck_assert_int_eq(gated_call(PROCESS, res->id, OP_DELETE), 0);
}
END_TEST

// What the kernel itself owns is nobody else's.
START_TEST(owned_by_the_kernel)
{
    struct res *res = gated_add("e", RID_NONE);

    ck_assert_int_eq(gated_call(PROCESS, res->id, OP_READ), E_RIGHT);
    ck_assert_int_eq(gated_call(PROCESS, res->id, OP_DELETE), E_RIGHT);
    ck_assert_int_eq(gated_call(RID_NONE, res->id, OP_READ), 1000 + OP_READ);
}
END_TEST

static int
open_at(rid caller, word name)
{
    struct call c = {caller, KIND_ID(KIND_EVENT), OP_OPEN, {name}};

    return gate_call(&gated.gate, &c);
}

START_TEST(opening)
{
    struct res *res = gated_add("e/1", PROCESS);

    memset(gated.user, 'n', sizeof(gated.user));
    strcpy(gated.user, "e/1");
    strcpy(gated.user + 60, "abc"); // ends where the process's memory does
    ck_assert_int_eq(open_at(OTHER, 100), (int)res->id);
    ck_assert_int_eq(open_at(OTHER, 160), E_NAME);
    ck_assert_int_eq(open_at(OTHER, 101), E_NAME);
    ck_assert_int_eq(open_at(OTHER, 0), E_NAME);
    ck_assert_int_eq(open_at(OTHER, 99), E_POINTER);
    ck_assert_int_eq(open_at(OTHER, 104), E_TOO_LONG);
    gated.user[63] = 'd';
    ck_assert_int_eq(open_at(OTHER, 160), E_POINTER);
    gated.opened = RID_NONE;
    ck_assert_int_eq(open_at(RID_NONE, (word) "e/1"), (int)res->id);
    ck_assert_int_eq(open_at(RID_NONE, (word) "e/2"), E_NAME);
    ck_assert_uint_eq(gated.opened, RID_NONE);
    ck_assert_int_eq(gated_call(RID_NONE, res->id, OP_CLOSE), 0);
    // The owner needs no right of its own.
    ck_assert_int_eq(open_at(PROCESS, 100), (int)res->id);
    ck_assert_uint_eq(gated.opened, RID_NONE);
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
    memset(gated.user, 'u', sizeof(gated.user));
    text[47] = '\0';
    gated.user[47] = '\0';
    ck_assert_int_eq(call_name(&gated.gate, &from_user, 100, name), 0);
    ck_assert_str_eq(name, gated.user);
    ck_assert_int_eq(call_name(&gated.gate, &from_kernel, (word)text, name), 0);
    ck_assert_str_eq(name, text);
    text[47] = 'k';
    text[48] = '\0';
    gated.user[47] = 'u';
    gated.user[48] = '\0';
    ck_assert_int_eq(call_name(&gated.gate, &from_user, 100, name), E_TOO_LONG);
    ck_assert_int_eq(call_name(&gated.gate, &from_kernel, (word)text, name),
                     E_TOO_LONG);
    ck_assert_int_eq(call_name(&gated.gate, &from_user, 0, name), 0);
    ck_assert_str_eq(name, "");
}
END_TEST

START_TEST(copying)
{
    struct call from_user = {.caller = OTHER};
    struct call from_kernel = {.caller = RID_NONE};
    u32 value = 0x11223344;
    u32 back = 0;

    ck_assert_int_eq(call_out(&gated.gate, &from_user, 160, &value, 4), 0);
    ck_assert_int_eq(call_in(&gated.gate, &from_user, &back, 160, 4), 0);
    ck_assert_uint_eq(back, value);
    ck_assert_int_eq(call_out(&gated.gate, &from_user, 161, &value, 4),
                     E_POINTER);
    ck_assert_int_eq(call_in(&gated.gate, &from_user, &back, 98, 4), E_POINTER);
    back = 0;
    ck_assert_int_eq(
        call_out(&gated.gate, &from_kernel, (word)&back, &value, 4), 0);
    ck_assert_uint_eq(back, value);
}
END_TEST

static int
replaced(void *state, struct call *call)
{
    (void)call;
    gated.last_state = state;
    return 7;
}

// Is a replaced program called, with its own state, until it is put back?
START_TEST(replacing)
{
    struct res *res = gated_add("e", PROCESS);
    int mine;
    struct replacement old =
        gate_replace(&gated.gate, KIND_EVENT, OP_READ,
                     (struct replacement){replaced, &mine});

    ck_assert_ptr_eq(old.state, gated.table);
    ck_assert_int_eq(gated_call(PROCESS, res->id, OP_READ), 7);
    ck_assert_ptr_eq(gated.last_state, &mine);
    ck_assert_int_eq(gated_call(PROCESS, res->id, OP_CONTROL),
                     1000 + OP_CONTROL);
    ck_assert_ptr_eq(gated.last_state, gated.table);
    gate_replace(&gated.gate, KIND_EVENT, OP_READ, old);
    ck_assert_int_eq(gated_call(PROCESS, res->id, OP_READ), 1000 + OP_READ);
}
END_TEST

// Are performed calls counted, and calls of processes traced with results?
START_TEST(counting_and_tracing)
{
    struct res *res = gated_add("e", PROCESS);
    const struct trace_line *line = gated.gate.trace;

    gated_call(PROCESS, res->id, OP_READ);
    gated_call(PROCESS, res->id, OP_WRITE);
    gated_call(RID_NONE, res->id, OP_READ);
    ck_assert_uint_eq(gated.gate.kind[KIND_EVENT].calls[OP_READ], 2);
    ck_assert_uint_eq(gated.gate.kind[KIND_EVENT].calls[OP_WRITE], 0);
    ck_assert_uint_eq(gated.gate.traced, 2);
    ck_assert_uint_eq(line[0].caller, PROCESS);
    ck_assert_uint_eq(line[0].target, res->id);
    ck_assert_uint_eq(line[0].op, OP_READ);
    ck_assert_uint_eq(line[0].code, 5);
    ck_assert_int_eq(line[0].result, 1000 + OP_READ);
    ck_assert_int_eq(line[1].result, E_KERNEL);
    ck_assert(line[1].us > line[0].us);
    for (u32 i = 0; i < TRACE_LINES; i++)
        gated_call(PROCESS, res->id, OP_CONTROL);
    ck_assert_uint_eq(gated.gate.traced, TRACE_LINES + 2);
    ck_assert_uint_eq(line[1].op, OP_CONTROL);
    ck_assert_int_eq(gated_call(PROCESS, 0xffffffff, 0xffffffff), E_KIND);
}
END_TEST

// Does the end of a process take what it owns, and what resists is nobody's
// from then on?
START_TEST(owned)
{
    rid id[3];

    id[0] = gated_add("mine", PROCESS)->id;
    id[1] = gated_add("! busy", PROCESS)->id;
    id[2] = gated_add("another's", OTHER)->id;
    gate_delete_owned(&gated.gate, PROCESS);
    ck_assert_ptr_null(gate_entry(&gated.gate, id[0]));
    ck_assert_uint_eq(gate_entry(&gated.gate, id[1])->owner, RID_GONE);
    ck_assert_uint_eq(gate_entry(&gated.gate, id[2])->owner, OTHER);
    ck_assert_ptr_null(gate_entry(&gated.gate, RID_NONE));
    ck_assert_ptr_null(gate_entry(&gated.gate, rid_make(KIND_CONSOLE, 1, 0)));
    ck_assert_ptr_null(gate_entry(&gated.gate, 0xffffffff));
}
END_TEST

static void
register_again(void *arg)
{
    gate_register(&gated.gate, KIND_EVENT, arg);
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
        .name = "gate", .open = gated_open, .close = gated_close, .test = test};

    return suite_run(&suite);
}

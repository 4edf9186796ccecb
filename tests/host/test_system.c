// test_system.c -- does the system tell what there is, and let itself be occupied?
#include <string.h>

#include "program.h"
#include "suite.h"
#include "tender/table.h"

static u32 va; // of the program's memory: 2 pages

static void
start(void)
{
    program_open();
    ck_assert_int_eq(place_create(2, 1), 0);
    va = kernel()->place[0].va;
}

static int
ask(rid caller, u32 code, word a1, word a2, word a3)
{
    return program_call(caller, OP_CONTROL, KIND_ID(KIND_SYSTEM), code, a1, a2,
                        a3);
}

static void
get(void *to, u32 bytes)
{
    ck_assert_uint_eq(fake_user_read(kernel()->directory, va, to, bytes), 0);
}

// Does LIST come by every entry once, over vacant slots, also for a program?
START_TEST(list)
{
    struct resource_info info;
    rid made[6];
    u32 seen = 0;
    int next = 0;

    for (u32 i = 0; i < 6; i++)
        made[i] =
            (rid)gate_create(&kernel()->gate, KIND_EVENT, NULL, 0, 0, 0, 0);
    for (u32 i = 0; i < 6; i += 2)
        ck_assert_int_eq(gate_delete(&kernel()->gate, made[i]), 0);
    while ((next = ask(PROGRAM, SYSTEM_LIST, KIND_EVENT, (word)next, va)) > 0) {
        get(&info, sizeof(info));
        ck_assert_uint_eq(info.id, made[1 + 2 * seen++]);
    }
    ck_assert_int_eq(next, 0);
    ck_assert_uint_eq(seen, 3);
    ck_assert_int_eq(ask(PROGRAM, SYSTEM_LIST, KIND_EVENT, 0xffffffff, va), 0);
    for (u32 kind = 0; kind < KINDS; kind++) {
        const struct kind *row = &kernel()->gate.kind[kind];

        for (next = 0, seen = 0; (next = ask(RID_NONE, SYSTEM_LIST, kind,
                                             (word)next, (word)&info)) > 0;
             seen++)
            ck_assert_uint_eq(rid_kind(info.id), kind);
        ck_assert_int_eq(next, row->name == NULL ? E_KIND : 0);
        ck_assert_uint_eq(seen, row->table == NULL ? 0 : row->table->used);
    }
}
END_TEST

// Does LIST describe an entry as its kind does?
START_TEST(description)
{
    struct resource_info info;
    rid space = kernel()->place[0].space;

    ck_assert_int_gt(
        ask(PROGRAM, SYSTEM_LIST, KIND_VUSPACE, rid_index(space), va), 0);
    get(&info, sizeof(info));
    ck_assert_uint_eq(info.id, space);
    ck_assert_uint_eq(info.owner, RID_NONE);
    ck_assert_uint_eq(info.detail[0], 2);
    ck_assert_uint_eq(info.detail[1], va);
    ck_assert_uint_eq(info.detail[2], kernel()->place[0].region);
    ck_assert_str_eq(info.state, "not a plate");
    ask(RID_NONE, SYSTEM_LIST, KIND_VKSPACE, 0, (word)&info);
    ck_assert_str_eq(info.name, "table/real-memory");
    ck_assert_str_eq(info.state, "bootstrap");
}
END_TEST

// Does KIND count entries and calls?
START_TEST(kind)
{
    struct kind_info before, after;

    ck_assert_int_eq(ask(PROGRAM, SYSTEM_KIND, KIND_EVENT, va, 0), 0);
    get(&before, sizeof(before));
    ck_assert_str_eq(before.name, "event");
    ck_assert_uint_eq(before.capacity, EVENT_LIMIT);
    gate_create(&kernel()->gate, KIND_EVENT, NULL, 0, 0, 0, 0);
    ck_assert_int_eq(ask(PROGRAM, SYSTEM_KIND, KIND_EVENT, va, 0), 0);
    get(&after, sizeof(after));
    ck_assert_uint_eq(after.used, before.used + 1);
    ck_assert_uint_eq(after.calls[OP_CREATE], before.calls[OP_CREATE] + 1);
    ck_assert_uint_eq(after.calls[OP_DELETE], before.calls[OP_DELETE]);
    ck_assert_int_eq(ask(PROGRAM, SYSTEM_KIND, KINDS, va, 0), E_KIND);
    ck_assert_int_eq(ask(PROGRAM, SYSTEM_KIND, 0xffffffff, va, 0), E_KIND);
    ck_assert_int_eq(ask(PROGRAM, SYSTEM_LIST, KINDS, 0, va), E_KIND);
    ck_assert_int_eq(ask(PROGRAM, SYSTEM_KIND, KIND_DISK, va, 0), E_KIND);
}
END_TEST

// Does TRACE give the newest calls of programs, the oldest of them first?
START_TEST(trace)
{
    static struct trace_line line[TRACE_LINES + 9];

    ck_assert_int_eq(ask(RID_NONE, SYSTEM_TRACE, (word)line, 9, 0), 0);
    for (u32 i = 0; i < 3; i++)
        ck_assert_int_eq(ask(PROGRAM, 900 + i, 0, 0, 0), E_ARGUMENT);
    ck_assert_int_eq(ask(PROGRAM, SYSTEM_TRACE, va, 2, 0), 2);
    get(line, 2 * sizeof(*line));
    ck_assert_uint_eq(line[0].code, 901);
    ck_assert_uint_eq(line[1].code, 902);
    ck_assert_uint_eq(line[1].caller, PROGRAM);
    ck_assert_int_eq(line[1].result, E_ARGUMENT);
    ck_assert_uint_lt(line[0].us, line[1].us);
    for (u32 i = 0; i < TRACE_LINES; i++)
        ask(STRANGER, 1000 + i, 0, 0, 0);
    ck_assert_int_eq(
        ask(RID_NONE, SYSTEM_TRACE, (word)line, ARRAY_LEN(line), 0),
        TRACE_LINES);
    for (u32 i = 0; i < TRACE_LINES; i++)
        ck_assert_uint_eq(line[i].code, 1000 + i);
    ck_assert_int_eq(ask(PROGRAM, SYSTEM_TRACE, KERNEL_DATA_VA, 1, 0),
                     E_POINTER);
}
END_TEST

// Do time and figures reach a program, and no forbidden address?
START_TEST(answers)
{
    struct system_status status;
    u64 us;

    fake.now_us = 0x123456789aULL;
    ck_assert_int_eq(ask(PROGRAM, SYSTEM_UPTIME, va, 0, 0), 0);
    get(&us, sizeof(us));
    ck_assert_uint_ge(us, 0x123456789aULL);
    ck_assert_uint_lt(us, 0x12345678ffULL);
    ck_assert_int_eq(ask(PROGRAM, SYSTEM_STATUS, va, 0, 0), 0);
    get(&status, sizeof(status));
    ck_assert_uint_eq(status.memory_pages, KERNEL_PAGES);
    ck_assert_int_eq(ask(PROGRAM, SYSTEM_UPTIME, 0, 0, 0), E_POINTER);
    ck_assert_int_eq(ask(PROGRAM, SYSTEM_STATUS, KERNEL_BASE, 0, 0), E_POINTER);
    ck_assert_int_eq(ask(STRANGER, SYSTEM_STATUS, va, 0, 0), E_POINTER);
    ck_assert_int_eq(ask(PROGRAM, SYSTEM_LIST, KIND_VKSPACE, 0, va + 8180),
                     E_POINTER);
}
END_TEST

static u32 told;
static int answer;

static int
device_control(void *state, struct call *call)
{
    ck_assert_uint_eq(((struct system *)state)->occupied, 1);
    ck_assert_uint_eq(call->arg[0], DEVICE_QUIESCE);
    told++;
    return answer;
}

static void
occupy(void *arg)
{
    (void)arg;
    kernel_control(SYSTEM_OCCUPY);
}

// Is occupying the kernel's alone, once at a time, and are devices told?
START_TEST(occupancy)
{
    struct kind row = {.name = "device", .state = &kernel()->system};

    ck_assert_int_eq(ask(PROGRAM, SYSTEM_OCCUPY, 0, 0, 0), E_KERNEL);
    ck_assert_int_eq(ask(PROGRAM, SYSTEM_RELEASE, 0, 0, 0), E_KERNEL);
    ck_assert_uint_eq(kernel()->system.occupied, 0);
    ck_assert_int_eq(kernel_control(SYSTEM_OCCUPY), 0);
    ck_assert_uint_eq(kernel()->system.occupied, 1);
    ck_assert_int_eq(ask(PROGRAM, SYSTEM_RELEASE, 0, 0, 0), E_KERNEL);
    ck_assert_int_eq(fake_run(occupy, NULL), FAKE_FAILED);
    ck_assert_int_eq(kernel_control(SYSTEM_RELEASE), 0);
    ck_assert_uint_eq(kernel()->system.occupied, 0);
    row.program[OP_CONTROL] = device_control;
    gate_register(&kernel()->gate, KIND_DEVICE, &row);
    ck_assert_int_eq(kernel_control(SYSTEM_OCCUPY), 0);
    ck_assert_uint_eq(told, 1);
    ck_assert_int_eq(kernel_control(SYSTEM_RELEASE), 0);
}
END_TEST

// Is a system without plates honest about it?
START_TEST(no_plates)
{
    memset(&kernel()->system.plates, 0, sizeof(kernel()->system.plates));
    for (u32 code = SYSTEM_SAVE; code <= SYSTEM_OCC_DISABLE; code++)
        ck_assert_int_eq(ask(PROGRAM, code, 0, 0, 0), E_STORE);
    ck_assert_int_eq(ask(PROGRAM, SYSTEM_STATUS, va, 0, 0), 0);
    ck_assert_int_eq(ask(PROGRAM, 0, 0, 0, 0), E_ARGUMENT);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {list,    description, kind,      trace,
                                 answers, occupancy,   no_plates, NULL};
    const struct suite suite = {
        .name = "system", .open = start, .close = fake_close, .test = test};

    return suite_run(&suite);
}

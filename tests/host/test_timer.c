// test_timer.c -- do timers signal when they are due, and not more often?
#include "program.h"
#include "suite.h"
#include "tender/table.h"

static rid event;

static void
start(void)
{
    int id;

    program_open();
    id = gate_create(&kernel()->gate, KIND_EVENT, "e", 0, 0, 0, 0);
    ck_assert_int_gt(id, 0);
    event = (rid)id;
}

static rid
create(u32 ms, u32 how)
{
    int id = gate_create(&kernel()->gate, KIND_TIMER, NULL, event, ms, how, 0);

    ck_assert_int_gt(id, 0);
    return (rid)id;
}

// How often it has been signalled so long after now.
static u32
count_after(u64 us)
{
    fake.now_us += us;
    timer_tick(&kernel()->timers);
    return ((struct event_entry *)(void *)gate_entry(&kernel()->gate, event))
        ->count;
}

// Does a timer that fires once do so once, and not before it is due?
START_TEST(once)
{
    rid id = create(100, TIMER_ONCE);
    struct resource_info info = {0};
    const struct kind *row = &kernel()->gate.kind[KIND_TIMER];

    ck_assert_uint_eq(count_after(99000), 0);
    ck_assert_uint_eq(count_after(1000), 1);
    ck_assert_uint_eq(count_after(1000000), 1);
    row->describe(row->state, gate_entry(&kernel()->gate, id), &info);
    ck_assert_str_eq(info.state, "done");
}
END_TEST

// Does a periodic one keep its beat, and signal once after a long pause?
START_TEST(periodic)
{
    rid id = create(50, TIMER_PERIODIC);

    ck_assert_uint_eq(count_after(70000), 1); // late by 20 ms
    ck_assert_uint_eq(count_after(29000), 1);
    ck_assert_uint_eq(count_after(2000), 2); // not late for that
    ck_assert_uint_eq(count_after(10000000), 3);
    ck_assert_uint_eq(count_after(0), 3);
    ck_assert_uint_eq(count_after(50100), 4);
    ck_assert_int_eq(gate_delete(&kernel()->gate, id), 0);
    ck_assert_uint_eq(count_after(10000000), 4);
}
END_TEST

// Is a long time not cut to 32 bits of microseconds?
START_TEST(long_time)
{
    create(0xffffffff, TIMER_ONCE);
    ck_assert_uint_eq(count_after(0xffffffffULL * 1000 - 1000), 0);
    ck_assert_uint_eq(count_after(2000), 1);
}
END_TEST

// Does a timer rest when its event is gone, and go on when it is only full?
START_TEST(event_gone)
{
    struct event_entry *e = (void *)gate_entry(&kernel()->gate, event);
    struct timer_entry *t =
        (void *)gate_entry(&kernel()->gate, create(10, TIMER_PERIODIC));

    e->count = EVENT_COUNT_MAX;
    ck_assert_uint_eq(count_after(11000), EVENT_COUNT_MAX);
    ck_assert_uint_eq(t->running, 1);
    ck_assert_int_eq(gate_delete(&kernel()->gate, event), 0);
    fake.now_us += 20000;
    timer_tick(&kernel()->timers);
    ck_assert_uint_eq(t->running, 0);
}
END_TEST

// Is a timer refused without a right to its event, a time or room?
START_TEST(refusals)
{
    const struct table *table = kernel()->timers.table;
    rid kind = KIND_ID(KIND_TIMER);

    ck_assert_int_eq(program_call(PROGRAM, OP_CREATE, kind, 0, event, 1, 0),
                     E_RIGHT);
    program_stranger_opened(event);
    ck_assert_int_gt(program_call(STRANGER, OP_CREATE, kind, 0, event, 1, 0),
                     0);
    ck_assert_int_eq(program_call(0, OP_CREATE, kind, 0, event, 0, 0),
                     E_ARGUMENT);
    ck_assert_int_eq(program_call(0, OP_CREATE, kind, 0, event, 1, 2),
                     E_ARGUMENT);
    ck_assert_int_eq(program_call(0, OP_CREATE, kind, 0, PROGRAM, 1, 0), E_ID);
    ck_assert_int_eq(program_call(0, OP_CREATE, kind, 0, 0, 1, 0), E_ID);
    while (table->used < table->capacity)
        create(1, TIMER_ONCE);
    ck_assert_int_eq(program_call(0, OP_CREATE, kind, 0, event, 1, 0), E_TABLE);
    ck_assert_uint_eq(count_after(2000), TIMER_LIMIT);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {once,       periodic, long_time,
                                 event_gone, refusals, NULL};
    const struct suite suite = {
        .name = "timer", .open = start, .close = fake_close, .test = test};

    return suite_run(&suite);
}

// test_wait.c -- who is woken when, and what may a program wait for?
#include <stdlib.h>
#include <string.h>

#include "small.h"
#include "suite.h"
#include "tender/wait.h"

static rid event;

static int
event_new(u32 count)
{
    return sys(OP_CREATE, KIND_ID(KIND_EVENT), 0, count, 0, 0);
}

static int
take(rid id)
{
    return sys(OP_READ, id, 0, 0, 0, 0);
}

static void
order_program(const char *name)
{
    static u32 arrived;

    if (!is(name, "init")) {
        sleep_ms((u32)(name[0] - 'a') * 50 + 10); // come in this order
        expect(take(event) == E_RIGHT, "the event is not theirs");
        expect(wait_on(&small.gate, 77, 0) == 0, "woken");
        expect(arrived++ == (u32)(name[0] - 'a'), "first come, first served");
        return;
    }
    event = (rid)event_new(0);
    for (const char *c = "abcd"; *c != 0; c++)
        spawn((char[]){*c, 0}, 0);
    sleep_ms(500);
    expect(wait_wake(&small.gate, 77, 1) == 1, "one is woken");
    sleep_ms(50);
    expect(arrived == 1, "only one comes");
    expect(wait_wake(&small.gate, 77, 2) == 2, "two are woken");
    expect(wait_wake(&small.gate, 77, 100) == 1, "one was left");
    expect(wait_wake(&small.gate, 77, 100) == 0, "none is left");
    expect(wait_wake(&small.gate, 0, 1) == E_ARGUMENT, "channel 0 is nobody's");
    sleep_ms(50);
    expect(arrived == 4, "all come");
    small_end();
}

// Are they woken in the order in which they came, no more than asked for?
START_TEST(order)
{
    small.program = order_program;
    small_run("init");
}
END_TEST

static void
time_program(const char *name)
{
    u64 before = fake.now_us;

    (void)name;
    expect(sleep_ms(100) == 0, "sleep ends well");
    expect(fake.now_us - before >= 100000, "not too early");
    expect(fake.now_us - before < 120000, "not too late");
    expect(wait_on(&small.gate, 5, 30) == E_TIME, "the time runs out");
    expect(sleep_ms(0) == 0, "a sleep of nothing");
    expect(sys(OP_CONTROL, KIND_ID(KIND_EXECUTION), EXECUTION_YIELD, 0, 0, 0) ==
               0,
           "yield");
    // What a program may not do.
    expect(sys(OP_CONTROL, KIND_ID(KIND_EXECUTION), EXECUTION_BLOCK, 1, 1, 0) ==
               E_KERNEL,
           "block is the kernel's");
    expect(sys(OP_CONTROL, KIND_ID(KIND_EXECUTION), EXECUTION_WAKE, 1, 1, 0) ==
               E_KERNEL,
           "wake is the kernel's");
    expect(sys(OP_CREATE, KIND_ID(KIND_EXECUTION), 0, 0, 0, 0) == E_KERNEL,
           "create is the kernel's");
    expect(sys(OP_DELETE, small.executions.current, 0, 0, 0, 0) == E_KERNEL,
           "delete is the kernel's");
    expect(sys(OP_CONTROL, KIND_ID(KIND_EXECUTION), 17, 0, 0, 0) == E_ARGUMENT,
           "an unknown code");
    small_end();
}

START_TEST(times)
{
    small.program = time_program;
    small_run("init");
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {order, times, NULL};
    const struct suite suite = {
        .name = "wait", .open = small_open, .close = small_close, .test = test};

    return suite_run(&suite);
}

// test_event.c -- is each signal taken once, and do timers signal in time?
#include <stdlib.h>

#include "small.h"
#include "suite.h"

static rid event;
static u32 taken[8];

static int
control(rid target, u32 code, word a1)
{
    return sys(OP_CONTROL, target, code, a1, 0, 0);
}

static int
create(u32 kind, const char *name, word a1, word a2, word a3)
{
    return sys(OP_CREATE, KIND_ID(kind),
               name == NULL ? 0 : put_text(SCRATCH, name), a1, a2, a3);
}

static int
open(u32 kind, const char *name)
{
    return sys(OP_OPEN, KIND_ID(kind), put_text(SCRATCH, name), 0, 0, 0);
}

// --- events ---

static void
event_program(const char *name)
{
    u64 before = fake.now_us;

    (void)name;
    event = (rid)create(KIND_EVENT, "e", 2, 0, 0);
    EXPECT(create(KIND_EVENT, "e", 0, 0, 0) == E_EXISTS);
    EXPECT(create(KIND_EVENT, NULL, 0x80000000u, 0, 0) == E_ARGUMENT);
    EXPECT(sys(OP_READ, event, 0, 0, 0, 0) == 0);
    EXPECT(control(event, EVENT_WAIT, 10) == 0);
    EXPECT(control(event, EVENT_WAIT, 50) == E_TIME);
    EXPECT(fake.now_us - before >= 50000 && fake.now_us - before < 80000);
    EXPECT(control(event, EVENT_SIGNAL, 0) == E_ARGUMENT);
    EXPECT(control(event, EVENT_SIGNAL, 0x7fffffff) == 0);
    EXPECT(control(event, EVENT_SIGNAL, 1) == E_ARGUMENT);
    EXPECT(control(event, EVENT_SIGNAL, 0xffffffff) == E_ARGUMENT);
    EXPECT(control(event, 9, 0) == E_ARGUMENT);
    EXPECT(control(KIND_ID(KIND_EVENT), EVENT_SIGNAL, 1) == E_KERNEL);
    EXPECT(sys(OP_WRITE, event, 0, 0, 0, 0) == E_OP);
    EXPECT(sys(OP_DELETE, event, 0, 0, 0, 0) == 0);
    EXPECT(sys(OP_READ, event, 0, 0, 0, 0) == E_ID);
    small_end();
}

START_TEST(events)
{
    small.program = event_program;
    small_run("init");
}
END_TEST

static void
taker(u32 n)
{
    EXPECT(open(KIND_EVENT, "e") == (int)event);
    for (;;) {
        int err = n % 2 ? control(event, EVENT_WAIT, 15)
                        : sys(OP_READ, event, 0, 0, 0, 0);

        if (err == E_ID)
            quit(0);
        EXPECT(err == 0 || err == E_TIME);
        if (err == 0)
            taken[n]++;
        if (rand() % 3 == 0)
            spin_ms(10);
    }
}

static void
count_program(const char *name)
{
    rid child[8];
    u32 signals = 0;
    u32 sum = 0;

    if (!is(name, "init"))
        taker((u32)(name[0] - 'a'));
    event = (rid)create(KIND_EVENT, "e", 0, 0, 0);
    for (u32 i = 0; i < 4; i++)
        child[i] = (rid)spawn((char[]){(char)('a' + i), 0}, 0);
    for (u32 i = 0; i < 500; i++) {
        u32 n = 1 + (u32)rand() % 3;

        EXPECT(control(event, EVENT_SIGNAL, n) == 0);
        signals += n;
        if (rand() % 2)
            sleep_ms((u32)rand() % 30);
    }
    sleep_ms(2000);
    EXPECT(
        ((struct event_entry *)(void *)gate_entry(&small.gate, event))->count ==
        0);
    sys(OP_DELETE, event, 0, 0, 0, 0);
    for (u32 i = 0; i < 4; i++)
        EXPECT(wait_for(child[i]) == 0); // they find it gone
    for (u32 i = 0; i < 4; i++)
        sum += taken[i];
    EXPECT(sum == signals);
    small_end();
}

// Is each signal taken exactly once by several?
START_TEST(counting)
{
    small.program = count_program;
    small_run("init");
}
END_TEST

static void
hand_program(const char *name)
{
    if (!is(name, "init")) {
        EXPECT(open(KIND_EVENT, "e") == (int)event);
        int err = sys(OP_READ, event, 0, 0, 0, 0);

        EXPECT(err == 0);
        taken[name[0] - 'a']++;
        quit(0);
    }
    event = (rid)create(KIND_EVENT, "e", 0, 0, 0);
    rid a = (rid)spawn("a", 0);

    sleep_ms(50);
    rid b = (rid)spawn("b", 0);

    sleep_ms(50);
    // a is woken, and killed before it runs: b must get the signal.
    gate_control(&small.gate, event, EVENT_SIGNAL, 1, 0, 0);
    gate_control(&small.gate, a, PROCESS_KILL, 1, 0, 0);
    EXPECT(wait_for(a) == 1);
    EXPECT(wait_for(b) == 0);
    EXPECT(taken[0] == 0 && taken[1] == 1);
    small_end();
}

START_TEST(handed_on)
{
    small.program = hand_program;
    small_run("init");
}
END_TEST

// --- timers ---

static void
timer_program(const char *name)
{
    const u32 n = 10;
    u64 before;

    if (is(name, "a")) {
        EXPECT(create(KIND_TIMER, NULL, event, 10, TIMER_ONCE) == E_RIGHT);
        quit(0);
    }
    event = (rid)create(KIND_EVENT, "e", 0, 0, 0);
    EXPECT(wait_for((rid)spawn("a", 0)) == 0);
    EXPECT(create(KIND_TIMER, NULL, event, 0, TIMER_ONCE) == E_ARGUMENT);
    EXPECT(create(KIND_TIMER, NULL, event, 10, 2) == E_ARGUMENT);
    EXPECT(create(KIND_TIMER, NULL, 5, 10, 0) == E_ID);
    EXPECT(create(KIND_TIMER, NULL, self(), 10, 0) == E_ID);
    before = fake.now_us;
    rid once = (rid)create(KIND_TIMER, "once", event, 100, TIMER_ONCE);

    EXPECT(sys(OP_READ, event, 0, 0, 0, 0) == 0);
    EXPECT(fake.now_us - before >= 100000 && fake.now_us - before < 130000);
    EXPECT(control(event, EVENT_WAIT, 300) == E_TIME);
    EXPECT(sys(OP_DELETE, once, 0, 0, 0, 0) == 0);
    before = fake.now_us;
    rid often = (rid)create(KIND_TIMER, NULL, event, 50, TIMER_PERIODIC);

    for (u32 i = 0; i < n; i++)
        EXPECT(sys(OP_READ, event, 0, 0, 0, 0) == 0);
    EXPECT(fake.now_us - before >= 500000 && fake.now_us - before < 530000);
    fake.now_us += 60000000; // a minute without power
    sleep_ms(20);
    EXPECT(control(event, EVENT_WAIT, 1) == 0); // one, not 1200
    EXPECT(control(event, EVENT_WAIT, 1) == E_TIME);
    sys(OP_DELETE, event, 0, 0, 0, 0); // before its timer
    sleep_ms(200);
    EXPECT(sys(OP_DELETE, often, 0, 0, 0, 0) == 0);
    small_end();
}

START_TEST(timers)
{
    small.program = timer_program;
    small_run("init");
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {events, counting, handed_on, timers, NULL};
    const struct suite suite = {.name = "event",
                                .open = small_open,
                                .close = small_close,
                                .test = test};

    return suite_run(&suite);
}

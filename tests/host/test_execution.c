// test_execution.c -- who gets the processor, when, and for how long?
#include <stdlib.h>
#include <string.h>

#include "small.h"
#include "suite.h"
#include "tender/wait.h"

static int stop;
static u32 rounds[8];
static u64 worst_us;
static rid event[2];

static void
count_rounds(u32 n)
{
    while (!stop) {
        spin_ms(10);
        rounds[n]++;
    }
}

static void
fair_program(const char *name)
{
    if (!is(name, "init")) {
        count_rounds((u32)(name[0] - 'a'));
        return;
    }
    expect(spawn("a", 0) > 0 && spawn("b", 0) > 0 && spawn("c", 0) > 0,
           "programs start");
    for (u32 i = 0; i < 3; i++)
        rounds[i] = 0;
    sleep_ms(6000);
    small_end();
}

// Do those that compute get equal parts?
START_TEST(fair)
{
    small.program = fair_program;
    small_run("init");
    for (u32 i = 0; i < 3; i++)
        if (rounds[i] < 195 || rounds[i] > 205)
            ck_abort_msg("program %u computed %u of 600 rounds", i, rounds[i]);
    ck_assert_uint_le(small.executions.idle.ticks, 10);
}
END_TEST

static void
prompt_program(const char *name)
{
    if (!is(name, "init")) {
        count_rounds((u32)(name[0] - 'a'));
        return;
    }
    spawn("a", 0);
    spawn("b", 0);
    for (int i = 0; i < 200; i++) {
        u64 before = fake.now_us;

        sleep_ms(37);
        u64 late = fake.now_us - before - 37000;

        if (i > 2 && late > worst_us)
            worst_us = late;
    }
    small_end();
}

// Does one that mostly waits come at the next tick, while two others compute?
START_TEST(prompt)
{
    small.program = prompt_program;
    small_run("init");
    ck_assert_msg(worst_us <= 12000, "%u us late", (u32)worst_us);
}
END_TEST

static void
ping_program(const char *name)
{
    u32 me = (u32)(name[0] - 'a');

    if (is(name, "c")) {
        count_rounds(2);
        return;
    }
    if (me < 2)
        for (;;) {
            // hand over to the other about every 20 us, for ever
            gate_control(&small.gate, event[1 - me], EVENT_SIGNAL, 1, 0, 0);
            gate_control(&small.gate, KIND_ID(KIND_EXECUTION), EXECUTION_YIELD,
                         0, 0, 0);
            struct call call = {RID_NONE, event[me], OP_READ, {0}};

            gate_call(&small.gate, &call);
            fake.now_us += 200;
            rounds[me]++;
            if (rounds[me] % 50 == 0)
                spin_ms(10);
        }
    event[0] = (rid)gate_create(&small.gate, KIND_EVENT, 0, 1, 0, 0, 0);
    event[1] = (rid)gate_create(&small.gate, KIND_EVENT, 0, 0, 0, 0, 0);
    spawn("a", 0);
    spawn("b", 0);
    spawn("c", 0);
    rounds[2] = 0;
    sleep_ms(3000);
    small_end();
}

// Do two that wake each other all the time leave a third its third?
START_TEST(ping)
{
    small.program = ping_program;
    small_run("init");
    ck_assert_msg(rounds[2] >= 90, "the third had %u of 300 ticks", rounds[2]);
    ck_assert_msg(rounds[0] >= 100, "the first had %u rounds", rounds[0]);
}
END_TEST

static void
occupied_program(const char *name)
{
    if (is(name, "a")) {
        count_rounds(0);
        return;
    }
    spawn("a", 0);
    sleep_ms(100);
    expect(rounds[0] > 0, "the other computed");
    small.executions.occupied = 1;
    rounds[0] = 0;
    spin_ms(500);
    expect(rounds[0] == 0, "nobody else runs while the system is occupied");
    expect(wait_on(&small.gate, 5, 10) == E_BUSY, "nothing may wait");
    expect(sleep_ms(10) == E_BUSY, "nor sleep");
    small.executions.occupied = 0;
    sleep_ms(100);
    expect(rounds[0] > 0, "the other computes again");
    small_end();
}

START_TEST(occupied)
{
    small.program = occupied_program;
    small_run("init");
}
END_TEST

static void
fpu_program(const char *name)
{
    u32 mine = (u32)name[0] + ((u32)rand() << 8);

    fake.fpu = mine;
    for (int i = 0; i < 50; i++) {
        if (i % 3 == 0)
            spin_ms(10);
        else if (i % 3 == 1)
            sleep_ms(10);
        expect(fake.fpu == mine, "the FPU registers are one's own");
        expect(fake.cr3 != 0, "there is a space");
        mine++;
        fake.fpu = mine;
        if (i == 0 && is(name, "init"))
            for (const char *c = "abcd"; *c != 0; c++)
                spawn((char[]){*c, 0}, 0);
    }
    if (is(name, "init"))
        small_end();
}

START_TEST(fpu)
{
    small.program = fpu_program;
    small_run("init");
}
END_TEST

static int jump_now;

static void
jump_program(const char *name)
{
    if (is(name, "a")) {
        while (!jump_now)
            spin_ms(10);
        fake.now_us += 3600ull * 1000000; // power was off for an hour
        rounds[0] = rounds[1] = 0;
    }
    if (!is(name, "init")) {
        count_rounds((u32)(name[0] - 'a'));
        return;
    }
    spawn("a", 0);
    spawn("b", 0);
    sleep_ms(100);
    jump_now = 1;
    sleep_ms(2000); // over at once
    sleep_ms(2000);
    small_end();
}

// Does a jump of the clock cost nobody his turn?
START_TEST(jump)
{
    small.program = jump_program;
    small_run("init");
    ck_assert_uint_ge(rounds[0], 90);
    ck_assert_uint_ge(rounds[1], 90);
}
END_TEST

static void
lazy_program(const char *name)
{
    if (is(name, "b"))
        sleep_ms(5000); // what it saves up must not be much
    if (!is(name, "init")) {
        count_rounds((u32)(name[0] - 'a'));
        return;
    }
    spawn("a", 0);
    spawn("b", 0);
    sleep_ms(5000);
    rounds[0] = rounds[1] = 0;
    sleep_ms(2000);
    small_end();
}

// Does one that slept for long get no more than its part afterwards?
START_TEST(lazy)
{
    small.program = lazy_program;
    small_run("init");
    ck_assert_uint_ge(rounds[0], 90);
    ck_assert_uint_ge(rounds[1], 90);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {fair, prompt, ping, occupied,
                                 fpu,  jump,   lazy, NULL};
    const struct suite suite = {.name = "execution",
                                .open = small_open,
                                .close = small_close,
                                .test = test};

    return suite_run(&suite);
}

// test_process_end.c -- does a process end whole, and leave nothing?
#include <stdio.h>
#include <string.h>

#include "small.h"
#include "suite.h"
#include "tender/disk_read.h"

static int caught; // what a program wants to tell the test
static rid child;

static struct process_entry *
entry(rid id)
{
    return (void *)gate_entry(&small.gate, id);
}

// A victim: gets into the state that its name says and stays there.
static void
stuck(const char *name)
{
    int id;

    if (is(name, "a"))
        for (;;)
            spin_ms(10);
    if (is(name, "b"))
        for (;;)
            sleep_ms(1000000);
    if (is(name, "c")) { // deep in a disk transfer, half of a child made
        small.transfer_ticks = 5;
        for (;;) {
            disk_recovered(&small.disk); // forget what was read
            id = spawn("quick", 0);
            if (id == E_KILLED)
                caught++;
            else
                EXPECT(wait_for((rid)id) == 0);
        }
    }
    if (is(name, "d")) { // owns much, and waits for its own event
        rid event = (rid)sys(OP_CREATE, KIND_ID(KIND_EVENT),
                             put_text(SCRATCH, "e"), 0, 0, 0);
        EXPECT(sys(OP_CREATE, KIND_ID(KIND_MESSAGE), 0, 64, 1024, 0) > 0);
        EXPECT(sys(OP_CREATE, KIND_ID(KIND_TIMER), 0, event, 10000,
                   TIMER_PERIODIC) > 0);
        rid region = (rid)sys(OP_CREATE, KIND_ID(KIND_REGION), 0, 40000, 0, 0);
        EXPECT(sys(OP_CREATE, KIND_ID(KIND_VUSPACE), 0, region, 0,
                   VU_WRITABLE) > 0);
        EXPECT(sys(OP_CREATE, KIND_ID(KIND_REGION), 0, 40000, 0, 0) > 0);
        EXPECT(spawn("b", 0) > 0);
        sys(OP_READ, event, 0, 0, 0, 0);
        EXPECT(entry(self())->killed);
        quit(1);
    }
    quit(3); // quick
}

static void
killer_program(const char *name)
{
    static const char *const victims[] = {"a", "b", "c", "d"};
    struct tally before, after;

    if (!is(name, "init")) {
        if (is(name, "quick"))
            quit(0);
        stuck(name);
    }
    before = small_tally();
    for (u32 i = 0; i < 60; i++) {
        int id = spawn(victims[i % 4], 0);
        u32 n = 0;

        EXPECT(id > 0);
        if (i >= 4) // before it ran at all, or some time later
            sleep_ms(10 * (i / 4));
        if (i % 3 == 0) {
            EXPECT(sys(OP_DELETE, (rid)id, 0, 0, 0, 0) == 0);
            EXPECT(entry((rid)id) == NULL);
        } else { // as control-C and a fault do
            EXPECT(gate_control(&small.gate, (rid)id, PROCESS_KILL,
                                EXIT_KILLED + i % 2, 0, 0) == 0);
            EXPECT(wait_for((rid)id) == (int)(EXIT_KILLED + i % 2));
        }
        if (is(victims[i % 4], "c")) { // the disk must be free for another
            struct disk_read read = {"/bin/b", &n, 0, 4};

            EXPECT(gate_control(&small.gate, KIND_ID(KIND_DISK), DISK_READ_FILE,
                                (word)&read, 0, 0) == 4);
        }
        sleep_ms(60); // its children have ended, too
        u32 index = 0;

        n = 0;
        struct res *res;

        while ((res = table_next(small.processes.table, &index)) != NULL)
            if (res->owner == RID_NONE && res->id != self()) {
                gate_control(&small.gate, res->id, PROCESS_KILL, 1, 0, 0);
                n++;
            }
        EXPECT(n <= 1);
        sleep_ms(60);
        small.transfer_ticks = 1;
        after = small_tally();
        if (!small_same(&before, &after))
            fake_fail("victim %s, round %u leaks", victims[i % 4], i);
        EXPECT(small.disk.busy == 0 && small.processes.loading == 0);
    }
    EXPECT(caught == 0); // a killed one never sees user mode again
    small_end();
}

// Does a process killed anywhere leave nothing behind?
START_TEST(killed)
{
    small.program = killer_program;
    small_run("init");
}
END_TEST

static void
orphan_program(const char *name)
{
    struct tally before, after;

    if (is(name, "b")) {
        sleep_ms(200);
        quit(5);
    }
    if (is(name, "a")) {
        rid early = (rid)spawn("quick", 0);

        child = (rid)spawn("b", 0);
        sleep_ms(50);
        EXPECT(entry(early)->state == PROCESS_ZOMBIE);
        quit(1); // waits for neither
    }
    if (is(name, "quick"))
        quit(2);
    before = small_tally();
    EXPECT(wait_for((rid)spawn("a", 0)) == 1);
    EXPECT(entry(child) != NULL && entry(child)->res.owner == RID_NONE);
    put_text(SCRATCH, entry(child)->res.name);
    EXPECT(sys(OP_OPEN, KIND_ID(KIND_PROCESS), SCRATCH, 0, 0, 0) == (int)child);
    EXPECT(wait_for(child) == E_CHILD); // not ours
    sleep_ms(300);
    EXPECT(entry(child) == NULL);
    after = small_tally();
    EXPECT(small_same(&before, &after));
    small_end();
}

// Are the children of a dead process taken care of?
START_TEST(orphans)
{
    small.program = orphan_program;
    small_run("init");
}
END_TEST

static void
self_program(const char *name)
{
    if (is(name, "a"))
        sys(OP_DELETE, self(), 0, 0, 0, 0); // kills itself
    if (is(name, "b")) {                    // a fault, as boot/trap.c sees it
        gate_control(&small.gate, self(), PROCESS_KILL, EXIT_FAULT, 0, 0);
        sleep_ms(0);
        fake_fail("goes on after a fault");
    }
    if (is(name, "c"))
        for (;;) { // control-C arrives while it runs
            gate_control(&small.gate, KIND_ID(KIND_CONSOLE), CONSOLE_INPUT, 3,
                         0, 0);
            spin_ms(10);
        }
    EXPECT(wait_for((rid)spawn("a", 0)) == EXIT_KILLED);
    EXPECT(wait_for((rid)spawn("b", 0)) == EXIT_FAULT);
    EXPECT(wait_for((rid)spawn("c", PROCESS_FOREGROUND)) == EXIT_KILLED);
    EXPECT(strcmp(small.output, "^C\n") == 0);
    small_end();
}

START_TEST(by_itself)
{
    small.program = self_program;
    small_run("init");
}
END_TEST

static void
last_end(void *state, rid process, int exit_code)
{
    (void)state;
    (void)process;
    EXPECT(exit_code == 9);
    caught = 1;
}

static void
last_program(const char *name)
{
    (void)name;
    sleep_ms(20);
    quit(9);
}

static void
last_idle(void)
{
    if (caught && small.executions.table->used == 0) {
        EXPECT(small.processes.table->used == 0);
        small_end();
    }
}

// When the last process has ended, does idle clean up after it?
START_TEST(last)
{
    small.program = last_program;
    small.idle = last_idle;
    small.processes.ended = last_end;
    small_run("init");
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {killed, orphans, by_itself, last, NULL};
    const struct suite suite = {.name = "process-end",
                                .open = small_open,
                                .close = small_close,
                                .test = test};

    return suite_run(&suite);
}

// test_console.c -- do the console and the devices do what is asked of them?
#include <string.h>

#include "resources/device.h"
#include "small.h"
#include "suite.h"

static rid reader;
static char typed[64];

// --- the console ---

static int
type(const char *text)
{
    int err = 0;

    for (; *text != 0 && err == 0; text++)
        err = gate_control(&small.gate, KIND_ID(KIND_CONSOLE), CONSOLE_INPUT,
                           (word)(u8)*text, 0, 0);
    return err;
}

static void
console_program(const char *name)
{
    if (is(name, "a")) {
        int got = sys(OP_READ, KIND_ID(KIND_CONSOLE), SCRATCH, 60, 0, 0);

        EXPECT(got > 0);
        get_user(typed, SCRATCH, (u32)got);
        quit(got);
    }
    reader = (rid)spawn("a", 0);
    sleep_ms(50);
    EXPECT(sys(OP_CONTROL, reader, PROCESS_POLL, 0, 0, 0) == E_BUSY);
    EXPECT(type("ab\003c") == 0); // no foreground process: a character
    EXPECT(wait_for(reader) == 4);
    EXPECT(is(typed, "ab\003c"));
    EXPECT(small.output_bytes == 0); // no echo
    put_text(SCRATCH, "hello");
    EXPECT(sys(OP_WRITE, KIND_ID(KIND_CONSOLE), SCRATCH, 5, 0, 0) == 5);
    EXPECT(sys(OP_WRITE, KIND_ID(KIND_CONSOLE), SCRATCH, 0, 0, 0) == 0);
    EXPECT(is(small.output, "hello"));
    EXPECT(sys(OP_WRITE, KIND_ID(KIND_CONSOLE), PROCESS_STACK_TOP - 300, 301, 0,
               0) == E_POINTER);
    EXPECT(is(small.output, "hello")); // nothing of it came out
    EXPECT(sys(OP_WRITE, KIND_ID(KIND_CONSOLE), SCRATCH, 65537, 0, 0) ==
           E_ARGUMENT);
    EXPECT(sys(OP_READ, KIND_ID(KIND_CONSOLE), SCRATCH, 0, 0, 0) == E_ARGUMENT);
    EXPECT(sys(OP_CONTROL, KIND_ID(KIND_CONSOLE), CONSOLE_INPUT, 1, 0, 0) ==
           E_KERNEL);
    EXPECT(type("xyz") == 0);
    EXPECT(sys(OP_CONTROL, KIND_ID(KIND_CONSOLE), CONSOLE_PENDING, 0, 0, 0) ==
           3);
    EXPECT(sys(OP_READ, KIND_ID(KIND_CONSOLE), 0x10, 2, 0, 0) == E_POINTER);
    EXPECT(sys(OP_READ, KIND_ID(KIND_CONSOLE), SCRATCH, 2, 0, 0) == 2);
    EXPECT(sys(OP_READ, KIND_ID(KIND_CONSOLE), SCRATCH, 2, 0, 0) == 1);
    for (u32 i = 0; i < CONSOLE_RING; i++)
        EXPECT(type("q") == 0);
    EXPECT(type("q") == E_BUSY);
    EXPECT(sys(OP_READ, KIND_ID(KIND_CONSOLE), SCRATCH, 4000, 0, 0) ==
           CONSOLE_RING);
    small_end();
}

START_TEST(console)
{
    small.program = console_program;
    small_run("init");
}
END_TEST

static void
interrupted_program(const char *name)
{
    if (is(name, "a"))
        for (;;)
            sys(OP_READ, KIND_ID(KIND_CONSOLE), SCRATCH, 1, 0, 0);
    if (is(name, "b"))
        for (;;)
            spin_ms(10);
    for (u32 i = 0; i < 6; i++) {
        rid child =
            (rid)spawn(i % 2 ? "a" : "b", i < 4 ? PROCESS_FOREGROUND : 0);

        sleep_ms(30);
        if (i >= 4)
            EXPECT(sys(OP_CONTROL, KIND_ID(KIND_CONSOLE), CONSOLE_FOREGROUND,
                       child, 0, 0) == 0);
        EXPECT(type("\003") == 0);
        EXPECT(wait_for(child) == EXIT_KILLED);
        EXPECT(sys(OP_CONTROL, KIND_ID(KIND_CONSOLE), CONSOLE_FOREGROUND, child,
                   0, 0) == E_ID);
    }
    EXPECT(sys(OP_CONTROL, KIND_ID(KIND_CONSOLE), CONSOLE_PENDING, 0, 0, 0) ==
           0);
    EXPECT(type("\003") == 0); // the foreground process is dead: a character
    EXPECT(sys(OP_CONTROL, KIND_ID(KIND_CONSOLE), CONSOLE_PENDING, 0, 0, 0) ==
           1);
    small_end();
}

// Does control-C kill the foreground process, whatever it does?
START_TEST(interrupted)
{
    small.program = interrupted_program;
    small_run("init");
}
END_TEST

// --- devices ---

static struct devices devices;
static char calls[64];

static void
note(char c)
{
    calls[strlen(calls)] = c;
}

static int
identify(struct driver *driver)
{
    note('i');
    return driver->state == NULL ? 0 : E_DISK;
}

static int
start(struct driver *driver)
{
    (void)driver;
    note('s');
    return 0;
}

static void
quiesce(struct driver *driver)
{
    note(driver->name[0]);
    note('q');
}

static void
recover(struct driver *driver)
{
    note(driver->name[0]);
    note('r');
}

static void
interrupt(struct driver *driver)
{
    note(driver->name[0]);
}

static void
device_test(void *arg)
{
    static u64 memory[512];
    static struct driver one = {"1",     4,       identify,  start,
                                quiesce, recover, interrupt, NULL};
    static struct driver two = {"2",     4,       identify,  start,
                                quiesce, recover, interrupt, NULL};
    static struct driver none = {"3",     -1,      identify,  start,
                                 quiesce, recover, interrupt, &one};

    (void)arg;
    EXPECT(sizeof(memory) >= device_bytes());
    device_init(&devices, &small.gate, memory, sizeof(memory));
    EXPECT(device_add(&devices, &one) > 0);
    EXPECT(device_add(&devices, &one) == E_EXISTS);
    EXPECT(device_add(&devices, &two) > 0);
    EXPECT(device_add(&devices, &none) == E_DISK);
    EXPECT(is(calls, "isisi"));
    memset(calls, 0, sizeof(calls));
    device_interrupt(&devices, 4);
    device_interrupt(&devices, 5);
    EXPECT(is(calls, "12"));
    memset(calls, 0, sizeof(calls));
    EXPECT(gate_control(&small.gate, KIND_ID(KIND_DEVICE), DEVICE_QUIESCE, 0, 0,
                        0) == 0);
    EXPECT(gate_control(&small.gate, KIND_ID(KIND_DEVICE), DEVICE_RECOVER, 0, 0,
                        0) == 0);
    EXPECT(is(calls, "1q2q1r2r"));
    EXPECT(gate_control(&small.gate, KIND_ID(KIND_DEVICE), 1, 0, 0, 0) ==
           E_ARGUMENT);
    EXPECT(table_find(devices.table, "device/2") != NULL);
    EXPECT(table_find(devices.table, "device/3") == NULL);
}

START_TEST(drivers)
{
    if (fake_run(device_test, NULL) != FAKE_RETURNED)
        ck_abort_msg("%s", fake.sentence);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {console, interrupted, drivers, NULL};
    const struct suite suite = {.name = "console",
                                .open = small_open,
                                .close = small_close,
                                .test = test};

    return suite_run(&suite);
}

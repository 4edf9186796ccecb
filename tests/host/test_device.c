// test_device.c -- do drivers start, rest and recover when they are told to?
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "resources/device.h"
#include "suite.h"

static struct gate gate;
static struct devices devices;
static char events[128]; // a letter for each call, then the driver's number
static struct driver driver[DEVICE_LIMIT + 1];
static int identify_answer;
static int start_answer;

static void
note(struct driver *d, char what)
{
    size_t n = strlen(events);

    if (n + 3 > sizeof(events))
        return;
    events[n] = what;
    events[n + 1] = (char)('0' + (d - driver));
    events[n + 2] = 0;
}

static int
identify(struct driver *d)
{
    note(d, 'i');
    return identify_answer;
}

static int
begin(struct driver *d)
{
    note(d, 's');
    return start_answer;
}

static void
quiesce(struct driver *d)
{
    note(d, 'q');
}

static void
recover(struct driver *d)
{
    note(d, 'r');
}

static void
interrupt(struct driver *d)
{
    note(d, '!');
}

static void
start(void)
{
    static const char *const name[] = {"disk", "timer", "keyboard"};

    fake_open(2048);
    gate_init(&gate);
    device_init(&devices, &gate, calloc(1, device_bytes()), device_bytes());
    for (u32 i = 0; i < ARRAY_LEN(driver); i++)
        driver[i] = (struct driver){.name = i < 3 ? name[i] : "?",
                                    .irq = i == 1 ? 14 : (int)i,
                                    .identify = identify,
                                    .start = begin,
                                    .quiesce = quiesce,
                                    .recover = recover,
                                    .interrupt = interrupt};
    driver[0].irq = 14;
    events[0] = 0;
    identify_answer = start_answer = 0;
}

static void
stop(void)
{
    free(devices.table);
    fake_close();
}

static int
tell(word code)
{
    events[0] = 0;
    return gate_control(&gate, KIND_ID(KIND_DEVICE), code, 0, 0, 0);
}

// Is a device listed only if it is there and starts?
START_TEST(adding)
{
    int id = device_add(&devices, &driver[0]);

    ck_assert_int_gt(id, 0);
    ck_assert_str_eq(events, "i0s0");
    ck_assert_str_eq(gate_entry(&gate, (rid)id)->name, "device/disk");
    ck_assert_int_eq(device_add(&devices, &driver[0]), E_EXISTS);
    ck_assert_str_eq(events, "i0s0"); // it is not touched again
    identify_answer = E_NO_DISK;
    ck_assert_int_eq(device_add(&devices, &driver[1]), E_NO_DISK);
    identify_answer = 0;
    start_answer = E_DISK;
    ck_assert_int_eq(device_add(&devices, &driver[1]), E_DISK);
    ck_assert_str_eq(events, "i0s0i1i1s1");
    ck_assert_uint_eq(devices.table->used, 1);
}
END_TEST

// Is one driver too many refused before it touches its device?
START_TEST(full_table)
{
    char name[DEVICE_LIMIT + 1][4];

    for (u32 i = 0; i <= DEVICE_LIMIT; i++) {
        name[i][0] = (char)('a' + i);
        name[i][1] = 0;
        driver[i].name = name[i];
        events[0] = 0;
        ck_assert_int_eq(device_add(&devices, &driver[i]) > 0,
                         i < DEVICE_LIMIT);
    }
    ck_assert_str_eq(events, "");
    ck_assert_int_eq(device_add(&devices, &driver[DEVICE_LIMIT]), E_TABLE);
}
END_TEST

// Are all drivers told, in the order in which they were added?
START_TEST(telling)
{
    ck_assert_int_eq(tell(DEVICE_QUIESCE), 0);
    ck_assert_str_eq(events, "");
    ck_assert_int_gt(device_add(&devices, &driver[2]), 0);
    ck_assert_int_gt(device_add(&devices, &driver[0]), 0);
    ck_assert_int_gt(device_add(&devices, &driver[1]), 0);
    ck_assert_int_eq(tell(DEVICE_QUIESCE), 0);
    ck_assert_str_eq(events, "q2q0q1");
    ck_assert_int_eq(tell(DEVICE_RECOVER), 0);
    ck_assert_str_eq(events, "r2r0r1");
}
END_TEST

// Does an interrupt reach those who have its line, and is it counted?
START_TEST(interrupts)
{
    struct resource_info info = {0};
    const struct kind *row = &gate.kind[KIND_DEVICE];
    int disk = device_add(&devices, &driver[0]);
    int deaf = device_add(&devices, &driver[2]);

    driver[2].interrupt = NULL;
    ck_assert_int_gt(device_add(&devices, &driver[1]), 0);
    events[0] = 0;
    device_interrupt(&devices, 14);
    device_interrupt(&devices, 2);
    device_interrupt(&devices, 0);
    device_interrupt(&devices, 14);
    ck_assert_str_eq(events, "!0!1!0!1");
    row->describe(row->state, gate_entry(&gate, (rid)disk), &info);
    ck_assert_uint_eq(info.detail[0], 14);
    ck_assert_uint_eq(info.detail[1], 2);
    row->describe(row->state, gate_entry(&gate, (rid)deaf), &info);
    ck_assert_uint_eq(info.detail[1], 0);
}
END_TEST

static void
no_line(void *arg)
{
    device_interrupt(&devices, *(int *)arg);
}

// Is everything else refused?
START_TEST(refusals)
{
    struct call call = {
        RID_NONE + 1, KIND_ID(KIND_DEVICE), OP_CONTROL, {DEVICE_QUIESCE}};
    int id = device_add(&devices, &driver[0]);
    int line[] = {-1, 16};

    events[0] = 0;
    ck_assert_int_eq(gate_call(&gate, &call), E_KERNEL);
    ck_assert_int_eq(tell(1), E_ARGUMENT);
    ck_assert_int_eq(gate_control(&gate, (rid)id, DEVICE_QUIESCE, 0, 0, 0),
                     E_ARGUMENT);
    ck_assert_int_eq(gate_delete(&gate, (rid)id), E_OP);
    for (u32 i = 0; i < 2; i++)
        ck_assert_int_eq(fake_run(no_line, &line[i]), FAKE_FAILED);
    ck_assert_str_eq(events, "");
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {adding,     full_table, telling,
                                 interrupts, refusals,   NULL};
    const struct suite suite = {
        .name = "device", .open = start, .close = stop, .test = test};

    return suite_run(&suite);
}

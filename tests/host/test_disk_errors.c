// test_disk_errors.c -- does a drive that fails, or is full, harm what runs?
//
// Errors while a save is made are in test_disk_damage.
#include <string.h>

#include "disk_work.h"
#include "started.h"
#include "suite.h"

#define BLOCKS 2560u
#define SMALL 360u
#define REQUESTS_MAX 60u

static void
start_on(u32 blocks)
{
    host_disk_open(blocks);
    boot(OUTCOME_COLD);
    ck_assert_int_ge(place_create(3, 0), 0);
    ck_assert_int_ge(place_create(20, 1), 0);
    places_write();
}

// Write, save, cut: it comes back.
static void
ck_goes_on(void)
{
    places_write();
    ck_assert_int_eq(kernel_save(), 0);
    ck_whole();
    u32 saved = places_version();

    boot(OUTCOME_RESTORE);
    ck_whole();
    ck_assert_uint_eq(places_version(), saved);
}

// --- errors at each request of an operation ---

static const struct medium_fault faults[] = {
    {.what = MEDIUM_WRITE},
    {.what = MEDIUM_WRITE, .part = 1},
    {.what = MEDIUM_WRITE, .part = 11},
    {.what = MEDIUM_WRITE, .part = MEDIUM_ALL},
    {.what = MEDIUM_FLUSH},
    {.what = MEDIUM_FLUSH, .loses = 1},
    {.what = MEDIUM_FLUSH, .part = 3, .loses = 1},
    {.what = MEDIUM_READ},
};

struct trial {
    void (*setup)(void);
    u32 code;                   // of kernel_control(): what fails
    void (*refused)(u32 after); // what must hold then
};

static void
control(void *arg)
{
    const struct trial *trial = arg;
    int err = kernel_control(trial->code);

    if (err >= 0)
        return;
    if (err != E_PLATE_DISK)
        fake_fail("refused with %d: %s", err, error_sentence(err));
    fake_fail("refused");
}

// One trial: whether the request with this number was there to fail.
static int
try_fault(const struct trial *trial, struct medium_fault fault, u32 after)
{
    start_on(BLOCKS);
    trial->setup();
    fault.times = 1;
    fault.after = after;
    medium_figures.errors = 0;
    medium_fail(fault);
    enum fake_end end = fake_run(control, (void *)trial);

    medium_fail((struct medium_fault){.what = 0});
    if (medium_figures.errors == 0) {
        ck_assert_int_ne(end, FAKE_FAILED);
    } else {
        ck_assert_int_eq(end, FAKE_FAILED);
        ck_assert_str_eq(fake.sentence, "refused");
        ck_whole();
        trial->refused(after);
    }
    fake_close();
    return medium_figures.errors != 0;
}

static void
try_all(const struct trial *trial)
{
    for (u32 i = 0; i < ARRAY_LEN(faults); i++) {
        u32 after = 0;

        while (try_fault(trial, faults[i], after))
            ck_assert_uint_lt(++after, REQUESTS_MAX);
        if (faults[i].what == MEDIUM_READ)
            ck_assert_uint_eq(after, 0);
        else
            ck_assert_uint_ge(after, 2);
    }
}

// --- enabling ---

static void
nothing(void)
{
}

static void
enabling_refused(u32 after)
{
    if (after % 2 == 0) {
        boot(OUTCOME_COLD);
        ck_assert_int_ge(place_create(5, 1), 0);
    }
    ck_assert_int_eq(kernel_save(), E_OCC_OFF);
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    ck_whole();
    ck_goes_on();
}

START_TEST(enabling)
{
    const struct trial trial = {nothing, SYSTEM_OCC_ENABLE, enabling_refused};

    try_all(&trial);
}
END_TEST

// --- disabling ---

static void
enable_and_save_two(void)
{
    disk_enable_and_save();
    disk_save_next();
}

// It is enabled still.  The saves may be there or given up, but nothing else.
static void
disabling_refused(u32 after)
{
    u32 before = places_version();

    ck_assert_int_eq(kernel_control(SYSTEM_OCC_ENABLE), E_OCC_ON);
    if (after % 2 == 0) {
        ck_goes_on();
        return;
    }
    host_disk_power_cut();
    ck_assert_msg(kernel_boot(&booted, NV_AUTO) == 0, "%s", fake.sentence);
    ck_whole();
    if (booted.decision.outcome == OUTCOME_COLD) {
        ck_assert_int_ge(place_create(5, 1), 0);
        ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    } else {
        ck_assert_int_eq(booted.decision.outcome, OUTCOME_RESTORE);
        ck_assert_uint_eq(places_version(), before);
    }
    ck_goes_on();
}

START_TEST(disabling)
{
    const struct trial trial = {enable_and_save_two, SYSTEM_OCC_DISABLE,
                                disabling_refused};

    try_all(&trial);
}
END_TEST

// What a save says that comes between a disabling that was refused and one that
// is not: nothing of it stays.
static void
disabled_again(u32 after)
{
    (void)after;
    places_write();
    ck_assert_int_eq(kernel_save(), 0);
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_DISABLE), 0);
    ck_whole();
    boot(OUTCOME_COLD);
}

START_TEST(disabling_again)
{
    const struct trial trial = {enable_and_save_two, SYSTEM_OCC_DISABLE,
                                disabled_again};

    try_all(&trial);
}
END_TEST

// --- shutting down ---

static void
enable_save_write(void)
{
    disk_enable_and_save();
    places_write();
    fake_text_clear();
}

static void
shut_down(void *arg)
{
    (void)arg;
    kernel_control(SYSTEM_SHUTDOWN);
}

// The system runs on, says so, and can be shut down again.
static void
shutdown_refused(u32 after)
{
    u32 before = places_version();

    ck_assert_ptr_nonnull(strstr(fake_text(), "save refused"));
    ck_assert_ptr_nonnull(strstr(fake_text(), "save 1 is still the newest"));
    if (after % 2 == 0) {
        places_write();
        before++;
        ck_assert_int_eq(fake_run(shut_down, NULL), FAKE_STOPPED);
        boot(OUTCOME_RESTORE);
        ck_assert_uint_eq(places_version(), before);
    } else {
        boot(OUTCOME_RESTORE);
        ck_assert(places_version() == before || places_version() == before - 1);
    }
    ck_whole();
    ck_goes_on();
}

START_TEST(shutting_down)
{
    const struct trial trial = {enable_save_write, SYSTEM_SHUTDOWN,
                                shutdown_refused};

    try_all(&trial);
}
END_TEST

// --- a full disk ---

// A save that finds no room for the plate of a new space writes nothing; the
// save before stays, and without the space all goes on.
START_TEST(full_for_a_plate)
{
    start_on(SMALL);
    disk_enable_and_save();
    u32 saved = places_version();
    int big = place_create(300, 1);
    u32 writes = medium_figures.writes;

    ck_assert_int_ge(big, 0);
    ck_assert_int_ge(place_create(2, 1), 0);
    places_write();
    for (u32 i = 0; i < 3; i++) {
        ck_assert_int_eq(kernel_save(), E_UNITS);
        ck_whole();
    }
    ck_assert_uint_eq(medium_figures.writes, writes);
    boot(OUTCOME_RESTORE);
    ck_whole();
    ck_assert_uint_eq(places_version(), saved);

    big = place_create(300, 1);
    places_write();
    ck_assert_int_eq(kernel_save(), E_UNITS);
    ck_assert_int_eq(place_delete((u32)big), 0);
    ck_whole();
    ck_goes_on();
}
END_TEST

// A plate that is deleted leaves its room to the next save, though the newest
// one still names what it had.
START_TEST(full_then_deleted)
{
    start_on(SMALL);
    int old = place_create(75, 1);

    disk_enable_and_save();
    int new = place_create(75, 1);

    places_write();
    ck_assert_int_eq(kernel_save(), E_UNITS);
    ck_assert_int_eq(place_delete((u32)old), 0);
    ck_goes_on();
    ck_goes_on();
    ck_assert_int_eq(place_delete((u32) new), 0);
    ck_assert_int_ge(place_create(75, 1), 0);
    ck_goes_on();
}
END_TEST

// Enabling that finds no room undoes all.
START_TEST(full_for_all)
{
    start_on(SMALL);
    int big = place_create(300, 1);

    ck_assert_int_eq(kernel_control(SYSTEM_OCC_ENABLE), E_UNITS);
    ck_whole();
    ck_assert_int_eq(kernel_save(), E_OCC_OFF);
    ck_assert_int_eq(place_delete((u32)big), 0);
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    ck_whole();
    ck_goes_on();
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {
        enabling,         disabling,         disabling_again, shutting_down,
        full_for_a_plate, full_then_deleted, full_for_all,    NULL};
    const struct suite suite = {.name = "disk_errors", .test = test};

    return suite_run(&suite);
}

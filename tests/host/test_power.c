// test_power.c -- the power is cut at every store of everything that matters
//
// After each cut: boot, all tables, mappings and places right, then a save,
// another cut, another boot, and all right again (power.c).
#include "power.h"
#include "suite.h"

// --- saving ---

static void
save_once(void *state)
{
    (void)state;
    places_write();
    power_must(kernel_save());
    power_promise();
    places_write();
}

START_TEST(save)
{
    power_check("save", power_start, save_once);
}
END_TEST

static void
save_often(void *state)
{
    for (u32 i = 0; i < 3; i++)
        save_once(state);
}

START_TEST(saves)
{
    power_check("saves", power_start, save_often);
}
END_TEST

// Spaces that come and go: new plates, and the pending-delete table.
static void
change_places(void *state)
{
    int made = place_create(3, 0);

    (void)state;
    power_must(made);
    power_must(place_create(1, 1));
    power_must(place_delete(0));
    power_must(place_delete(1));
    places_write();
    power_must(kernel_save());
    power_promise();
    power_must(place_delete((u32)made));
    power_must(place_create(2, 1));
    for (u32 i = 0; i < 2; i++) { // no table page changes in the second one
        places_write();
        power_must(kernel_save());
        power_promise();
    }
}

START_TEST(deleting)
{
    power_check("delete", power_start, change_places);
}
END_TEST

// A save that is refused half-way, because memory is full, and goes well
// when there is some again.
static void
save_without_memory(void *state)
{
    struct gate *gate = &kernel()->gate;
    u32 pages;
    int hog;

    (void)state;
    places_write();
    power_must(place_create(3, 1));
    power_must(place_create(2, 1));
    peek(&pages, &kernel()->plates.rm->head->free, sizeof(pages));
    hog =
        gate_create(gate, KIND_REGION, "hog", (pages - 7) * PAGE_SIZE, 1, 0, 0);
    power_must(hog);
    if (kernel_save() != E_MEMORY)
        fake_fail("there was memory for the save");
    power_whole("after the refused save");
    power_must(gate_delete(gate, (rid)hog));
    places_write();
    power_must(kernel_save());
    power_promise();
}

START_TEST(refused)
{
    power_check("refused", power_start, save_without_memory);
}
END_TEST

// --- switching it on and off ---

static void
enable_and_save(void *state)
{
    (void)state;
    places_write();
    power_must(kernel_control(SYSTEM_OCC_ENABLE));
    places_write();
    power_must(kernel_save());
    power_promise();
}

START_TEST(enabling)
{
    power_check("enable", power_start_unsaved, enable_and_save);
}
END_TEST

static void
disable_and_enable(void *state)
{
    power_must(kernel_control(SYSTEM_OCC_DISABLE));
    cut_promise(0);
    enable_and_save(state);
}

START_TEST(disabling)
{
    power_check("disable", power_start, disable_and_enable);
}
END_TEST

// --- stopping and starting ---

// What stands there now is kept from the line that says so, not only from the
// end of the machine.
static void
shut_down(void *state)
{
    (void)state;
    places_write();
    fake.on_last = power_promise;
    kernel_control(SYSTEM_SHUTDOWN);
}

// A cut after it has gone on, and before a save, goes back to the last one.
START_TEST(shutdown)
{
    struct cut_case c = power_case("shutdown", power_start, shut_down);

    c.again = 2;
    cut_check(&c);
}
END_TEST

// The boot that goes on takes the shutdown's promise back when it clears the
// flag; that is not cut before its end here.
static void
stop_and_go_on(void *state)
{
    u32 saved = places_version();

    fake_run(shut_down, state);
    cut_promise(saved);
    power_boot(OUTCOME_CONTINUE);
    places_write();
    power_must(kernel_save());
    power_promise();
}

START_TEST(continuing)
{
    struct cut_case c = power_case("continue", power_start, stop_and_go_on);

    c.again = 2;
    cut_check(&c);
}
END_TEST

static void
do_nothing(void *state)
{
    (void)state;
}

static void
boot_cold(void *state)
{
    (void)state;
    fake_power_cut();
    if (kernel_boot(&power_booted, NV_COLD) < 0)
        fake_fail("boot: %s", fake.sentence);
}

START_TEST(first_boot)
{
    power_check("first", do_nothing, boot_cold);
}
END_TEST

// Giving an old state up: it is there or it is not.
static void
start_over(void *state)
{
    boot_cold(state);
    cut_promise(0);
    power_must(place_create(1, 1));
    enable_and_save(state);
}

START_TEST(giving_up)
{
    power_check("over", power_start, start_over);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {save,       saves,     deleting, refused,
                                 enabling,   disabling, shutdown, continuing,
                                 first_boot, giving_up, NULL};
    const struct suite suite = {.name = "power", .seconds = 900, .test = test};

    return suite_run(&suite);
}

// test_linux_power.c -- do Linux programs come back from NV memory as they were saved?
#include "linux_world.h"
#include "power.h"
#include "suite.h"

static void
start_world(void *state)
{
    power_start_unsaved(state);
    world_make();
    power_must(kernel_control(SYSTEM_OCC_ENABLE));
    world_change(0);
    power_must(kernel_save());
}

// Tables, mappings and places; then what is above them.
static void
whole(const char *when)
{
    const char *wrong;

    power_whole(when);
    wrong = world_wrong();
    if (wrong != NULL)
        fake_fail("%s: %s", when, wrong);
}

static void
ck_version(u32 version)
{
    whole("after a boot");
    ck_assert_uint_eq(places_version(), version);
}

static void
open_world(void)
{
    kernel_pages = KERNEL_PAGES_MAX;
    fake_open(kernel_pages);
    start_world(NULL);
}

static void
end_world(void)
{
    const char *wrong = world_end();

    ck_assert_msg(wrong == NULL, "%s", wrong);
    power_whole("at the end");
    fake_close();
}

// Saves, changes that nobody saves, cuts.
static void
ck_restored(int ballast)
{
    open_world();
    for (u32 i = 0; i < 12; i++) {
        u32 version = places_version() + 1;

        world_change(ballast);
        whole("before the save");
        power_must(kernel_save());
        whole("after the save");
        for (u32 more = i % 4; more > 0; more--)
            world_change(ballast);
        power_boot(OUTCOME_RESTORE);
        ck_version(version);
    }
    end_world();
}

// Does a cut bring back what was saved, whatever changed since?
START_TEST(restored)
{
    ck_restored(0);
}
END_TEST

// And if chunks of the pool came or went meanwhile?
START_TEST(chunks)
{
    ck_restored(1);
}
END_TEST

static void
shut_down(void *state)
{
    (void)state;
    kernel_control(SYSTEM_SHUTDOWN);
}

// Does a shutdown keep what was changed after the last save?
START_TEST(continued)
{
    open_world();
    for (u32 i = 0; i < 6; i++) {
        u32 version = places_version() + 1;

        world_change(1);
        fake_run(shut_down, NULL);
        power_boot(OUTCOME_CONTINUE);
        ck_version(version);
    }
    end_world();
}
END_TEST

// --- cuts at every store ---

static int
verify(void *state)
{
    u32 version = places_version();

    (void)state;
    whole("after the boot");
    world_change(0);
    power_must(kernel_save());
    whole("after the next save");
    world_change(0);
    power_boot(OUTCOME_RESTORE);
    whole("after the next boot");
    if (places_version() != version + 1)
        fake_fail("another version than %u came back", version + 1);
    return (int)version;
}

// So often that the child is forked, lives, and goes.
static void
save_often(void *state)
{
    (void)state;
    for (u32 i = 0; i < 3; i++) {
        world_change(0);
        power_must(kernel_save());
        power_promise();
    }
    world_change(0);
}

static void
check(const char *name, void (*operation)(void *state), u32 again)
{
    kernel_pages = KERNEL_PAGES_MAX;
    struct cut_case c = power_case(name, start_world, operation);

    c.verify = verify;
    c.again = again;
    cut_check(&c);
}

START_TEST(cut_saves)
{
    check("linux-saves", save_often, 0);
}
END_TEST

static void
change_and_shut_down(void *state)
{
    world_change(0);
    fake.on_last = power_promise;
    shut_down(state);
}

// A cut after it has gone on goes back to the last save.
START_TEST(cut_shutdown)
{
    check("linux-shutdown", change_and_shut_down, 2);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {restored,  chunks,       continued,
                                 cut_saves, cut_shutdown, NULL};
    const struct suite suite = {
        .name = "linux_power", .seconds = 900, .test = test};

    return suite_run(&suite);
}

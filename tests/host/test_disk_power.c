// test_disk_power.c -- does every power cut leave a state on the disk that boots?
//
// disk_cut.h says how.  Each boot must find no less than was promised, with
// tables and mappings sound and all places of one version; then one more save
// is made and cut in its turn, and one more boot comes.
#include "disk_work.h"
#include "suite.h"

static void
check(const char *name, void (*setup)(void), void (*operation)(void))
{
    struct disk_case c = {.name = name, .setup = setup, .operation = operation};

    disk_cut_check(&c);
}

// --- enabling and disabling ---

static void
nothing(void)
{
}

START_TEST(enabling)
{
    check("enable", nothing, disk_enable_and_save);
}
END_TEST

// The first save copies only what was written since the enabling.
START_TEST(first_save)
{
    check("first", disk_enable, disk_save_next);
}
END_TEST

static void
disable(void)
{
    disk_cut_promise_nothing();
    disk_must(kernel_control(SYSTEM_OCC_DISABLE));
}

START_TEST(disabling)
{
    check("disable", disk_enable_and_save, disable);
}
END_TEST

static void
disable_and_enable(void)
{
    disable();
    disk_enable_and_save();
}

START_TEST(again)
{
    check("again", disk_enable_and_save, disable_and_enable);
}
END_TEST

// --- saves ---

START_TEST(save)
{
    check("save", disk_enable_and_save, disk_save_next);
}
END_TEST

START_TEST(saves)
{
    check("saves", disk_enable_and_save, disk_save_three);
}
END_TEST

static void
enable_many(void)
{
    disk_must(place_create(90, 1));
    disk_must(place_create(40, 0));
    disk_enable_and_save();
}

START_TEST(many_pages)
{
    check("many", enable_many, disk_save_next);
}
END_TEST

static void
come_and_go(void)
{
    disk_must(place_create(3, 1));
    disk_must(place_delete(1));
    disk_save_next();
    disk_must(place_create(2, 0));
    disk_must(place_delete(0));
    disk_must(place_create(1, 1));
    disk_save_next();
}

START_TEST(deleting)
{
    check("delete", disk_enable_and_save, come_and_go);
}
END_TEST

// So few blocks that each one is used again and again.
START_TEST(little_room)
{
    struct disk_case c = {.name = "room",
                          .blocks = DISK_LITTLE_ROOM,
                          .setup = disk_fill_room,
                          .operation = disk_save_round};

    disk_cut_check(&c);
}
END_TEST

START_TEST(least_room)
{
    struct disk_case c = {.name = "least",
                          .blocks = DISK_LEAST_ROOM,
                          .setup = disk_fill_room,
                          .operation = disk_save_round};

    disk_cut_check(&c);
}
END_TEST

// The same, and the newest save turns out to be damaged: is the one before it
// whole at every moment?
START_TEST(older)
{
    struct disk_case c = {.name = "older",
                          .blocks = DISK_LITTLE_ROOM,
                          .setup = disk_fill_room,
                          .operation = disk_save_round,
                          .once = 1,
                          .damage = DISK_ROOM_VERSIONS};

    disk_cut_check(&c);
}
END_TEST

// --- drive errors ---

static void
write_error(void)
{
    disk_refuse_and_save((struct medium_fault){
        .what = MEDIUM_WRITE, .after = 1, .times = 1, .part = 5});
}

START_TEST(refused_write)
{
    check("write-error", disk_enable_and_save, write_error);
}
END_TEST

static void
flush_error(void)
{
    disk_refuse_and_save((struct medium_fault){
        .what = MEDIUM_FLUSH, .times = 1, .part = 9, .loses = 1});
}

START_TEST(refused_flush)
{
    check("flush-error", disk_enable_and_save, flush_error);
}
END_TEST

// The commit sector arrives, but nobody knows.
static void
commit_error(void)
{
    disk_refuse_and_save((struct medium_fault){.what = MEDIUM_WRITE,
                                               .times = 1,
                                               .part = 1,
                                               .sector = HOST_DISK_FIRST + 8,
                                               .sectors = 16});
}

START_TEST(refused_commit)
{
    check("commit-error", disk_enable_and_save, commit_error);
}
END_TEST

static void
last_flush_error(void)
{
    disk_refuse_and_save((struct medium_fault){
        .what = MEDIUM_FLUSH, .after = 1, .times = 1, .part = MEDIUM_ALL});
}

START_TEST(refused_last_flush)
{
    check("last-flush-error", disk_enable_and_save, last_flush_error);
}
END_TEST

// --- stopping, starting ---

static void
shut_down(void)
{
    places_write();
    kernel_control(SYSTEM_SHUTDOWN);
}

START_TEST(shutdown)
{
    check("shutdown", disk_enable_and_save, shut_down);
}
END_TEST

// Saves, a cut, a restore, saves.
static void
restore_and_save(void)
{
    struct booted booted;

    disk_save_next();
    disk_boot(&booted, OUTCOME_RESTORE);
    disk_save_next();
    disk_save_next();
}

START_TEST(restoring)
{
    check("restore", disk_enable_and_save, restore_and_save);
}
END_TEST

static void
start_over(void)
{
    struct booted booted;

    disk_cut_promise_nothing();
    host_disk_power_cut();
    if (kernel_boot(&booted, NV_COLD) < 0)
        fake_fail("nv=cold was refused");
    disk_must(place_create(1, 1));
    disk_enable_and_save();
}

START_TEST(giving_up)
{
    check("over", disk_enable_and_save, start_over);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {
        enabling,      first_save,     disabling,
        again,         save,           saves,
        many_pages,    deleting,       little_room,
        least_room,    older,          refused_write,
        refused_flush, refused_commit, refused_last_flush,
        shutdown,      restoring,      giving_up,
        NULL};
    const struct suite suite = {
        .name = "disk_power", .seconds = 900, .test = test};

    return suite_run(&suite);
}

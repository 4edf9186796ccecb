// test_disk.c -- are files found and read while the disk takes its time?
#include <string.h>

#include "small.h"
#include "suite.h"

static u32 rounds;

static int
list(const char *path, u32 index, struct disk_name *name)
{
    put_text(SCRATCH, path);
    int err = sys(OP_CONTROL, KIND_ID(KIND_DISK), DISK_LIST, SCRATCH, index,
                  SCRATCH + 512);

    if (err == 0)
        get_user(name, SCRATCH + 512, sizeof(*name));
    return err;
}

static void
list_program(const char *program)
{
    struct disk_name name;
    u32 files = 0;

    (void)program;
    for (u32 i = 0; list("/bin", i, &name) == 0; i++) {
        EXPECT(!name.directory);
        EXPECT(is(name.name, "text")    ? name.bytes == 5
               : is(name.name, "short") ? name.bytes == 4500
                                        : name.bytes == 0x3000);
        files++;
    }
    EXPECT(files == 9);
    EXPECT(list("/", 0, &name) == 0);
    EXPECT(list("/", 2, &name) == E_NAME);
    EXPECT(list("/", ~0u, &name) == E_NAME);
    EXPECT(list("/none", 0, &name) == E_FILE);
    EXPECT(list("/bin/a", 0, &name) == E_FILE);
    EXPECT(list("123456789012345678901234567890123456789012345678", 0, &name) ==
           E_TOO_LONG);
    put_text(SCRATCH, "/bin");
    EXPECT(sys(OP_CONTROL, KIND_ID(KIND_DISK), DISK_LIST, SCRATCH, 0,
               0xc0000000) == E_POINTER);
    EXPECT(sys(OP_CONTROL, KIND_ID(KIND_DISK), DISK_READ_FILE, 0, 0, 0) ==
           E_KERNEL);
    EXPECT(sys(OP_CONTROL, KIND_ID(KIND_DISK), 3, 0, 0, 0) == E_ARGUMENT);
    EXPECT(sys(OP_READ, KIND_ID(KIND_DISK), 0, 0, 0, 0) == E_OP);
    disk_recovered(&small.disk);
    small.transfer_fails = 1;
    EXPECT(list("/bin", 0, &name) == E_DISK);
    EXPECT(list("/bin", 0, &name) == 0);
    small.disk.driver = NULL;
    EXPECT(list("/bin", 0, &name) == E_NO_DISK);
    small_end();
}

START_TEST(listing)
{
    small.program = list_program;
    small_run("init");
}
END_TEST

static void
crowd_program(const char *name)
{
    struct disk_name found;

    if (!is(name, "init")) {
        for (u32 i = 0; i < 40; i++) {
            if (i % 5 == 0)
                disk_recovered(&small.disk);
            EXPECT(list("/bin", i % 9, &found) == 0);
            rounds++;
        }
        quit(0);
    }
    rid child[4];

    for (u32 i = 0; i < 4; i++)
        child[i] = (rid)spawn((char[]){(char)('a' + i), 0}, 0);
    for (u32 i = 0; i < 4; i++)
        EXPECT(wait_for(child[i]) == 0);
    EXPECT(rounds == 160);
    EXPECT(small.disk.busy == 0);
    small_end();
}

// May several ask at a time, and does the processor do other things meanwhile?
START_TEST(crowd)
{
    small.program = crowd_program;
    small.transfer_ticks = 3;
    small_run("init");
    ck_assert_uint_gt(small.executions.idle.ticks, 50);
}
END_TEST

static void
silent_program(const char *name)
{
    struct disk_name found;

    if (is(name, "a")) {
        small.transfer_ticks = 1000; // no interrupt for ten seconds
        disk_recovered(&small.disk);
        EXPECT(list("/bin", 0, &found) == 0);
        quit(0);
    }
    rid child = (rid)spawn("a", 0);

    sleep_ms(100);
    // A save completes the transfer; its interrupt never comes.
    EXPECT(small.transfer != 0);
    small.transfer = 0;
    small.transfer_ticks = 1;
    u64 before = fake.now_us;

    EXPECT(wait_for(child) == 0);
    EXPECT(fake.now_us - before < 300000);
    small_end();
}

// Is a transfer noticed that a save completed without an interrupt?
START_TEST(silent)
{
    small.program = silent_program;
    small_run("init");
}
END_TEST

static void
never_program(const char *name)
{
    struct disk_name found;

    (void)name;
    small.transfer_ticks = 1000000;
    disk_recovered(&small.disk);
    EXPECT(list("/bin", 0, &found) == E_DISK);
    small_end();
}

// Does a disk that never answers end in an error?
START_TEST(never)
{
    small.program = never_program;
    small_run("init");
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {listing, crowd, silent, never, NULL};
    const struct suite suite = {
        .name = "disk", .open = small_open, .close = small_close, .test = test};

    return suite_run(&suite);
}

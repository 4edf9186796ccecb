// test_linux_log.c -- do programs get what the kernel said?
#include "linux/calls.h"
#include "linux_fake.h"

#define DATA (USER_AT + 0x1000)

// Positions begin where the test does.
static void
start(void)
{
    world_open();
    world.linux->log_read = world.linux->log_cleared = machine_logged();
}

static void
put(const char *text)
{
    machine_log(text, (u32)strlen(text));
}

static int
ask(u32 action, u32 at, u32 bytes)
{
    const u32 a[3] = {action, at, bytes};

    return sys_syslog(world.task, a);
}

static void
ck_reads(u32 action, u32 bytes, const char *text)
{
    memset(world.user, '#', sizeof(world.user));
    ck_assert_int_eq(ask(action, DATA, bytes), (int)strlen(text));
    ck_assert_mem_eq(world.user + (DATA - USER_AT), text, strlen(text));
    ck_assert_int_eq(world.user[DATA - USER_AT + strlen(text)], '#');
}

// The newest bytes as often as one wants, until they are cleared.
START_TEST(all)
{
    put("one\ntwo\n");
    ck_reads(3, 100, "one\ntwo\n");
    ck_reads(3, 6, "e\ntwo\n");
    ck_reads(4, 100, "one\ntwo\n");
    ck_reads(3, 100, "");
    put("three\n");
    ck_reads(3, 100, "three\n");
    ck_assert_int_eq(ask(5, 0, 0), 0);
    ck_reads(3, 100, "");
}
END_TEST

static int
says_something(void)
{
    put("at last\n");
    return 1;
}

// Each byte once; waiting for the first one.
START_TEST(unread)
{
    put("one\ntwo\n");
    ck_assert_int_eq(ask(9, 0, 0), 8);
    ck_reads(2, 5, "one\nt");
    ck_reads(2, 100, "wo\n");
    ck_assert_int_eq(ask(9, 0, 0), 0);
    world.while_waiting = says_something;
    ck_reads(2, 100, "at last\n");
    ck_assert_uint_eq(world.waits, 1);
    world.while_waiting = NULL;
    world.pending = 1;
    ck_assert_int_eq(ask(2, DATA, 100), -ERESTART);
    ck_reads(3, 100, "one\ntwo\nat last\n");
}
END_TEST

// When the ring has gone round: from the first whole line on.
START_TEST(ring)
{
    char line[101];

    memset(line, 'x', 99);
    strcpy(line + 99, "\n");
    for (u32 i = 0; i < MACHINE_LOG / 100 + 50; i++)
        put(line);
    int whole = MACHINE_LOG / 100 * 100;

    ck_assert_int_eq(ask(9, 0, 0), whole);
    ck_assert_int_eq(ask(3, DATA, MACHINE_LOG), whole);
    ck_assert_mem_eq(world.user + (DATA - USER_AT), line, 100);
    ck_assert_int_eq(ask(2, DATA, MACHINE_LOG), whole);
}
END_TEST

START_TEST(refused)
{
    put("one\n");
    ck_assert_int_eq(ask(11, DATA, 10), -EINVAL);
    ck_assert_int_eq(ask(~0u, DATA, 10), -EINVAL);
    ck_assert_int_eq(ask(3, 0, 10), -EINVAL);
    ck_assert_int_eq(ask(3, DATA, ~0u), -EINVAL);
    ck_assert_int_eq(ask(3, 1, 10), -EFAULT);
    ck_assert_int_eq(ask(4, 1, 10), -EFAULT);
    ck_assert_int_eq(ask(8, 0, 0), -EINVAL);
    ck_assert_int_eq(ask(8, 0, 8), 0);
    ck_assert_int_eq(ask(10, 0, 0), (int)MACHINE_LOG);
    world.task->euid = 5;
    for (u32 action = 0; action <= 10; action++)
        if (action != 3 && action != 10)
            ck_assert_int_eq(ask(action, DATA, 4), -EPERM);
    ck_reads(3, 100, "one\n");
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {all, unread, ring, refused, NULL};
    const struct suite suite = {.name = "linux_log",
                                .open = start,
                                .close = world_close,
                                .test = tests};

    return suite_run(&suite);
}

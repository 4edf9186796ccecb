// test_options.c -- is the kernel command line understood, or refused by name?
#include <string.h>

#include "suite.h"
#include "tender/error.h"
#include "tender/options.h"

static struct options options;
static char wrong[256];

static int
read_options(const char *line)
{
    memset(&options, 0xee, sizeof(options));
    wrong[0] = '\0';
    return options_read(&options, line, wrong, sizeof(wrong));
}

static void
ck_refused(const char *line, const char *names)
{
    ck_assert_msg(read_options(line) == E_ARGUMENT, "%s", line);
    ck_assert_msg(strstr(wrong, names) != NULL, "%s: %s", line, wrong);
}

START_TEST(defaults)
{
    static const char *const line[] = {"", "   ", "/boot/tender.elf",
                                       "  /boot/tender.elf  "};

    for (u32 i = 0; i < ARRAY_LEN(line); i++) {
        ck_assert_int_eq(read_options(line[i]), 0);
        ck_assert_int_eq(options.nv, NV_AUTO);
        ck_assert_int_eq(options.plate, PLATE_NV);
        ck_assert_int_eq(options.occ, 0);
        ck_assert_str_eq(options.run, "/bin/init");
    }
}
END_TEST

START_TEST(all)
{
    ck_assert_int_eq(read_options("/k nv=restore plate=off  occ=on "
                                  "run=/bin/sh"),
                     0);
    ck_assert_int_eq(options.nv, NV_RESTORE);
    ck_assert_int_eq(options.plate, PLATE_OFF);
    ck_assert_int_eq(options.occ, 1);
    ck_assert_str_eq(options.run, "/bin/sh");
    ck_assert_int_eq(read_options("nv=cold nv=continue plate=disk occ=off"), 0);
    ck_assert_int_eq(options.nv, NV_CONTINUE);
    ck_assert_int_eq(options.plate, PLATE_DISK);
}
END_TEST

START_TEST(refused)
{
    ck_refused("nv=maybe", "nv=maybe");
    ck_refused("nv=", "nv=");
    ck_refused("nv", "nv");
    ck_refused("nv=coldish", "nv=coldish");
    ck_refused("NV=cold", "NV");
    ck_refused("occ=yes", "occ=yes");
    ck_refused("quiet", "quiet");
    ck_refused("=cold", "option");
    ck_refused("/k /k", "/k");
    ck_refused("run=relative", "run=relative");
    ck_refused("run=", "run=");
    ck_refused("plate=nv nv=cold color=red", "color");
}
END_TEST

// Are long words refused, not cut off to something that is understood?
START_TEST(long_words)
{
    char line[400];

    memset(line, 'x', sizeof(line));
    memcpy(line, "run=/", 5);
    line[4 + 47] = '\0'; // the longest path that fits
    ck_assert_int_eq(read_options(line), 0);
    ck_assert_uint_eq(strlen(options.run), 47);
    line[4 + 47] = 'x';
    line[4 + 48] = '\0';
    ck_refused(line, "run=");
    line[4 + 48] = 'x';
    line[sizeof(line) - 1] = '\0';
    ck_refused(line, "run=");
    memcpy(line, "nv=cold", 7);
    ck_refused(line, "nv=cold");
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {defaults, all, refused, long_words, NULL};
    const struct suite suite = {.name = "options", .test = test};

    return suite_run(&suite);
}

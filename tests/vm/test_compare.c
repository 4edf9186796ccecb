// test_compare.c -- does the comparison read what the kernel prints?
#include <check.h>
#include <stdlib.h>

#include "checked.h"
#include "compare.h"
#include "compare_lines.h"

// Are all figures of each line found, in the midst of others?
START_TEST(lines)
{
    struct enabled_line enabled;
    struct saved_line saved;
    struct boot_line boot;

    ck_assert(enabled_line_read(
        "occ enable\r\ntender: enabled: 46 plates, 92 save areas, 1280 pages, "
        "11803 us, disk 17 us in 3 requests\r\ncounter: 7\n",
        &enabled));
    ck_assert(enabled.plates == 46 && enabled.areas == 92);
    ck_assert(enabled.pages == 1280 && enabled.us == 11803);
    ck_assert(enabled.disk.us == 17 && enabled.disk.requests == 3);
    ck_assert(saved_line_read("tender: saved 12: 55 pages, 4 table pages, "
                              "241664 bytes, 1650 us, disk 9 us in 1 requests",
                              &saved));
    ck_assert(saved.number == 12 && saved.pages == 55 && saved.tables == 4);
    ck_assert(saved.bytes == 241664 && saved.us == 1650);
    ck_assert(saved.disk.us == 9 && saved.disk.requests == 1);
    ck_assert(boot_line_read("tender: boot: firmware+grub 1 us, kernel 2 us, "
                             "tables 3 us, plates 4 us, devices 5 us, disk 6 "
                             "us in 7 requests (tables 2 us, plates 4 us)\n",
                             &boot));
    ck_assert(boot.firmware == 1 && boot.kernel == 2 && boot.tables == 3);
    ck_assert(boot.plates == 4 && boot.devices == 5);
    ck_assert(boot.disk.us == 6 && boot.disk.requests == 7);
    ck_assert(boot.split && boot.disk_tables == 2 && boot.disk_plates == 4);
}
END_TEST

// Is a line without the disk's part taken, and one that is spoilt refused?
START_TEST(other_lines)
{
    struct enabled_line enabled;
    struct saved_line saved = {.disk = {1, 1}};
    struct boot_line boot;

    ck_assert(saved_line_read(
        "tender: saved 3: 1 pages, 2 table pages, 3 bytes, 4 us", &saved));
    ck_assert(saved.disk.us == 0 && saved.disk.requests == 0);
    ck_assert(boot_line_read("tender: boot: firmware+grub 1 us, kernel 2 us, "
                             "tables 3 us, plates 4 us, devices 5 us\n",
                             &boot));
    ck_assert(!boot.split && boot.disk.us == 0);
    ck_assert(!saved_line_read("tender: saved 3: 1 pages, 2 ta", &saved));
    ck_assert(!saved_line_read("tender: saved 3: 1 pages, 2 table pages, 3 "
                               "bytes, 4 us, disk much",
                               &saved));
    ck_assert(!enabled_line_read("tender: boot: enabled: 1 plates", &enabled));
    ck_assert(!boot_line_read("", &boot));
}
END_TEST

static void
add(int run, const char *system, double value)
{
    values_add(run, system, "enable", "total", "ms", value);
}

// Is a median the middle, and a ratio taken within each run?
START_TEST(medians)
{
    struct spread s;

    ck_assert_int_eq(values_of(NV, "enable", "total").values, 0);
    add(1, NV, 10);
    add(2, NV, 40);
    add(3, NV, 20);
    add(3, NV, 20);
    add(1, DISK_SLOW, 100);
    add(2, DISK_SLOW, 100);
    s = values_of(NV, "enable", "total");
    ck_assert_int_eq(s.values, 4);
    ck_assert(s.min == 10 && s.median == 20 && s.max == 40);
    s = values_ratio(NV, "total", DISK_SLOW, "total", "enable", "enable");
    ck_assert_int_eq(s.values, 2);
    ck_assert(s.min == 0.1 && s.median == 0.25 && s.max == 0.4);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("the comparison");
    TCase *tests = tcase_create("lines and values");

    tcase_add_test(tests, lines);
    tcase_add_test(tests, other_lines);
    tcase_add_test(tests, medians);
    suite_add_tcase(suite, tests);
    return checked_main(suite);
}

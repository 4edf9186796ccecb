// test_linux_calls.c -- random and wrong Linux calls: does nobody else notice?
#include "checked.h"
#include "linux_fuzz.h"

// 20 seconds of calls by three processes of three threads each; the long run
// is `make fuzz-linux`.
START_TEST(fuzz)
{
    linux_fuzz("linux-fuzz", 20, 1);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("Linux calls");
    TCase *tests = tcase_create("random");

    tcase_set_timeout(tests, CASE_SECONDS);
    tcase_add_test(tests, fuzz);
    suite_add_tcase(suite, tests);
    return checked_main(suite);
}

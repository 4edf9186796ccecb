// suite.c -- run the tests of one program
#include "suite.h"

#include <stddef.h>

#define SECONDS 300

int
suite_run(const struct suite *suite)
{
    Suite *s = suite_create(suite->name);
    TCase *tcase = tcase_create(suite->name);
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, suite->seconds != 0 ? suite->seconds : SECONDS);
    if (suite->open != NULL)
        tcase_add_checked_fixture(tcase, suite->open, suite->close);
    for (const TTest *const *test = suite->test; *test != NULL; test++)
        tcase_add_test(tcase, *test);
    suite_add_tcase(s, tcase);
    runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

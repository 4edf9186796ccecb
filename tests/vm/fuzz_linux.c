// fuzz_linux.c -- random Linux calls for as long as is wanted
//
//   fuzz_linux [SECONDS [SEED]]      ten minutes; a seed from the clock
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "checked.h"
#include "linux_fuzz.h"
#include "session.h"

static unsigned seconds, seed;

// As a test: what it is made of checks as tests do.
START_TEST(fuzz)
{
    linux_fuzz("fuzz-linux", seconds, seed);
}
END_TEST

int
main(int argc, char **argv)
{
    Suite *suite = suite_create("fuzz-linux");
    TCase *tests = tcase_create("random");

    seconds = argc > 1 ? (unsigned)atoi(argv[1]) : 600;
    seed =
        argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : (unsigned)time(NULL);

    if (!session_possible("busybox", "random calls"))
        return 1;
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, seconds + CASE_SECONDS);
    tcase_add_test(tests, fuzz);
    printf("fuzz-linux: %u seconds, seed %u\n", seconds, seed);
    fflush(stdout);
    return checked_main(suite);
}

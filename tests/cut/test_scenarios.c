// test_scenarios.c -- power cuts in the real kernel: the part of make test
//
// The scenarios marked quick, M1 thinned, M2 where order matters.  `make explore`
// does all of it.
#include <stdio.h>
#include <unistd.h>

#include "tests/cut/campaign.h"
#include "tests/vm/clock.h"

// Returns 1 passed, 0 failed, -1 skipped.
static int
run(const struct scenario *s)
{
    struct campaign c = {.scenario = s,
                         .every = 256,
                         .variants = 12,
                         .seconds = 2,
                         .second_cuts = 20,
                         .run_on = 400};
    struct share_figures f = {0};
    double started = now();
    const char *lacks = campaign_open(&c, true);

    if (lacks != NULL) {
        printf("skipped: %s: %s\n", s->name, lacks);
        return -1;
    }
    campaign_run(&c, (int)sysconf(_SC_NPROCESSORS_ONLN), &f);
    printf("%s: %llu events, %llu images, %llu distinct, %llu boots, %llu "
           "used on, %llu losses, %.0f s\n",
           s->name, (unsigned long long)c.record.count,
           (unsigned long long)f.images, (unsigned long long)f.distinct,
           (unsigned long long)f.boots, (unsigned long long)f.used,
           (unsigned long long)f.failures, now() - started);
    record_free(&c.record);
    return f.failures == 0;
}

int
main(void)
{
    int passed = 0, failed = 0;
    const struct scenario *s;

    for (unsigned i = 0; (s = scenario_at(i)) != NULL; i++) {
        int result = s->quick ? run(s) : -1;

        passed += result == 1;
        failed += result == 0;
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}

// test_scenarios.c -- power cuts in the real kernel: the part of make test
//
// The scenarios marked quick, M1 thinned, M2 where order matters.  `make explore`
// does all of it.
#include <stdio.h>
#include <unistd.h>

#include "tests/cut/campaign.h"
#include "tests/cut/report.h"
#include "tests/vm/clock.h"

// How it went.
enum { FAILED, PASSED, SKIPPED, RESULTS };

static int
run(const struct scenario *s, struct report_row *row)
{
    struct campaign c = {.scenario = s,
                         .every = 256,
                         .variants = 12,
                         .seconds = 2,
                         .second_cuts = 20,
                         .run_on = 400};
    double started = now();
    const char *lacks = campaign_open(&c, true);

    snprintf(row->name, sizeof(row->name), "%s", s->name);
    if (lacks != NULL) {
        snprintf(row->skipped, sizeof(row->skipped), "%s", lacks);
        report_line(row);
        return SKIPPED;
    }
    campaign_run(&c, (int)sysconf(_SC_NPROCESSORS_ONLN), &row->figures);
    row->events = c.record.count;
    row->seconds = now() - started;
    report_line(row);
    record_free(&c.record);
    return row->figures.failures == 0 ? PASSED : FAILED;
}

int
main(void)
{
    static struct report_row row[SCENARIOS_MAX];
    int results[RESULTS] = {0};
    const struct scenario *s;
    unsigned rows = 0;

    for (unsigned i = 0; (s = scenario_at(i)) != NULL; i++)
        if (s->quick)
            results[run(s, &row[rows++])]++;
    report_table(stdout, row, rows);
    if (results[PASSED] + results[FAILED] > 0)
        printf("%d passed, %d failed\n", results[PASSED], results[FAILED]);
    return results[FAILED] != 0;
}

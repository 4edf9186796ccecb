// disk_case.c -- what the power-cut cases of the disk store share
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk_cut.h"

static u32 promised;

void
disk_cut_promise(void)
{
    promised = places_version();
    medium_note(promised);
}

void
disk_cut_promise_nothing(void)
{
    promised = 0;
    medium_note(0);
}

void
disk_cut_promise_again(void)
{
    medium_note(promised);
}

void
disk_must(int result)
{
    if (result < 0)
        fake_fail("an operation was refused: %s", error_sentence(result));
}

void
disk_whole(const char *when)
{
    const char *wrong = kernel_wrong();

    if (wrong != NULL)
        fake_fail("%s: %s", when, wrong);
}

void
disk_boot(struct booted *what, enum outcome expected)
{
    host_disk_power_cut();
    if (kernel_boot(what, NV_AUTO) < 0)
        fake_fail("boot: %s", fake.sentence);
    if (what->decision.outcome != expected)
        fake_fail("boot: %s", what->decision.why);
}

void
disk_cut_check(const struct disk_case *c)
{
    struct disk_cut_report report;
    const char *id = getenv("CUT_ID");
    size_t length = strlen(c->name);

    if (id != NULL && (strncmp(id, c->name, length) != 0 || id[length] != ':'))
        return;
    disk_cut_run(c, &report);
    fprintf(stderr,
            "%s: %u writes and flushes: %u images, %u runs, %u second cuts\n",
            c->name, report.writes, report.images, report.runs, report.pairs);
    for (u32 i = 0; i < MIN(report.failures, DISK_CUT_FAILURES); i++)
        fprintf(stderr, "  CUT_ID=%s: %s\n", report.failure[i].id,
                report.failure[i].sentence);
    ck_assert_msg(report.failures == 0, "%u failures, the first one %s: %s",
                  report.failures, report.failure[0].id,
                  report.failure[0].sentence);
}

// started.c -- a small kernel that has been started, with three places
#include "started.h"

#include <check.h>

#include "host_disk.h"

struct booted booted;

void
boot(enum outcome expected)
{
    if (kernel_disk != NULL)
        host_disk_power_cut();
    else
        fake_power_cut();
    if (kernel_boot(&booted, NV_AUTO) < 0)
        ck_abort_msg("%s", fake.sentence);
    ck_assert_msg(booted.decision.outcome == expected, "%s",
                  booted.decision.why);
}

void
ck_whole(void)
{
    const char *wrong = kernel_wrong();

    ck_assert_msg(wrong == NULL, "%s", wrong);
}

void
start(void)
{
    fake_open(KERNEL_PAGES);
    boot(OUTCOME_COLD);
    ck_assert_int_ge(place_create(3, 0), 0);
    ck_assert_int_ge(place_create(2, 1), 0);
    ck_assert_int_ge(place_create(5, 1), 0);
    ck_whole();
}

void
enable_and_save(void)
{
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    ck_whole();
    ck_assert_int_eq(kernel_save(), 0);
    ck_whole();
}

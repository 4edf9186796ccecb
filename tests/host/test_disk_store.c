// test_disk_store.c -- do plates on a disk come back, and do blocks come free?
#include "disk_cut.h"
#include "started.h"
#include "suite.h"

#define BLOCKS 2560u

static void
open_drive(void)
{
    host_disk_open(BLOCKS);
    boot(OUTCOME_COLD);
    ck_assert_int_ge(place_create(3, 0), 0);
    ck_assert_int_ge(place_create(2, 1), 0);
    ck_assert_int_ge(place_create(40, 1), 0);
    ck_whole();
}

// Does the state of a save come back, any number of times?
START_TEST(save_and_restore)
{
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    ck_whole();
    for (u32 i = 0; i < 5; i++) {
        places_write();
        ck_assert_int_eq(kernel_save(), 0);
        ck_whole();
    }
    for (u32 i = 0; i < 3; i++) {
        u32 saved = places_version();

        places_write();
        boot(OUTCOME_RESTORE);
        ck_whole();
        ck_assert_uint_eq(places_version(), saved);
        places_write();
        ck_assert_int_eq(kernel_save(), 0);
    }
}
END_TEST

// Does a disabled state leave a cold start, and can it be enabled again?
START_TEST(disable_and_enable)
{
    for (u32 i = 0; i < 3; i++) {
        ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
        places_write();
        ck_assert_int_eq(kernel_save(), 0);
        ck_assert_int_gt(kernel_control(SYSTEM_OCC_DISABLE), 0);
        ck_whole();
    }
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    places_write();
    ck_assert_int_eq(kernel_save(), 0);
    boot(OUTCOME_RESTORE);
    ck_whole();
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_DISABLE), 0);
    boot(OUTCOME_COLD);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {save_and_restore, disable_and_enable, NULL};
    const struct suite suite = {.name = "disk_store",
                                .open = open_drive,
                                .close = fake_close,
                                .test = test};

    return suite_run(&suite);
}

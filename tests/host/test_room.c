// test_room.c -- does memory that comes and goes with plates all come back?
#include "started.h"
#include "suite.h"

// Does disabling give all save areas back, and enabling again work?
START_TEST(disable)
{
    u32 free_frames = kernel()->rm.head->free;

    for (u32 i = 0; i < 3; i++) {
        enable_and_save();
        ck_assert_uint_lt(kernel()->rm.head->free, free_frames);
        ck_assert_int_eq(kernel_control(SYSTEM_OCC_ENABLE), E_OCC_ON);
        places_write();
        ck_assert_int_eq(kernel_save(), 0);
        ck_assert_int_gt(kernel_control(SYSTEM_OCC_DISABLE), 0);
        ck_assert_int_eq(kernel_control(SYSTEM_OCC_DISABLE), E_OCC_OFF);
        ck_assert_uint_eq(kernel()->rm.head->free, free_frames);
        ck_whole();
    }
    boot(OUTCOME_COLD);
}
END_TEST

// Is memory that comes and goes between saves all there in the end?
START_TEST(no_leak)
{
    u32 free_frames;

    enable_and_save();
    free_frames = kernel()->rm.head->free;
    for (u32 i = 0; i < 5; i++) {
        int a = place_create(3, i % 2);

        ck_assert_int_ge(a, 0);
        ck_assert_int_eq(kernel_save(), 0);
        ck_assert_int_eq(place_delete((u32)a), 0);
        ck_assert_int_eq(kernel_save(), 0);
        ck_assert_uint_eq(kernel()->rm.head->free, free_frames);
        ck_whole();
    }
    boot(OUTCOME_RESTORE);
    ck_assert_uint_eq(kernel()->rm.head->free, free_frames);
    ck_whole();
}
END_TEST

// Take all memory but so many frames.
static rid
take_memory(u32 leave)
{
    int id =
        gate_create(&kernel()->gate, KIND_REGION, "hog",
                    (kernel()->rm.head->free - leave) * PAGE_SIZE, 0, 0, 0);

    ck_assert_int_gt(id, 0);
    return (rid)id;
}

// Is a save for which memory is missing refused, and the last one kept?
START_TEST(out_of_memory)
{
    rid hog;

    enable_and_save();
    places_write();
    ck_assert_int_ge(place_create(6, 1), 0);
    for (u32 leave = 0; leave < 12; leave++) {
        // The hog itself is parked, and has to be saved, too.
        hog = take_memory(leave);
        ck_assert_int_eq(kernel_save(), E_MEMORY);
        ck_whole();
        ck_assert_int_eq(gate_delete(&kernel()->gate, hog), 0);
        ck_whole();
    }
    boot(OUTCOME_RESTORE);
    ck_assert_uint_eq(kernel()->version, 1);
    ck_whole();
    ck_assert_int_ge(place_create(6, 1), 0);
    ck_assert_int_eq(kernel_save(), 0);
    boot(OUTCOME_RESTORE);
    ck_whole();
}
END_TEST

// A program gives up the last use of a saved region, which takes no memory: the
// region is then to be parked, which the save before has no copies of.  Is the
// save that has no room for them refused, and the next one good without it?
START_TEST(detached_out_of_memory)
{
    struct gate *gate = &kernel()->gate;
    int place;

    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    place = place_create(kernel()->rm.head->free / 4, 1);
    ck_assert_int_ge(place, 0);
    ck_assert_int_eq(kernel_save(), 0);
    struct kernel_place *at = &kernel()->place[place];
    u32 free_frames = kernel()->rm.head->free;

    ck_assert_int_eq(gate_delete(gate, at->space), 0);
    at->space = RID_NONE;
    ck_assert_uint_ge(kernel()->rm.head->free, free_frames);
    ck_assert_int_eq(kernel_save(), E_MEMORY);
    ck_whole();
    ck_assert_int_eq(gate_delete(gate, at->region), 0);
    ck_assert_int_eq(kernel_save(), 0);
    ck_whole();
    boot(OUTCOME_RESTORE);
    ck_whole();
}
END_TEST

// Is enabling without enough memory refused without a trace?
START_TEST(enable_out_of_memory)
{
    for (u32 leave = 1; leave < 60; leave += 7) {
        rid hog = take_memory(leave);
        u32 free_frames = kernel()->rm.head->free;

        ck_assert_int_eq(kernel_control(SYSTEM_OCC_ENABLE), E_MEMORY);
        ck_assert_uint_eq(kernel()->rm.head->free, free_frames);
        ck_whole();
        ck_assert_int_eq(gate_delete(&kernel()->gate, hog), 0);
    }
    enable_and_save();
    boot(OUTCOME_RESTORE);
    ck_whole();
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {disable,
                                 no_leak,
                                 out_of_memory,
                                 detached_out_of_memory,
                                 enable_out_of_memory,
                                 NULL};
    const struct suite suite = {
        .name = "room", .open = start, .close = fake_close, .test = test};

    return suite_run(&suite);
}

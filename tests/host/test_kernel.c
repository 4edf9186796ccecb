// test_kernel.c -- does the small kernel save, stop, continue and come back?
//
// No power is cut at odd moments here; tests/host/test_power.c does that.
#include <string.h>

#include "started.h"
#include "suite.h"

// Is what was saved restored, and what came after it forgotten, many times?
START_TEST(save_and_restore)
{
    ck_assert_int_eq(kernel_save(), E_OCC_OFF);
    enable_and_save();
    for (u32 generation = 2; generation < 12; generation++) {
        u32 version = kernel()->version;

        places_write();
        ck_whole();
        ck_assert_uint_eq(kernel()->version, version + 1);
        boot(OUTCOME_RESTORE);
        ck_assert_int_eq(booted.value, 1);
        ck_assert_uint_eq(booted.decision.generation, generation - 1);
        ck_assert_uint_eq(kernel()->version, version);
        ck_whole();
        places_write();
        ck_assert_int_eq(kernel_save(), 0);
        ck_whole();
    }
}
END_TEST

// The same without going back in between: clean pages stay where they are.
START_TEST(many_saves)
{
    enable_and_save();
    for (u32 i = 0; i < 10; i++) {
        places_write();
        ck_assert_int_eq(kernel_save(), 0);
    }
    boot(OUTCOME_RESTORE);
    ck_assert_uint_eq(kernel()->version, 11);
    ck_whole();
}
END_TEST

// Does a table page that changed before the last save but one reach both slots?
START_TEST(tables_alternate)
{
    enable_and_save();
    for (u32 i = 0; i < 4; i++) {
        ck_assert_int_ge(place_create(1, i % 2), 0);
        for (u32 saves = 0; saves < 1 + i; saves++)
            ck_assert_int_eq(kernel_save(), 0);
        ck_whole();
    }
    boot(OUTCOME_RESTORE);
    ck_whole();
}
END_TEST

// Does a save copy what was written, and next to nothing else?
START_TEST(only_changed)
{
    u32 one_word = 1;
    u32 idle_pages;

    enable_and_save();
    ck_assert_int_eq(kernel_save(), 0);
    idle_pages = kernel()->plates.saved_pages;
    ck_assert_uint_le(idle_pages, 4); // the kernel's data
    ck_assert_uint_eq(fake_user_write(kernel()->directory,
                                      kernel()->place[2].va + PAGE_SIZE,
                                      &one_word, 4),
                      0);
    ck_assert_int_eq(kernel_save(), 0);
    ck_assert_uint_eq(kernel()->plates.saved_pages, idle_pages + 1);
    ck_assert_int_eq(kernel_save(), 0);
    ck_assert_uint_eq(kernel()->plates.saved_pages, idle_pages);
    // What was restored is as it was saved.
    boot(OUTCOME_RESTORE);
    ck_assert_int_eq(kernel_save(), 0);
    ck_assert_uint_le(kernel()->plates.saved_pages, idle_pages + 1);
}
END_TEST

// Does a power cut before the first save start cold?
START_TEST(never_saved)
{
    boot(OUTCOME_COLD);
    ck_assert_int_ge(place_create(1, 0), 0);
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    boot(OUTCOME_COLD);
}
END_TEST

// Do deleted places stay deleted, and those deleted after the save come back?
START_TEST(create_and_delete)
{
    int made;

    enable_and_save();
    made = place_create(4, 0);
    ck_assert_int_ge(made, 0);
    ck_assert_int_ge(place_create(2, 1), 0);
    ck_assert_int_eq(place_delete(0), 0);
    ck_assert_int_eq(place_delete(1), 0);
    ck_whole();
    boot(OUTCOME_RESTORE);
    ck_whole();
    ck_assert_uint_ne(kernel()->place[0].space, RID_NONE);
    ck_assert_uint_eq(kernel()->place[made].space, RID_NONE);
    ck_assert_int_ge(place_create(4, 0), 0);
    ck_assert_int_eq(place_delete(0), 0);
    ck_assert_int_eq(place_delete(1), 0);
    ck_assert_int_eq(kernel_save(), 0);
    ck_whole();
    for (u32 i = 0; i < 4; i++) {
        places_write();
        boot(OUTCOME_RESTORE);
        ck_whole();
        ck_assert_uint_eq(kernel()->place[0].space, RID_NONE);
        ck_assert_int_eq(kernel_save(), 0);
        ck_whole();
    }
}
END_TEST

static void
shut_down(void *arg)
{
    (void)arg;
    kernel_control(SYSTEM_SHUTDOWN);
}

// Does a shutdown lose nothing, saved or not?
START_TEST(shutdown)
{
    for (u32 i = 0; i < 4; i++) {
        u32 version;

        if (i == 1)
            enable_and_save();
        places_write();
        version = kernel()->version;
        ck_assert_int_eq(fake_run(shut_down, NULL), FAKE_STOPPED);
        ck_assert_int_eq(fake.how, STOP_OFF);
        boot(OUTCOME_CONTINUE);
        ck_assert_int_eq(booted.value, 2);
        ck_assert_uint_eq(kernel()->version, version);
        ck_whole();
    }
    boot(OUTCOME_RESTORE); // a cut now goes back to the save
    ck_assert_uint_eq(kernel()->version, 2);
    ck_whole();
}
END_TEST

// Does a region outlive a save and a cut while no space holds it?
START_TEST(parked)
{
    struct gate *gate = &kernel()->gate;
    u32 old_va = kernel()->place[1].va;
    int id;

    enable_and_save();
    for (u32 i = 0; i < 3; i++) {
        ck_assert_int_eq(gate_delete(gate, kernel()->place[1].space), 0);
        ck_assert_int_eq(kernel_save(), 0);
        for (u32 page = 0; page < 2; page++) // junk what it held
            machine_zero_page(
                kernel_at(plate_space(&kernel()->plates,
                                      region_get(&kernel()->regions,
                                                 kernel()->place[1].region)
                                          ->attached)
                              ->va +
                          page * PAGE_SIZE));
        boot(OUTCOME_RESTORE);
        id = gate_create(gate, KIND_VUSPACE, NULL, kernel()->place[1].region,
                         old_va, VU_WRITABLE, kernel()->vspace);
        ck_assert_int_gt(id, 0);
        kernel()->place[1].space = (rid)id;
        ck_whole();
        places_write();
    }
    // Deleting a region takes what held it along.
    ck_assert_int_eq(gate_delete(gate, kernel()->place[1].space), 0);
    ck_assert_int_eq(kernel_save(), 0);
    ck_assert_int_eq(gate_delete(gate, kernel()->place[1].region), 0);
    kernel()->place[1].space = RID_NONE;
    ck_assert_int_eq(kernel_save(), 0);
    boot(OUTCOME_RESTORE);
    ck_whole();
}
END_TEST

// Is what the kernel itself wrote into a program's memory saved?
START_TEST(kernel_writes_user)
{
    const char text[] = "written by the kernel across a page";
    u32 va = kernel()->place[1].va + PAGE_SIZE - 7;
    char found[sizeof(text)];

    enable_and_save();
    boot(OUTCOME_RESTORE);
    ck_assert_int_eq(gate_control(&kernel()->gate, kernel()->vspace,
                                  VSPACE_WRITE, va, (word)text, sizeof(text)),
                     0);
    ck_assert_int_eq(kernel_save(), 0);
    boot(OUTCOME_RESTORE);
    ck_assert_int_eq(gate_control(&kernel()->gate, kernel()->vspace,
                                  VSPACE_READ, va, (word)found, sizeof(found)),
                     0);
    ck_assert_str_eq(found, text);
    ck_assert_uint_eq(
        fake_user_read(kernel()->directory, va, found, sizeof(found)), 0);
    ck_assert_str_eq(found, text);
}
END_TEST

static rid
plate_of(u32 place)
{
    return plate_space(&kernel()->plates, kernel()->place[place].space)->plate;
}

// May a single plate be given up, made again, and looked at?
START_TEST(single_plates)
{
    struct gate *gate = &kernel()->gate;
    struct plate_info info = {0};
    struct call read = {RID_NONE, 0, OP_READ, {(word)&info, sizeof(info), 0}};
    rid old;

    ck_assert_int_eq(
        gate_create(gate, KIND_PLATE, "p", kernel()->place[0].space, 0, 0, 0),
        E_OCC_OFF);
    enable_and_save();
    old = plate_of(1);
    ck_assert_int_eq(gate_delete(gate, old), 0);
    ck_assert_uint_eq(plate_of(1), RID_NONE);
    ck_whole();
    ck_assert_int_gt(
        gate_create(gate, KIND_PLATE, "p", kernel()->place[1].space, 0, 0, 0),
        0);
    ck_assert_int_eq(
        gate_create(gate, KIND_PLATE, "q", kernel()->place[1].space, 0, 0, 0),
        E_EXISTS);
    ck_assert_int_eq(gate_create(gate, KIND_PLATE, "q", info.area[0], 0, 0, 0),
                     E_ID);
    ck_assert_int_eq(gate_delete(gate, plate_of(0)), 0);
    ck_assert_int_eq(kernel_save(), 0); // makes plates of what is none
    ck_assert_uint_ne(plate_of(0), RID_NONE);
    read.target = plate_of(1);
    ck_assert_int_eq(gate_call(gate, &read), sizeof(info));
    ck_assert_uint_eq(info.space, kernel()->place[1].space);
    ck_assert_uint_eq(info.va, kernel()->place[1].va);
    ck_assert_uint_eq(info.pages, 2);
    ck_assert_uint_eq(info.dirty_pages, 0);
    ck_assert_int_eq(gate_create(gate, KIND_PLATE, "q", info.area[0], 0, 0, 0),
                     E_BUSY);
    ck_whole();
    boot(OUTCOME_RESTORE);
    ck_whole();
}
END_TEST

// Do options that contradict what is there lose nothing?
START_TEST(wishes)
{
    enable_and_save();
    places_write();
    fake_power_cut();
    ck_assert_int_eq(kernel_boot(&booted, NV_CONTINUE), 0);
    ck_assert_int_eq(booted.decision.outcome, OUTCOME_REFUSE);
    fake_power_cut();
    ck_assert_int_eq(kernel_boot(&booted, NV_RESTORE), 0);
    ck_assert_int_eq(booted.decision.outcome, OUTCOME_RESTORE);
    ck_assert_uint_eq(kernel()->version, 1);
    ck_whole();
    places_write();
    ck_assert_int_eq(fake_run(shut_down, NULL), FAKE_STOPPED);
    fake_power_cut();
    ck_assert_int_eq(kernel_boot(&booted, NV_RESTORE), 0);
    ck_assert_int_eq(booted.decision.outcome, OUTCOME_RESTORE);
    ck_assert_uint_eq(kernel()->version, 1);
    ck_whole();
    fake_power_cut();
    ck_assert_int_eq(kernel_boot(&booted, NV_COLD), 0);
    ck_assert_int_eq(booted.decision.outcome, OUTCOME_COLD);
    ck_whole();
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {
        save_and_restore,   many_saves,        tables_alternate, only_changed,
        never_saved,        create_and_delete, shutdown,         parked,
        kernel_writes_user, single_plates,     wishes,           NULL};
    const struct suite suite = {
        .name = "kernel", .open = start, .close = fake_close, .test = test};

    return suite_run(&suite);
}

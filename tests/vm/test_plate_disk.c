// test_plate_disk.c -- plates on a disk, memory that forgets: does everything
// go on from the last save, after whatever ended the run?
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checked.h"
#include "plates.h"
#include "view.h"

#define SEED 20050331u
#define COUNTER "counter 50 &"
#define FILL_PAGES 2048u // fill 8
#define IDLE_PAGES 200u  // more a save of running programs never copies

// Which space and address each plate has.
#define PLACE "^0x18[0-9a-f]{6}  0x[0-9a-f]{8}"
#define ADDRESS " 1[04][0-9a-f]{6} +[0-9a-f]{6,8} +[0-9a-f]+"

// Boot, and all goes on from this save.
static void
go_on(struct vm *vm, struct watch *watch, unsigned save)
{
    checked_disk(vm);
    checked_resume(vm, watch, save);
}

static void
cut_and_restore(struct vm *vm, struct watch *watch, unsigned save)
{
    vm_cut(vm);
    go_on(vm, watch, save);
}

// Of each plate its id, owner, space, address and size.
static char *
places(struct vm *vm)
{
    char *list = strdup(vm_command(vm, "res plate"));
    char *ids = checked_lines(list, PLACE);
    char *addresses = checked_lines(list, ADDRESS);
    char *all;

    if (asprintf(&all, "%s%s", ids, addresses) < 0)
        abort();
    free(list);
    free(ids);
    free(addresses);
    return all;
}

// The flow everybody tries first: the same programs, at the same virtual
// addresses, and all of them still do what they did.
START_TEST(power_cut)
{
    struct vm *vm = checked_plates("power-cut");
    struct watch *watch = watch_new(vm);
    struct view before, after;
    char *place;

    checked_programs(vm, COUNTER, "fill 8 &");
    before = view_look(vm);
    ck_assert_uint_eq(checked_save(vm), 1);
    place = places(vm);
    ck_assert_uint_gt(strlen(place), 1000);
    checked_watch(watch, watch_count(watch, 10));
    cut_and_restore(vm, watch, 1);
    after = view_look(vm);
    view_same(vm, &before, &after);
    ck_assert_str_eq(place, places(vm));
    checked_programs_go_on(watch);
    ck_assert_uint_eq(checked_save(vm), 2);
    cut_and_restore(vm, watch, 2);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// Figures of the last "saved" line.
static unsigned
saved_pages(struct vm *vm)
{
    unsigned pages = 0;
    const char *line = NULL;

    for (const char *p = vm_text(vm); (p = strstr(p, "tender: saved ")); p++)
        line = p;
    if (line == NULL || sscanf(line, "tender: saved %*u: %u", &pages) != 1)
        vm_fail(vm, "There is no figure of a save.");
    return pages;
}

// Does a save write only what changed?  And does what did not change stay
// where it lies?
START_TEST(only_what_changed)
{
    struct vm *vm = checked_plates("changed");
    struct plates_disk disk;
    struct plates_save newest, before;
    unsigned copied;

    checked_programs(vm, COUNTER, "fill 8 &");
    checked_save(vm);
    ck_assert_uint_gt(saved_pages(vm), FILL_PAGES);
    checked_save(vm);
    ck_assert_uint_lt(saved_pages(vm), IDLE_PAGES);
    vm_type(vm, "dirty 500 3");
    for (int i = 0; i < 3; i++) {
        copied = (unsigned)atoi(vm_expect(vm, "written, ([0-9]+) copied"));
        ck_assert_uint_ge(copied, 500);
        ck_assert_uint_lt(copied, 500 + IDLE_PAGES);
    }
    vm_expect(vm, "^tender> ");
    vm_cut(vm);
    plates_open(&disk, vm_plates(vm));
    ck_assert_ptr_null(plates_load(&disk, plates_newest(&disk), &newest));
    ck_assert_ptr_null(plates_load(&disk, plates_before(&disk), &before));
    ck_assert_uint_eq(newest.generation, before.generation + 1);
    ck_assert_uint_gt(plates_shared(&newest, &before),
                      newest.pages - 500 - IDLE_PAGES);
    ck_assert_uint_lt(plates_shared(&newest, &before), newest.pages - 499);
    vm_free(vm);
}
END_TEST

// Cut after each of many saves.
START_TEST(many_cuts)
{
    struct vm *vm = checked_plates("many-cuts");
    struct watch *watch = watch_new(vm);

    checked_programs(vm, COUNTER, "fill 4 &");
    for (unsigned n = 1; n <= 8; n++) {
        ck_assert_uint_eq(checked_save(vm), n);
        checked_watch(watch, watch_count(watch, 2));
        cut_and_restore(vm, watch, n);
    }
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// Spaces and plates come and go between saves: contents, ids and the blocks of
// those that are gone.
START_TEST(spaces_come_and_go)
{
    struct vm *vm = checked_plates("spaces");
    struct watch *watch = watch_new(vm);
    unsigned pages;
    struct plates_disk disk;
    struct plates_save save;

    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "enabled");
    vm_command(vm, COUNTER);
    vm_command(vm, "spaces &");
    vm_command(vm, "saver 100000 20 &");
    for (int i = 0; i < 3; i++) {
        checked_watch(watch, watch_wait(watch, "spaces: round [0-9]+ ok"));
        vm_cut(vm);
        checked_disk(vm);
        struct vm_boot boot = vm_decision(vm);

        checked_watch(watch, watch_boot(watch, &boot));
        vm_expect(vm, "saver: restored run");
        for (int saves = 0; saves < 20; saves++)
            vm_expect(vm, "saver: saved run");
    }
    vm_prompt(vm);
    checked_command(vm, "kill %2", "");
    checked_command(vm, "kill %3", "");
    checked_command(vm, "fill 8 once", "pass 1 ok");
    checked_save(vm);
    pages = saved_pages(vm);
    checked_save(vm);
    checked_save(vm);
    vm_cut(vm);
    // What a program held that ended is in no save.
    plates_open(&disk, vm_plates(vm));
    ck_assert_ptr_null(plates_load(&disk, plates_newest(&disk), &save));
    ck_assert_uint_lt(save.pages, FILL_PAGES);
    ck_assert_uint_lt(pages, FILL_PAGES);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// Shutdown saves, and the next boot goes on from exactly there, again and again;
// a cut afterwards goes back to it, too.
START_TEST(shutdown_saves)
{
    struct vm *vm = checked_plates("shutdown");
    struct watch *watch = watch_new(vm);

    checked_programs(vm, COUNTER, "fill 2 &");
    checked_save(vm);
    for (unsigned n = 2; n <= 4; n++) {
        checked_watch(watch, watch_count(watch, 3));
        vm_type(vm, "shutdown");
        ck_assert_int_eq(vm_end(vm), 0);
        checked_watch(watch, watch_read(watch));
        ck_assert_uint_eq(watch->acked, n);
        go_on(vm, watch, n);
        ck_assert_ptr_nonnull(strstr(vm_text(vm) + vm_boot_start(vm),
                                     "continued from the shutdown point"));
    }
    cut_and_restore(vm, watch, 4);
    vm_prompt(vm);
    vm_type(vm, "reboot");
    vm_expect(vm, "^tender: restored save 5 \\(it was shut down");
    struct vm_boot boot = {.outcome = VM_RESTORED, .save = 5};

    checked_watch(watch, watch_read(watch));
    checked_watch(watch, watch_boot(watch, &boot));
    checked_watch(watch, watch_count(watch, 3));
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// Without continuous-operation control nothing is kept, and it is said.
START_TEST(shutdown_without_occ)
{
    struct vm *vm = checked_plates("plain-shutdown");

    checked_boot(vm, VM_COLD);
    checked_command(vm, "save", "not enabled");
    vm_type(vm, "shutdown");
    vm_expect(vm, "tender: shut down; nothing is kept");
    ck_assert_int_eq(vm_end(vm), 0);
    checked_boot(vm, VM_COLD);
    vm_type(vm, "reboot");
    vm_expect(vm, "tender: shut down; nothing is kept");
    vm_expect(vm, "^tender: cold start .*holds no save");
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// Saves are given up before what they name; enabling again begins anew.
START_TEST(disabled)
{
    struct vm *vm = checked_plates("disabled");
    struct watch *watch;

    checked_programs(vm, COUNTER, "fill 2 &");
    checked_save(vm);
    checked_save(vm);
    checked_command(vm, "occ disable", "disabled");
    checked_command(vm, "save", "not enabled");
    vm_cut(vm);
    struct vm_boot boot = checked_boot(vm, VM_COLD);

    if (strstr(boot.line, "holds no save") == NULL)
        vm_fail(vm, "It does not say that there is no save: %s", boot.line);
    checked_command(vm, "occ enable", "enabled");
    watch = watch_new(vm);
    watch->seen = vm_length(vm);
    vm_command(vm, COUNTER);
    checked_save(vm);
    checked_command(vm, "occ disable", "disabled");
    checked_command(vm, "occ enable", "enabled");
    ck_assert_uint_eq(checked_save(vm), 2);
    checked_watch(watch, watch_count(watch, 3));
    cut_and_restore(vm, watch, 2);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// The power is cut while the restored system boots: the next boot does it
// again, however often.  A reset is a cut that QEMU survives.
START_TEST(cuts_during_boot)
{
    static const char *const points[] = {".", "^tender: build",
                                         "^tender: restored"};
    struct vm *vm = vm_new(&(struct vm_options){
        .name = "boot-cuts", .store = VM_PLATES, .qmp = true});
    struct watch *watch = watch_new(vm);
    double typical_ms;

    checked_programs(vm, COUNTER, "fill 4 &");
    checked_save(vm);
    cut_and_restore(vm, watch, 1);
    typical_ms = 1000 * vm_since_on(vm);
    srandom(SEED);
    for (int i = 0; i < 12; i++) {
        vm_cut(vm);
        vm_on(vm);
        if (i % 4 != 3)
            vm_expect(vm, points[i % 4]);
        else
            vm_run(vm, typical_ms * (double)(random() % 1000) / 1000);
        vm_run(vm, (double)(random() % 30));
        vm_cut(vm);
        checked_watch(watch, watch_partial_boot(watch));
    }
    go_on(vm, watch, 1);
    vm_reset(vm);
    vm_expect(vm, "^tender: restored save 1");
    vm_expect(vm, "counter: [0-9]+\n");
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("plates on a disk");
    TCase *tests = tcase_create("a machine");

    tcase_set_timeout(tests, CASE_SECONDS);
    tcase_add_test(tests, power_cut);
    tcase_add_test(tests, only_what_changed);
    tcase_add_test(tests, many_cuts);
    tcase_add_test(tests, spaces_come_and_go);
    tcase_add_test(tests, shutdown_saves);
    tcase_add_test(tests, shutdown_without_occ);
    tcase_add_test(tests, disabled);
    tcase_add_test(tests, cuts_during_boot);
    suite_add_tcase(suite, tests);
    return checked_main(suite);
}

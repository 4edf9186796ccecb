// test_restore.c -- does everything go on after a power cut, exactly from the
// save, and after a shutdown exactly from there?
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checked.h"
#include "view.h"

#define SEED 19991231u
#define ROUNDS 20

// Sizes of main memory, and how much of it a program fills: paired save areas
// need three times the memory.
static const struct {
    unsigned mem_mib;
    const char *fill;
} sizes[] = {
    {64, "fill 8 &"},   {128, "fill 16 &"},  {256, "fill 24 &"},
    {512, "fill 32 &"}, {1024, "fill 32 &"},
};
#define SIZES (int)(sizeof(sizes) / sizeof(sizes[0]))

// The flow everybody tries first.
START_TEST(power_cut)
{
    struct vm *vm = checked_vm("power-cut");
    struct watch *watch = watch_new(vm);
    struct view before, after;

    checked_programs(vm, "counter 100 &", sizes[0].fill);
    before = view_look(vm);
    ck_assert_uint_eq(checked_save(vm), 1);
    checked_watch(watch, watch_count(watch, 10));
    checked_cut(vm, watch, 1);
    after = view_look(vm);
    view_same(vm, &before, &after);
    checked_programs_go_on(watch);
    // What was lost is done again, and can be saved again.
    ck_assert_uint_eq(checked_save(vm), 2);
    checked_cut(vm, watch, 2);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// Shutdown goes on from the shutdown, though there is an older save.
START_TEST(shutdown_and_continue)
{
    struct vm *vm = checked_vm("shutdown");
    struct watch *watch = watch_new(vm);
    struct view before, after;
    struct vm_boot boot;

    checked_programs(vm, "counter 100 &", sizes[0].fill);
    checked_save(vm);
    checked_watch(watch, watch_count(watch, 10));
    before = view_look(vm);
    vm_type(vm, "shutdown");
    ck_assert_int_eq(vm_end(vm), 0);
    boot = checked_boot(vm, VM_CONTINUED);
    checked_watch(watch, watch_boot(watch, &boot));
    checked_watch(watch, watch_count(watch, 3));
    after = view_look(vm);
    view_same(vm, &before, &after);
    // A cut now: there is only the save.
    checked_cut(vm, watch, 1);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// The same without continuous-operation control, and by reboot.
START_TEST(shutdown_without_occ)
{
    struct vm *vm = checked_vm("plain-shutdown");
    struct watch *watch = watch_new(vm);
    struct vm_boot boot;

    checked_boot(vm, VM_COLD);
    vm_command(vm, "counter 50 &");
    checked_watch(watch, watch_count(watch, 3));
    vm_type(vm, "shutdown");
    ck_assert_int_eq(vm_end(vm), 0);
    boot = checked_boot(vm, VM_CONTINUED);
    checked_watch(watch, watch_boot(watch, &boot));
    checked_watch(watch, watch_count(watch, 3));
    vm_prompt(vm);
    vm_type(vm, "reboot");
    vm_expect(vm, "^tender: continued from shutdown");
    checked_watch(watch, watch_count(watch, 3));
    vm_free(vm);
}
END_TEST

START_TEST(many_cuts)
{
    struct vm *vm = checked_vm("many-cuts");
    struct watch *watch = watch_new(vm);

    checked_programs(vm, "counter 100 &", sizes[0].fill);
    for (unsigned n = 1; n <= ROUNDS; n++) {
        ck_assert_uint_eq(checked_save(vm), n);
        checked_watch(watch, watch_count(watch, 2));
        checked_cut(vm, watch, n);
    }
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// The power is cut while the restored system boots: the next boot does it
// again, however often.
START_TEST(cuts_during_boot)
{
    static const char *const points[] = {".", "^tender: restored", "^tender> "};
    struct vm *vm = checked_vm("boot-cuts");
    struct watch *watch = watch_new(vm);
    double typical_ms;

    checked_programs(vm, "counter 100 &", sizes[0].fill);
    checked_save(vm);
    checked_cut(vm, watch, 1);
    vm_cut(vm);
    vm_decision(vm);
    typical_ms = 1000 * vm_since_on(vm);
    srandom(SEED);
    vm_cut(vm);
    for (int i = 0; i < 16; i++) {
        vm_on(vm);
        if (i % 4 != 3)
            vm_expect(vm, points[i % 4]);
        else
            vm_run(vm, typical_ms * (double)(random() % 1200) / 1000);
        vm_cut(vm);
        checked_watch(watch, watch_partial_boot(watch));
    }
    checked_cut(vm, watch, 1);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// A reset is a power cut that QEMU survives.
START_TEST(reset)
{
    struct vm *vm = vm_new(&(struct vm_options){.name = "reset", .qmp = true});

    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "enabled");
    vm_command(vm, "counter 50 &");
    vm_expect(vm, "counter: 5\n");
    checked_save(vm);
    for (int i = 0; i < 3; i++) {
        vm_expect(vm, "counter: [0-9]+\n");
        vm_reset(vm);
        vm_expect(vm, "^tender: restored save 1");
    }
    vm_expect(vm, "counter: [0-9]+\n");
    vm_quit(vm);
    checked_restore(vm, 1);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// A program asks for saves itself, and learns which run it is in.
START_TEST(program_saves)
{
    struct vm *vm = checked_vm("saver");
    struct watch *watch = watch_new(vm);
    struct vm_boot boot;

    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "enabled");
    vm_command(vm, "counter 50 &");
    vm_command(vm, "saver 100 200 &");
    vm_expect(vm, "saver: saved run \\(4 of 100\\)");
    checked_watch(watch, watch_count(watch, 2));
    vm_cut(vm);
    boot = vm_decision(vm);
    ck_assert_int_eq(boot.outcome, VM_RESTORED);
    vm_expect(vm, "saver: restored run \\([4-9] of 100\\)");
    checked_watch(watch, watch_boot(watch, &boot));
    checked_watch(watch, watch_wait(watch, "saver: saved run"));
    checked_watch(watch, watch_count(watch, 2));
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// Without continuous-operation control nothing survives a cut, and the boot
// says so.
START_TEST(disabled)
{
    struct vm *vm = checked_vm("disabled");
    struct vm_boot boot;

    checked_boot(vm, VM_COLD);
    checked_command(vm, "save", "not enabled");
    checked_command(vm, "occ enable", "enabled");
    checked_save(vm);
    checked_command(vm, "occ disable", "disabled");
    checked_command(vm, "save", "not enabled");
    vm_cut(vm);
    boot = checked_boot(vm, VM_COLD);
    if (strstr(boot.line, "save") == NULL)
        vm_fail(vm, "It does not say that there is no save: %s", boot.line);
    vm_free(vm);
}
END_TEST

// Does the screen show what the serial line shows, also after a restore?
START_TEST(screen)
{
    struct vm *vm = vm_new(&(struct vm_options){.name = "screen", .qmp = true});

    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "enabled");
    checked_command(vm, "hello screen", "hello screen");
    ck_assert_ptr_nonnull(strstr(vm_screen_text(vm), "hello screen"));
    checked_save(vm);
    vm_cut(vm);
    checked_restore(vm, 1);
    ck_assert_ptr_nonnull(strstr(vm_screen_text(vm), "restored save 1"));
    checked_command(vm, "hello again", "hello again");
    ck_assert_ptr_nonnull(strstr(vm_screen_text(vm), "hello again"));
    ck_assert_double_gt(vm_screen_lit(vm), 0.2);
    vm_free(vm);
}
END_TEST

START_TEST(memory_size)
{
    char name[30];
    snprintf(name, sizeof(name), "size-%u", sizes[_i].mem_mib);
    struct vm *vm = vm_new(
        &(struct vm_options){.name = name, .mem_mib = sizes[_i].mem_mib});
    struct watch *watch = watch_new(vm);
    struct vm_boot boot;

    checked_programs(vm, "counter 100 &", sizes[_i].fill);
    checked_save(vm);
    checked_watch(watch, watch_count(watch, 3));
    checked_cut(vm, watch, 1);
    vm_type(vm, "shutdown");
    ck_assert_int_eq(vm_end(vm), 0);
    boot = checked_boot(vm, VM_CONTINUED);
    checked_watch(watch, watch_boot(watch, &boot));
    checked_watch(watch, watch_wait(watch, "fill: pass [0-9]+ ok"));
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("restore and continue");
    TCase *tests = tcase_create("a machine");

    tcase_set_timeout(tests, CASE_SECONDS);
    tcase_add_test(tests, power_cut);
    tcase_add_test(tests, shutdown_and_continue);
    tcase_add_test(tests, shutdown_without_occ);
    tcase_add_test(tests, many_cuts);
    tcase_add_test(tests, cuts_during_boot);
    tcase_add_test(tests, reset);
    tcase_add_test(tests, program_saves);
    tcase_add_test(tests, disabled);
    tcase_add_test(tests, screen);
    tcase_add_loop_test(tests, memory_size, 0, SIZES);
    suite_add_tcase(suite, tests);
    return checked_main(suite);
}

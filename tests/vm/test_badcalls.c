// test_badcalls.c -- thousands of wrong calls: does nobody else notice?
#include <stdio.h>
#include <string.h>

#include "checked.h"

#define GOOD "badcalls: [0-9]+ calls refused, 0 accepted wrongly"

static const char *const seeds[] = {"7", "42", "4711", "19991231",
                                    "4294967295"};
#define SEEDS (int)(sizeof(seeds) / sizeof(seeds[0]))

static struct vm *
checkers(const char *name, struct watch **watch)
{
    struct vm *vm = checked_vm(name);

    *watch = watch_new(vm);
    checked_programs(vm, "counter 50 &", "fill 4 &");
    checked_watch(*watch, watch_count(*watch, 1));
    return vm;
}

// All of them go on.
static void
silent(struct watch *watch)
{
    checked_programs_go_on(watch);
    checked_watch(watch, watch_count(watch, 3));
}

static void
cut_to(struct vm *vm, struct watch *watch, unsigned save)
{
    checked_cut(vm, watch, save);
    silent(watch);
}

START_TEST(seed)
{
    struct watch *watch;
    struct vm *vm = checkers("badcalls-seed", &watch);
    char line[60];

    vm_note(vm, "seed %s", seeds[_i]);
    ck_assert_uint_eq(checked_save(vm), 1);
    snprintf(line, sizeof(line), "badcalls %s 20000", seeds[_i]);
    vm_type(vm, line);
    checked_watch(watch, watch_wait(watch, GOOD));
    vm_prompt(vm);
    silent(watch);
    ck_assert_uint_eq(checked_save(vm), 2);
    cut_to(vm, watch, 2);
    // And once more in the restored system, with a save in the middle.
    vm_command(vm, "badcalls 1 20000 &");
    ck_assert_uint_eq(checked_save(vm), 3);
    checked_watch(watch, watch_wait(watch, GOOD));
    silent(watch);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// Two at once, each also with the other's resources; cut in the middle.
START_TEST(two_at_once)
{
    struct watch *watch;
    struct vm *vm = checkers("badcalls-two", &watch);

    vm_command(vm, "badcalls 3 40000 &");
    vm_command(vm, "badcalls 5 40000 &");
    ck_assert_uint_eq(checked_save(vm), 1);
    vm_cut(vm);
    struct vm_boot boot = checked_boot(vm, VM_RESTORED);

    checked_watch(watch, watch_boot(watch, &boot));
    checked_watch(watch, watch_wait(watch, GOOD));
    checked_watch(watch, watch_wait(watch, GOOD));
    silent(watch);
    ck_assert_uint_eq(checked_save(vm), 2);
    cut_to(vm, watch, 2);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// One that is killed in the middle leaves nothing behind.
START_TEST(killed)
{
    struct watch *watch;
    struct vm *vm = checkers("badcalls-killed", &watch);

    for (int i = 0; i < 5; i++) {
        vm_command(vm, "badcalls 9 1000000 &");
        checked_watch(watch, watch_count(watch, 2 + i));
        vm_command(vm, "kill %6");
    }
    silent(watch);
    ck_assert_uint_eq(checked_save(vm), 1);
    cut_to(vm, watch, 1);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("bad calls");
    TCase *tests = tcase_create("beside other programs");

    tcase_set_timeout(tests, CASE_SECONDS);
    tcase_add_loop_test(tests, seed, 0, SEEDS);
    tcase_add_test(tests, two_at_once);
    tcase_add_test(tests, killed);
    suite_add_tcase(suite, tests);
    return checked_main(suite);
}

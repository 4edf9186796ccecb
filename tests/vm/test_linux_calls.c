// test_linux_calls.c -- random and wrong Linux calls: does nobody else notice?
#include "checked.h"
#include "linux_fuzz.h"
#include "session.h"

// 20 seconds of calls by three processes of three threads each; the long run
// is `make fuzz-linux`.
START_TEST(fuzz)
{
    linux_fuzz("linux-fuzz", 20, 1);
}
END_TEST

// Programs that are none, and everything used up twice: Linux's errno, and the
// machine saves and goes on.
START_TEST(limits)
{
    struct vm *vm = checked_vm("linux-limits");
    struct watch *watch = watch_new(vm);

    checked_programs(vm, "counter 50 &", "fill 2 &");
    vm_command(vm, "/disk/tests/keep keep &");
    for (unsigned i = 1; i <= 2; i++) {
        vm_type(vm, "/disk/tests/limits");
        checked_watch(watch,
                      watch_wait(watch, "limits: [0-9]+ right, 0 wrong"));
        vm_prompt(vm);
        ck_assert_uint_eq(checked_save(vm), i);
    }
    vm_cut(vm);
    checked_resume(vm, watch, 2);
    checked_programs_go_on(watch);
    checked_watch(watch, watch_wait(watch, "keep: pass [0-9]+ ok"));
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// Small questions whose answers Linux gives exactly; what programs find of
// process 1, and whose children orphans are.
START_TEST(answers)
{
    struct vm *vm = checked_vm("linux-answers");

    checked_boot(vm, VM_COLD);
    checked_command(vm, "/disk/tests/exact", " right, 0 wrong");
    checked_command(vm, "/disk/tests/first", " right, 0 wrong");
    vm_free(vm);
}
END_TEST

// Programs that want to harm the kernel: it goes on, keeps nothing of them, and
// saves.
START_TEST(attack)
{
    struct vm *vm = checked_vm("linux-attack");
    struct watch *watch = watch_new(vm);

    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "enabled");
    unsigned save = checked_save(vm);

    for (unsigned i = 1; i <= 2; i++) {
        vm_type(vm, "/disk/tests/attack");
        checked_watch(watch,
                      watch_wait(watch, "attack: [0-9]+ right, 0 wrong"));
        vm_prompt(vm);
        ck_assert_uint_eq(checked_save(vm), save + i);
    }
    vm_free(vm);
}
END_TEST

// Every native call, with the ids of all that there is: nobody else is touched,
// nothing is left, and the machine saves.
START_TEST(native_calls)
{
    struct vm *vm = checked_vm("linux-native-calls");
    struct watch *watch = watch_new(vm);

    checked_programs(vm, "counter 50 &", "fill 2 &");
    vm_command(vm, "/disk/tests/keep keep &");
    vm_type(vm, "/disk/tests/native");
    checked_watch(watch, watch_wait(watch, "native: [0-9]+ calls, 0 wrong"));
    vm_prompt(vm);
    checked_programs_go_on(watch);
    unsigned save = checked_save(vm);

    vm_cut(vm);
    linux_sound(vm);
    checked_resume(vm, watch, save);
    checked_programs_go_on(watch);
    checked_watch(watch, watch_wait(watch, "keep: pass [0-9]+ ok"));
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("Linux calls");
    TCase *tests = tcase_create("random");

    tcase_set_timeout(tests, CASE_SECONDS);
    if (session_possible("busybox", "random calls"))
        tcase_add_test(tests, fuzz);
    tcase_add_test(tests, limits);
    suite_add_tcase(suite, tests);
    tests = tcase_create("attack");
    tcase_set_timeout(tests, CASE_SECONDS);
    tcase_add_test(tests, attack);
    tcase_add_test(tests, answers);
    tcase_add_test(tests, native_calls);
    suite_add_tcase(suite, tests);
    return checked_main(suite);
}

// test_continue.c -- the power is cut while a clean shutdown is continued
//
// The termination flag decides: as long as it is normal the next boot
// continues again; once it is abnormal the next boot restores the last save.
// Never is the state refused or given up.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checked.h"
#include "nv.h"

#define SEED 20021101u
#define ROUNDS 16

enum point { AT_LINE, AT_RANDOM, AT_RESUME, LATER, POINTS };

static const char *const point_names[POINTS] = {"at the line that says so",
                                                "at any time before",
                                                "at the first output", "later"};

static double continue_ms; // from the start to the decision, as measured

static int
flag_is_normal(const struct vm *vm)
{
    struct nv_root root;

    nv_root(vm_nv(vm), &root);
    return root.flag == FLAG_NORMAL;
}

static struct vm *
begin(const char *name, struct watch **watch)
{
    struct vm *vm = checked_vm(name);

    *watch = watch_new(vm);
    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "is enabled");
    vm_command(vm, "counter 50 &");
    vm_command(vm, "ping &");
    vm_command(vm, "fill 3 &");
    vm_expect(vm, "fill: pass 1 ok");
    checked_watch(*watch, watch_count(*watch, 2));
    srandom(SEED);
    return vm;
}

static void
shut_down(struct vm *vm, struct watch *watch)
{
    vm_type(vm, "shutdown");
    ck_assert_int_eq(vm_end(vm), 0);
    checked_watch(watch, watch_read(watch));
    if (!flag_is_normal(vm))
        vm_fail(vm, "The flag is not normal after a shutdown.");
}

static void
cut_at(struct vm *vm, struct watch *watch, enum point point)
{
    vm_on(vm);
    switch (point) {
    case AT_LINE:
        vm_expect(vm, "^tender: continued from shutdown");
        break;
    case AT_RANDOM:
        vm_run(vm, continue_ms * (double)(700 + random() % 400) / 1000);
        break;
    case AT_RESUME:
        vm_expect(vm, "^tender: continued from shutdown");
        vm_expect(vm, "counter: [0-9]+\n");
        break;
    default:
        vm_expect(vm, "^tender: continued from shutdown");
        vm_run(vm, (double)(random() % 1000));
    }
    vm_cut(vm);
    checked_watch(watch, watch_partial_boot(watch));
}

// Boot, and the flag's promise is kept.  Returns whether it was normal.
static int
boot_by_flag(struct vm *vm, struct watch *watch, unsigned save)
{
    int normal = flag_is_normal(vm);
    struct vm_boot boot = checked_boot(vm, normal ? VM_CONTINUED : VM_RESTORED);

    if (!normal && boot.save != save)
        vm_fail(vm, "Not save %u: %s", save, boot.line);
    checked_watch(watch, watch_boot(watch, &boot));
    checked_watch(watch, watch_count(watch, 3));
    checked_watch(watch, watch_wait(watch, "fill: pass [0-9]+ ok"));
    return normal;
}

// Save, shut down, cut the boot that follows: once, or more often while the
// flag stays normal.
START_TEST(cut_while_continuing)
{
    struct watch *watch;
    struct vm *vm = begin("continue-cut", &watch);
    struct vm_boot boot;
    int again = 0, restored = 0;

    checked_save(vm);
    shut_down(vm, watch);
    boot = vm_decision(vm);
    continue_ms = 1000 * vm_since_on(vm);
    ck_assert_int_eq(boot.outcome, VM_CONTINUED);
    vm_prompt(vm);
    checked_watch(watch, watch_boot(watch, &boot));
    for (unsigned n = 2; n < 2 + ROUNDS; n++) {
        enum point point = n % POINTS;

        vm_note(vm, "round %u, cut %s", n - 1, point_names[point]);
        ck_assert_uint_eq(checked_save(vm), n);
        checked_watch(watch, watch_count(watch, 2));
        shut_down(vm, watch);
        for (int cuts = 1 + random() % 3; cuts > 0 && flag_is_normal(vm);
             cuts--)
            cut_at(vm, watch, point);
        if (boot_by_flag(vm, watch, n))
            again++;
        else
            restored++;
    }
    printf("continued again %d times, restored %d times\n", again, restored);
    ck_assert_int_gt(again, 0);
    ck_assert_int_gt(restored, 0);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// The cut comes while the system shuts down: the same promise, and from the line
// that acknowledges on it goes on from there (W3).
START_TEST(cut_while_shutting_down)
{
    struct watch *watch;
    struct vm *vm = begin("shutdown-cut", &watch);
    int normal;

    for (unsigned n = 1; n <= 12; n++) {
        vm_note(vm, "shutdown %u", n);
        ck_assert_uint_eq(checked_save(vm), n);
        checked_watch(watch, watch_count(watch, 2));
        vm_type(vm, "shutdown");
        switch (n % 3) {
        case 0:
            vm_wait(vm, "tender: shutting down", 5);
            break;
        case 1:
            vm_expect(vm, "^tender: shut down; the next boot continues");
            break;
        default:
            vm_run(vm, (double)(random() % 40));
        }
        vm_cut(vm);
        normal = boot_by_flag(vm, watch, n);
        if (n % 3 == 1)
            ck_assert_int_eq(normal, 1);
    }
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// Without any save: continued as long as the flag is normal, else there is
// nothing left and the boot says so.
START_TEST(no_save)
{
    struct vm *vm = checked_vm("continue-no-save");
    struct watch *watch = watch_new(vm);
    struct vm_boot boot;

    checked_boot(vm, VM_COLD);
    vm_command(vm, "counter 50 &");
    checked_watch(watch, watch_count(watch, 3));
    shut_down(vm, watch);
    for (int i = 0; i < 4 && flag_is_normal(vm); i++) {
        vm_on(vm);
        vm_expect(vm, "^tender: build");
        vm_cut(vm);
        checked_watch(watch, watch_partial_boot(watch));
    }
    if (flag_is_normal(vm)) {
        boot = checked_boot(vm, VM_CONTINUED);
        checked_watch(watch, watch_boot(watch, &boot));
        checked_watch(watch, watch_count(watch, 3));
        vm_cut(vm);
    }
    boot = checked_boot(vm, VM_COLD);
    if (strstr(boot.line, "save") == NULL)
        vm_fail(vm, "It does not say that there is no save: %s", boot.line);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("continue");
    TCase *tests = tcase_create("cut while continuing");

    tcase_set_timeout(tests, CASE_SECONDS);
    tcase_add_test(tests, cut_while_continuing);
    tcase_add_test(tests, cut_while_shutting_down);
    tcase_add_test(tests, no_save);
    suite_add_tcase(suite, tests);
    return checked_main(suite);
}

// test_room.c -- what happens when there is no room for a save, and does all of
// it come back?
//
// 64 MiB, of which about 39 MiB are free.  Continuous-operation control keeps
// two copies of everything, so 30 MiB of a program are too many for it.
#include <stdio.h>
#include <string.h>

#include "checked.h"
#include "room.h"

#define TOO_MUCH "fill 30 &" // runs, and cannot be kept
#define REFUSED "save refused: out of real memory; save %u is still the newest"

static void
no_save_yet(struct vm *vm)
{
    vm_type(vm, "save");
    vm_expect(vm, "Nothing was saved: out of real memory\\.");
    vm_expect(vm, "^tender> ");
    if (strstr(vm_text(vm), "save 0") != NULL)
        vm_fail(vm, "There is no save 0.");
}

static void
refused_save(struct vm *vm, unsigned newest)
{
    char sentence[100];

    snprintf(sentence, sizeof(sentence), REFUSED, newest);
    vm_type(vm, "save");
    vm_expect(vm, sentence);
    vm_expect(vm, "Nothing was saved: out of real memory\\.");
    vm_expect(vm, "^tender> ");
}

// No room to enable: is it refused, undone, and possible later?
START_TEST(enable_without_room)
{
    struct vm *vm = checked_vm("room-enable");
    struct watch *watch = watch_new(vm);
    unsigned before;

    checked_boot(vm, VM_COLD);
    vm_command(vm, "counter 50 &");
    vm_command(vm, TOO_MUCH);
    vm_expect(vm, "fill: pass 1 ok");
    before = free_pages(vm);
    for (int i = 0; i < 3; i++)
        one_sentence(vm, "occ enable", "^Not enabled: out of real memory\\.$");
    same_free(vm, before, "a refused occ enable");
    checked_command(vm, "occ", "is disabled");
    checked_command(vm, "save", "not enabled");
    checked_command(vm, "plate", "0 plates");
    checked_watch(watch, watch_count(watch, 3));
    checked_watch(watch, watch_wait(watch, "fill: pass [0-9]+ ok"));
    vm_command(vm, "kill %2");
    checked_command(vm, "occ enable", "is enabled");
    ck_assert_uint_eq(checked_save(vm), 1);
    checked_watch(watch, watch_count(watch, 3));
    checked_cut(vm, watch, 1);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// No room for the very first save.
START_TEST(first_save_without_room)
{
    struct vm *vm = checked_vm("room-first");
    struct watch *watch = watch_new(vm);

    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "is enabled");
    vm_command(vm, TOO_MUCH);
    vm_expect(vm, "fill: pass 1 ok");
    no_save_yet(vm);
    vm_command(vm, "kill %1");
    vm_command(vm, "counter 50 &");
    checked_watch(watch, watch_count(watch, 3));
    ck_assert_uint_eq(checked_save(vm), 1);
    checked_cut(vm, watch, 1);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// A machine with a save, and then a program too big for the next.
static struct vm *
too_big(const char *name, struct watch **watch)
{
    struct vm *vm = checked_vm(name);

    *watch = watch_new(vm);
    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "is enabled");
    vm_command(vm, "counter 50 &");
    vm_command(vm, "fill 2 7 &");
    vm_expect(vm, "fill: pass 1 ok");
    ck_assert_uint_eq(checked_save(vm), 1);
    checked_watch(*watch, watch_count(*watch, 3));
    vm_command(vm, "fill 25 &");
    vm_expect(vm, "fill: pass [0-9]+ ok, 25 MiB");
    return vm;
}

START_TEST(save_without_room_then_cut)
{
    struct watch *watch;
    struct vm *vm = too_big("room-cut", &watch);

    for (int i = 0; i < _i; i++)
        refused_save(vm, 1);
    checked_watch(watch, watch_count(watch, 3));
    checked_cut(vm, watch, 1);
    checked_watch(watch, watch_wait(watch, "fill: pass [0-9]+ ok, 2 MiB"));
    if (strstr(vm_command(vm, "jobs"), "fill 25") != NULL)
        vm_fail(vm, "A program that began after the save is there.");
    ck_assert_uint_eq(checked_save(vm), 2);
    checked_watch(watch, watch_count(watch, 2));
    checked_cut(vm, watch, 2);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

START_TEST(save_without_room_then_kill)
{
    struct watch *watch;
    struct vm *vm = too_big("room-kill", &watch);
    unsigned before;

    refused_save(vm, 1);
    before = free_pages(vm);
    refused_save(vm, 1);
    same_free(vm, before, "a second refusal");
    checked_watch(watch, watch_count(watch, 2));
    vm_command(vm, "kill %3");
    ck_assert_uint_eq(checked_save(vm), 2);
    before = free_pages(vm);
    // Over and over: each refusal takes nothing for good.
    for (unsigned n = 3; n < 6; n++) {
        vm_command(vm, "fill 25 &");
        vm_expect(vm, "fill: pass [0-9]+ ok, 25 MiB");
        refused_save(vm, n - 1);
        vm_command(vm, "kill %3");
        ck_assert_uint_eq(checked_save(vm), n);
    }
    same_free(vm, before, "refused saves");
    checked_watch(watch, watch_count(watch, 2));
    checked_cut(vm, watch, 5);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// Plates that come and go fill the pending-delete table, which only a save
// empties: does the next save always succeed?
START_TEST(pending_deletes_without_room)
{
    struct vm *vm = checked_vm("room-pending");
    struct watch *watch = watch_new(vm);
    unsigned before;

    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "is enabled");
    vm_command(vm, "counter 50 &");
    checked_save(vm);
    before = free_pages(vm);
    for (unsigned n = 2; n < 5; n++) {
        checked_command(vm, "spaces 150", "round 150 ok");
        ck_assert_uint_eq(checked_save(vm), n);
        same_free(vm, before, "spaces 150");
    }
    checked_watch(watch, watch_count(watch, 2));
    checked_cut(vm, watch, 4);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("room");
    TCase *tests = tcase_create("64 MiB");

    tcase_set_timeout(tests, CASE_SECONDS);
    tcase_add_test(tests, enable_without_room);
    tcase_add_test(tests, first_save_without_room);
    tcase_add_loop_test(tests, save_without_room_then_cut, 1, 3);
    tcase_add_test(tests, save_without_room_then_kill);
    tcase_add_test(tests, pending_deletes_without_room);
    suite_add_tcase(suite, tests);
    return checked_main(suite);
}

// test_plate_drive.c -- a plate disk that reports errors: is the save refused,
// does the machine go on, and the last save stay?
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checked.h"
#include "plates.h"

#define FAULTS "build/vm/plates-faults"
#define FIRST 2048u // sector of the partition, on a disk of tools/mkplates

#define ONCE "[inject-error]\nerrno = \"5\"\nonce = \"on\"\n"
#define AFTER_A_FLUSH                                                          \
    "[set-state]\nevent = \"flush_to_disk\"\nstate = \"1\"\n"                  \
    "new_state = \"2\"\n"

static const struct {
    const char *what;
    const char *config;
    bool may_have_arrived;
} write_faults[] = {
    {"the first write", ONCE "event = \"write_aio\"\n", false},
    {"the flush before the commit", ONCE "event = \"flush_to_disk\"\n", false},
    {"the commit sector", ONCE "event = \"write_aio\"\nsector = \"2056\"\n",
     true},
    {"the flush after the commit",
     AFTER_A_FLUSH ONCE "state = \"2\"\nevent = \"flush_to_disk\"\n", true},
};
#define WRITE_FAULTS (int)(sizeof(write_faults) / sizeof(write_faults[0]))

static void
put_faults(const char *config)
{
    FILE *file = fopen(FAULTS, "w");

    ck_assert_ptr_nonnull(file);
    fputs(config, file);
    fclose(file);
}

// One write or flush fails: is the save refused, does all go on, is the save
// before still there, and does the next one succeed?
START_TEST(write_fault)
{
    struct watch *watch, *again;
    struct vm *vm =
        checked_on_plates_base("write-fault", checked_base_watch, &watch);
    struct vm *cut =
        checked_on_plates_base("write-fault-cut", checked_base_watch, &again);

    vm_note(vm, "error of %s", write_faults[_i].what);
    put_faults(write_faults[_i].config);
    vm_set_fault(vm, FAULTS);
    checked_goes_on(vm, watch, 2);
    // Pages that are written once, before the save that fails, and looked at.
    vm_command(vm, "fill 1 &");
    vm_expect(vm, "fill: pass 1 ok");
    checked_command(vm, "save", "reports an error; save 2 is still the newest");
    checked_watch(watch, watch_count(watch, 3));
    vm_run(vm, 50);
    ck_assert_uint_eq(checked_save(vm), 3);
    checked_watch(watch, watch_count(watch, 3));
    vm_set_fault(vm, NULL);
    vm_cut(vm);
    checked_disk(vm);
    checked_goes_on(vm, watch, 3);
    checked_watch(watch, watch_wait(watch, "fill: pass [0-9]+ ok"));
    vm_no_loss(vm);
    vm_free(vm);

    vm_set_fault(cut, FAULTS);
    checked_goes_on(cut, again, 2);
    checked_command(cut, "save", "save 2 is still the newest");
    vm_cut(cut);
    vm_set_fault(cut, NULL);
    checked_disk(cut);
    struct vm_boot boot = checked_boot(cut, VM_RESTORED);

    ck_assert(boot.save == 2 ||
              (boot.save == 3 && write_faults[_i].may_have_arrived));
    checked_watch(again, watch_boot(again, &boot));
    checked_watch(again, watch_count(again, 3));
    vm_free(cut);
}
END_TEST

// The drive has stopped taking anything: no save, and no harm.
START_TEST(dead_drive)
{
    struct watch *watch;
    struct vm *vm = checked_on_plates_base("dead", checked_base_watch, &watch);

    put_faults("[inject-error]\nevent = \"write_aio\"\nerrno = \"28\"\n");
    vm_set_fault(vm, FAULTS);
    checked_goes_on(vm, watch, 2);
    for (int i = 0; i < 5; i++)
        checked_command(vm, "save", "save 2 is still the newest");
    checked_command(vm, "shutdown", "save refused");
    checked_command(vm, "hello there", "\nhello there");
    checked_watch(watch, watch_count(watch, 3));
    vm_cut(vm);
    checked_disk(vm);
    checked_goes_on(vm, watch, 2);
    vm_cut(vm);
    unlink(vm_plates(vm)); // enabling fails, too
    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "reports an error");
    checked_command(vm, "save", "not enabled");
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

static const struct {
    const char *what;
    u32 sector; // 0: of the newest save's own page
    const char *says;
} read_faults[] = {
    {"the partition table", 1, "the plate disk does not answer"},
    {"the header", FIRST, "does not answer or reports an error"},
    {"the older commit sector", FIRST + 8, "does not answer or reports"},
    {"a page of a plate", 0, "save 2 cannot be read"},
};
#define READ_FAULTS (int)(sizeof(read_faults) / sizeof(read_faults[0]))

// A read fails at a boot: is it refused and not taken for damage or for an empty
// disk?  May be gone back further on demand?  Is all there the next time?
START_TEST(read_fault)
{
    struct watch *watch;
    struct vm *vm =
        checked_on_plates_base("read-fault", checked_base_watch, &watch);
    struct plates_disk disk;
    struct plates_save newest, before;
    u32 sector = read_faults[_i].sector & ~1u;
    char config[200];

    vm_note(vm, "error of %s", read_faults[_i].what);
    plates_open(&disk, vm_plates(vm));
    plates_load(&disk, plates_newest(&disk), &newest);
    plates_load(&disk, plates_before(&disk), &before);
    if (read_faults[_i].sector == 0)
        sector =
            (u32)(plates_at(&disk, plates_own_page(&newest, &before)) / 512);
    snprintf(config, sizeof(config),
             "[inject-error]\nevent = \"read_aio\"\nerrno = \"5\"\n"
             "sector = \"%u\"\n",
             sector);
    put_faults(config);
    vm_set_fault(vm, FAULTS);
    checked_refusal(vm, read_faults[_i].says);
    if (read_faults[_i].sector == 0) {
        vm_set_append(vm, "nv=restore");
        checked_goes_on(vm, watch, 1);
        vm_cut(vm);
        vm_set_append(vm, NULL);
    }
    vm_set_fault(vm, NULL);
    checked_goes_on(vm, watch, 2);
    vm_free(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("drives of plates");
    TCase *faults = tcase_create("errors");

    tcase_set_timeout(faults, CASE_SECONDS);
    tcase_add_unchecked_fixture(faults, checked_make_base, checked_remove_base);
    tcase_add_loop_test(faults, write_fault, 0, WRITE_FAULTS);
    tcase_add_test(faults, dead_drive);
    tcase_add_loop_test(faults, read_fault, 0, READ_FAULTS);
    suite_add_tcase(suite, faults);
    int failed = checked_main(suite);

    unlink(FAULTS);
    return failed;
}

// test_plate_full.c -- a plate disk that is missing, too small or full, or is
// the boot disk: does the machine go on, and the last save stay?
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checked.h"
#include "plates.h"

#define FULL "the partition for permanent units is full"

// A machine with a plate disk of so many MiB.
static struct vm *
with_partition(const char *name, unsigned mib)
{
    struct vm *vm = checked_plates(name);
    char options[40];

    snprintf(options, sizeof(options), "-p %u -v 1", mib);
    plates_make(vm_plates(vm), options);
    return vm;
}

// Its own boot disk, without a partition for permanent units.
static void
without_units(char path[64], const char *name)
{
    u8 type = 0x0b;

    snprintf(path, 64, "build/vm/%s.img", name);
    nv_copy(VM_DISK, path);
    nv_write(path, MBR_TYPE + 16, &type, 1);
}

// --- missing, too small

START_TEST(missing)
{
    char disk[64];
    u8 type = 0x0b;
    u32 sectors = 0x7fffffff;

    without_units(disk, "no-units");
    struct vm *none = vm_new(&(struct vm_options){
        .name = "none", .disk = disk, .store = VM_ON_BOOT});
    struct vm *vm = with_partition("no-partition", 8);

    checked_refusal(none, "there is no partition for permanent units");
    nv_write(vm_plates(vm), MBR_TYPE, &type, 1);
    checked_refusal(vm, "there is no partition for permanent units");
    type = 0x7e;
    nv_write(vm_plates(vm), MBR_TYPE, &type, 1);
    nv_write(vm_plates(vm), MBR_SECTORS, &sectors, sizeof(sectors));
    checked_refusal(vm, "larger than its disk");
    unlink(vm_plates(vm));
    plates_make(vm_plates(vm), "-p 4 -v 1");
    checked_refusal(vm, "is too small for the tables of this machine");
    unlink(disk);
    vm_free(none);
    vm_free(vm);
}
END_TEST

// Memory that holds the state of NV plates is not for plates on a disk.
START_TEST(nv_memory)
{
    struct watch *watch;
    struct watch *nv_base = checked_base();
    struct vm *vm = checked_on_base("nv-memory", nv_base, &watch);

    vm_set_append(vm, "plate=disk");
    checked_refusal(vm, "this memory holds the state of plate=nv");
    vm_set_append(vm, NULL);
    checked_goes_on(vm, watch, 2);
    vm_free(vm);
    vm_free(nv_base->vm);
}
END_TEST

// --- full

// While enabling: it stays off, all goes on, and after an end of the program
// that needs so much it can be enabled.
START_TEST(full_at_enabling)
{
    struct vm *vm = with_partition("full-enabling", 6);
    struct watch *watch = watch_new(vm);

    checked_boot(vm, VM_COLD);
    vm_command(vm, "fill 8 &");
    vm_expect(vm, "fill: pass [0-9]+ ok");
    vm_command(vm, "counter 20 &");
    checked_command(vm, "occ enable", FULL);
    checked_command(vm, "save", "not enabled");
    checked_watch(watch, watch_count(watch, 3));
    checked_watch(watch, watch_wait(watch, "fill: pass [0-9]+ ok"));
    checked_command(vm, "kill %1", "");
    checked_command(vm, "occ enable", "enabled");
    ck_assert_uint_eq(checked_save(vm), 1);
    vm_cut(vm);
    checked_disk(vm);
    checked_goes_on(vm, watch, 1);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// At a later save, because there are new plates: the saves before stay, and
// when there is room again, it can be saved again.
START_TEST(full_at_save)
{
    struct vm *vm = with_partition("full", 6);
    struct watch *watch = watch_new(vm);

    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "enabled");
    vm_command(vm, "counter 20 &");
    ck_assert_uint_eq(checked_save(vm), 1);
    vm_command(vm, "fill 8 &");
    vm_expect(vm, "fill: pass [0-9]+ ok");
    checked_command(vm, "save", FULL "; save 1 is still the newest");
    checked_watch(watch, watch_count(watch, 3));
    checked_command(vm, "save", FULL);
    vm_cut(vm);
    checked_disk(vm);
    checked_goes_on(vm, watch, 1);
    vm_command(vm, "fill 8 &");
    vm_expect(vm, "fill: pass [0-9]+ ok");
    checked_command(vm, "save", FULL "; save 1 is still the newest");
    checked_command(vm, "shutdown", FULL);
    checked_command(vm, "kill %2", "");
    ck_assert_uint_eq(checked_save(vm), 2);
    ck_assert_uint_eq(checked_save(vm), 3);
    vm_cut(vm);
    checked_disk(vm);
    checked_goes_on(vm, watch, 3);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// Nearly full: there is room for all that is written over and over, because the
// blocks of older saves come free.
START_TEST(nearly_full)
{
    struct vm *vm = with_partition("nearly-full", 7);
    struct watch *watch = watch_new(vm);

    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "enabled");
    vm_command(vm, "counter 20 &");
    checked_command(vm, "dirty 700 3", "dirty: the save was refused: " FULL);
    unsigned newest = checked_save(vm);

    checked_watch(watch, watch_count(watch, 3));
    checked_command(vm, "dirty 100 20", "100 pages written");
    for (unsigned i = 1; i <= 20; i++)
        ck_assert_uint_eq(checked_save(vm), newest + 20 + i);
    vm_cut(vm);
    checked_disk(vm);
    checked_goes_on(vm, watch, newest + 40);
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

// --- the partition on the boot disk, and programs loaded from it meanwhile

START_TEST(on_the_boot_disk)
{
    char disk[64] = "build/vm/on-boot.img";
    struct vm *vm = vm_new(&(struct vm_options){.name = "on-boot",
                                                .disk = disk,
                                                .plates = disk,
                                                .extra = "--keep-disk",
                                                .store = VM_ON_BOOT});
    struct watch *watch = watch_new(vm);
    struct plates_disk at;

    nv_copy(VM_DISK, disk);
    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "enabled");
    vm_command(vm, "counter 20 &");
    vm_command(vm, "saver 100000 0 &");
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 10; i++)
            checked_command(vm, "hello there", "\nhello there");
        checked_command(vm, "fill 1 once", "pass 1 ok");
        vm_cut(vm);
        checked_watch(watch, watch_read(watch));
        checked_disk(vm);
        plates_open(&at, disk);
        if (plates_generation(&at) > watch->acked + 1)
            vm_fail(vm, "Save %u was not acknowledged.", watch->acked + 1);
        checked_goes_on(vm, watch, plates_generation(&at));
    }
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("room for plates");
    TCase *tests = tcase_create("missing, small and full");

    tcase_set_timeout(tests, CASE_SECONDS);
    tcase_add_test(tests, missing);
    tcase_add_test(tests, nv_memory);
    tcase_add_test(tests, full_at_enabling);
    tcase_add_test(tests, full_at_save);
    tcase_add_test(tests, nearly_full);
    tcase_add_test(tests, on_the_boot_disk);
    suite_add_tcase(suite, tests);
    return checked_main(suite);
}

// test_paging.c -- can programs use more memory than there is?
//
// 64 MiB, of which about 42 MiB are free, and plates on a disk with a partition
// for virtual units.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checked.h"
#include "nv.h"

#define PLATES "build/vm/paging.img"
#define FAULTS "build/vm/paging.faults"
#define DISK "build/vm/paging-disk.img"
#define PERMANENT_MIB 512
#define VIRTUAL_MIB 256
#define FIRST 2048u                          // sector of the first partition
#define TYPE_OF(n) (446u + ((n)-1) * 16 + 4) // byte of the partition table
#define RIGHT "big: %u MiB, every word is right"

// A machine with a new plate disk.
static struct vm *
with_plates(const char *name, unsigned virtual_mib, const char *faults,
            const char *disk)
{
    static const char *more[5];
    char command[200];

    unlink(PLATES);
    snprintf(command, sizeof(command),
             "mkdir -p build/vm && tools/mkplates -o %s -p %d -v %u", PLATES,
             PERMANENT_MIB, virtual_mib);
    ck_assert_int_eq(system(command), 0);
    more[0] = "--plates";
    more[1] = PLATES;
    more[2] = faults != NULL ? "--plates-fault" : NULL;
    more[3] = faults;
    return vm_new(&(struct vm_options){.name = name,
                                       .disk = disk,
                                       .append = "plate=disk",
                                       .ram = true,
                                       .more = more});
}

static void
done(struct vm *vm)
{
    vm_no_loss(vm);
    vm_free(vm);
    unlink(PLATES);
}

static void
is_right(struct vm *vm, unsigned mib)
{
    char line[80];

    snprintf(line, sizeof(line), RIGHT, mib);
    vm_expect(vm, line);
}

// Is every word right, half as many again as there are?
START_TEST(alone)
{
    struct vm *vm = with_plates("paging-alone", VIRTUAL_MIB, NULL, NULL);

    checked_boot(vm, VM_COLD);
    vm_type(vm, "big");
    is_right(vm, 96);
    vm_expect(vm, "^tender> ");
    // All of it comes back.
    checked_command(vm, "res virtual-unit", "0x");
    vm_type(vm, "big 100 7");
    is_right(vm, 100);
    done(vm);
}
END_TEST

// Are all right who compete for memory, and the small ones among them?
START_TEST(several)
{
    struct vm *vm = with_plates("paging-several", VIRTUAL_MIB, NULL, NULL);
    struct watch *watch = watch_new(vm);

    checked_boot(vm, VM_COLD);
    vm_command(vm, "counter 50 &");
    vm_command(vm, "life &");
    vm_command(vm, "fill 12 &");
    vm_command(vm, "big 50 2 &");
    vm_type(vm, "big 60 3");
    vm_expect(vm, "every word is right");
    vm_expect(vm, "every word is right");
    vm_expect(vm, "fill: pass [0-9]+ ok");
    checked_watch(watch, watch_count(watch, 5));
    done(vm);
}
END_TEST

// Do saves in the middle keep what is paged out, and do cuts lose none of it?
START_TEST(saved)
{
    struct vm *vm = with_plates("paging-saved", VIRTUAL_MIB, NULL, NULL);
    struct watch *watch = watch_new(vm);
    struct vm_boot boot;

    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "enabled");
    vm_command(vm, "counter 50 &");
    vm_type(vm, "big 90 5 &");
    checked_save(vm);
    vm_expect(vm, "big: 90 MiB written");
    checked_save(vm);
    checked_save(vm);
    vm_cut(vm);
    for (unsigned i = 0; i < 2; i++) {
        boot = checked_boot(vm, VM_RESTORED);
        checked_watch(watch, watch_boot(watch, &boot));
        vm_run(vm, 100 + 300 * i);
        checked_save(vm);
        vm_cut(vm);
    }
    boot = checked_boot(vm, VM_RESTORED);
    checked_watch(watch, watch_boot(watch, &boot));
    is_right(vm, 90);
    checked_watch(watch, watch_count(watch, 2));
    done(vm);
}
END_TEST

// Without the partition on either disk, or with one that is too small: is big
// refused, and does the system go on?
static const struct {
    unsigned virtual_mib; // 0: of another type
    const char *says;
} rooms[] = {
    {0, "big: there are no 96 MiB: out of real memory\\."},
    {48, "big: there are no 96 MiB: the partition for virtual units is full"},
};

START_TEST(no_room)
{
    unsigned mib = rooms[_i].virtual_mib;
    struct vm *vm = with_plates("paging-room", mib == 0 ? 1 : mib, NULL, DISK);
    u8 type = 0x0b;

    nv_copy(VM_DISK, DISK);
    if (mib == 0) {
        nv_write(PLATES, TYPE_OF(2), &type, 1);
        nv_write(DISK, TYPE_OF(3), &type, 1);
    }
    checked_boot(vm, VM_COLD);
    vm_type(vm, "big");
    vm_expect(vm, rooms[_i].says);
    vm_expect(vm, "^tender> ");
    vm_type(vm, "big 20");
    is_right(vm, 20);
    unlink(DISK);
    done(vm);
}
END_TEST

// The drive fails to read: does only the program die whose page it was, and is
// the newest save still good?
START_TEST(read_error)
{
    struct vm *vm;
    FILE *file;

    // Any read in the middle of what big has there.
    ck_assert_int_eq(system("mkdir -p build/vm"), 0);
    file = fopen(FAULTS, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file,
            "[inject-error]\nevent = \"read_aio\"\niotype = \"read\"\n"
            "errno = \"5\"\nsector = \"%u\"\n",
            FIRST + PERMANENT_MIB * 2048 + 60 * 2048);
    fclose(file);
    vm = with_plates("paging-error", VIRTUAL_MIB, FAULTS, NULL);
    checked_boot(vm, VM_COLD);
    vm_command(vm, "counter 50 &");
    vm_type(vm, "big 80");
    vm_expect(vm, "big.* killed: its page at 0x[0-9a-f]+ cannot be paged in: "
                  "the disk with the virtual units");
    vm_expect(vm, "^tender> ");
    vm_expect(vm, "counter: [0-9]+\n");
    vm_type(vm, "big 45");
    is_right(vm, 45);
    vm_expect(vm, "^tender> ");
    checked_command(vm, "occ enable", "enabled");
    checked_save(vm);
    vm_cut(vm);
    checked_boot(vm, VM_RESTORED);
    vm_expect(vm, "counter: [0-9]+\n");
    unlink(FAULTS);
    done(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("paging");
    TCase *cases = tcase_create("paging");

    tcase_set_timeout(cases, CASE_SECONDS);
    tcase_add_test(cases, alone);
    tcase_add_test(cases, several);
    tcase_add_test(cases, saved);
    tcase_add_loop_test(cases, no_room, 0, 2);
    tcase_add_test(cases, read_error);
    suite_add_tcase(suite, cases);
    return checked_main(suite);
}

// test_plate_damage.c -- a plate disk that is missing, foreign or damaged: is
// it said, and is nothing given up?
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "checked.h"
#include "plates.h"

static void
says(struct vm *vm, const struct vm_boot *boot, const char *contains)
{
    if (strstr(boot->line, contains) == NULL)
        vm_fail(vm, "It does not say \"%s\": %s", contains, boot->line);
}

static u64 flipped[2];
static int flips;

static void
flip_byte(struct plates_disk *disk, u64 at)
{
    nv_flip(disk->path, at, 3);
    flipped[flips++] = at;
}

static void
mend(struct plates_disk *disk)
{
    while (flips > 0)
        nv_flip(disk->path, flipped[--flips], 3);
}

// --- what is damaged: newest or older save, both, or neither matters

static void
header_flip(struct plates_disk *disk)
{
    flip_byte(disk, disk->at + 20);
}

static void
header_magic(struct plates_disk *disk)
{
    flip_byte(disk, disk->at);
}

static void
commit_newest(struct plates_disk *disk)
{
    flip_byte(disk,
              plates_at(disk, DISK_COMMIT_BLOCK + (u32)plates_newest(disk)) +
                  40);
}

static void
commit_older(struct plates_disk *disk)
{
    flip_byte(disk,
              plates_at(disk, DISK_COMMIT_BLOCK + (u32)plates_before(disk)) +
                  40);
}

static void
commit_both(struct plates_disk *disk)
{
    commit_newest(disk);
    commit_older(disk);
}

static void
save_header(struct plates_disk *disk)
{
    const struct disk_commit *c = &disk->commit[plates_newest(disk)];

    flip_byte(disk, plates_at(disk, c->header[0]) + 100);
}

static void
save_header_both(struct plates_disk *disk)
{
    save_header(disk);
    flip_byte(disk,
              plates_at(disk, disk->commit[plates_before(disk)].header[0]));
}

// A block of a page or a table page that the save of this sector names, and
// the other one does not; or of both.
static u32
block_of(struct plates_disk *disk, bool table, bool shared)
{
    struct plates_save newest, before;
    u32 block = 0;

    ck_assert_ptr_null(plates_load(disk, plates_newest(disk), &newest));
    ck_assert_ptr_null(plates_load(disk, plates_before(disk), &before));
    if (shared)
        block = plates_common_page(&newest, &before);
    else if (table)
        block = plates_own_table(&newest, &before);
    else
        block = plates_own_page(&newest, &before);
    ck_assert_uint_ne(block, 0);
    plates_unload(&newest);
    plates_unload(&before);
    return block;
}

static void
table_page(struct plates_disk *disk)
{
    flip_byte(disk, plates_at(disk, block_of(disk, true, false)) + 1234);
}

static void
plate_page(struct plates_disk *disk)
{
    flip_byte(disk, plates_at(disk, block_of(disk, false, false)) + 4095);
}

static void
shared_page(struct plates_disk *disk)
{
    flip_byte(disk, plates_at(disk, block_of(disk, false, true)));
}

static const struct {
    const char *what;
    void (*damage)(struct plates_disk *disk);
    unsigned save; // that is restored all the same, or 0: refused
    const char *says;
} damages[] = {
    {"a bit of the header", header_flip, 0,
     "header of the permanent units is damaged"},
    {"the header's magic", header_magic, 0, "holds something else"},
    {"the newest commit sector", commit_newest, 1, "plate disk has save 1"},
    {"the older commit sector", commit_older, 2, "plate disk has save 2"},
    {"both commit sectors", commit_both, 0, "no commit sector"},
    {"the newest save header", save_header, 1, "save 2 cannot be restored"},
    {"both save headers", save_header_both, 0, "no whole save before"},
    {"a table page", table_page, 1, "save 2 cannot be restored"},
    {"a page of a plate", plate_page, 1, "save 2 cannot be restored"},
    {"a page both saves name", shared_page, 0, "no whole save before"},
};
#define DAMAGES (int)(sizeof(damages) / sizeof(damages[0]))

// The save before the newest one, and that is said; or a refusal, after which
// the mended disk is as good as before.
START_TEST(damaged)
{
    struct watch *watch;
    struct vm *vm =
        checked_on_plates_base("damaged", checked_base_watch, &watch);
    struct plates_disk disk;

    vm_note(vm, "damaged: %s", damages[_i].what);
    plates_open(&disk, vm_plates(vm));
    damages[_i].damage(&disk);
    if (damages[_i].save != 0) {
        struct vm_boot boot = checked_goes_on(vm, watch, damages[_i].save);

        says(vm, &boot, damages[_i].says);
        // It can be saved again, and both saves are good then.
        vm_prompt(vm);
        checked_save(vm);
        checked_save(vm);
        vm_cut(vm);
        checked_disk(vm);
        checked_goes_on(vm, watch, damages[_i].save + 2);
    } else {
        checked_refusal(vm, damages[_i].says);
        checked_refusal(vm, "nv=cold");
        mend(&disk);
        checked_disk(vm);
        checked_goes_on(vm, watch, 2);
    }
    vm_free(vm);
}
END_TEST

// A header of another format, machine or kernel, with a checksum that fits.
static const struct {
    size_t at;
    u32 change;
    const char *says;
} foreign[] = {
    {offsetof(struct disk_header, format), 3, "of format version 2"},
    {offsetof(struct disk_header, build), 0x1234, "belong to kernel build"},
    {offsetof(struct disk_header, memory_pages), 0x8000, "machine with 192"},
    {offsetof(struct disk_header, signature), 1, "another disk or partition"},
    {offsetof(struct disk_header, first), 8, "another disk or partition"},
    {offsetof(struct disk_header, limits), 1, "tables of other sizes"},
};
#define FOREIGN (int)(sizeof(foreign) / sizeof(foreign[0]))

START_TEST(foreign_header)
{
    struct watch *watch;
    struct vm *vm =
        checked_on_plates_base("foreign", checked_base_watch, &watch);
    struct plates_disk disk;
    u32 *changed;

    plates_open(&disk, vm_plates(vm));
    changed = (u32 *)(void *)((char *)&disk.header + foreign[_i].at);
    *changed ^= foreign[_i].change;
    plates_put_header(&disk);
    checked_refusal(vm, foreign[_i].says);
    *changed ^= foreign[_i].change;
    plates_put_header(&disk);
    checked_goes_on(vm, watch, 2);
    vm_free(vm);
}
END_TEST

// Another memory size, for real; another disk that got a copy; and what nv=cold
// makes of it.
START_TEST(another_machine)
{
    struct watch *watch;
    struct vm *vm = checked_on_plates_base("first", checked_base_watch, &watch);
    struct vm *other = vm_new(&(struct vm_options){.name = "other",
                                                   .plates = vm_plates(vm),
                                                   .mem_mib = 128,
                                                   .store = VM_PLATES});
    u32 signature = 0x12345678, mine;

    checked_refusal(other, "of a machine with 64 MiB and this one has 128");
    nv_read(vm_plates(vm), MBR_SIGNATURE, &mine, sizeof(mine));
    nv_write(vm_plates(vm), MBR_SIGNATURE, &signature, sizeof(signature));
    checked_refusal(vm, "another disk or partition (a copied one");
    nv_write(vm_plates(vm), MBR_SIGNATURE, &mine, sizeof(mine));
    checked_goes_on(vm, watch, 2);
    vm_cut(vm);
    vm_set_append(other, "nv=cold");
    checked_boot(other, VM_COLD);
    checked_command(other, "occ enable", "enabled");
    vm_command(other, "counter 50 &");
    ck_assert_uint_eq(checked_save(other), 1);
    vm_cut(other);
    vm_set_append(other, NULL);
    checked_restore(other, 1);
    vm_cut(other);
    checked_disk(other);
    checked_refusal(vm, "of a machine with 128 MiB and this one has 64");
    vm_no_loss(other);
    vm_free(other);
    vm_free(vm);
}
END_TEST

// Wishes: what cannot be fulfilled is refused, and nv=cold gives up.
START_TEST(wishes)
{
    struct watch *watch;
    struct vm *vm =
        checked_on_plates_base("wishes", checked_base_watch, &watch);

    vm_set_append(vm, "nv=continue");
    checked_refusal(vm, "nv=continue was asked for, but with plate=disk");
    vm_set_append(vm, "nv=restore");
    checked_goes_on(vm, watch, 2);
    vm_cut(vm);
    vm_set_append(vm, "nv=cold");
    struct vm_boot boot = checked_boot(vm, VM_COLD);

    says(vm, &boot, "nv=cold was asked for");
    vm_cut(vm);
    vm_set_append(vm, "nv=restore");
    checked_refusal(vm, "there is no save on the plate disk");
    vm_set_append(vm, NULL);
    boot = checked_boot(vm, VM_COLD);
    says(vm, &boot, "holds no save");
    vm_cut(vm);
    unlink(vm_plates(vm));
    vm_set_append(vm, "nv=restore");
    checked_refusal(vm, "there is no save on the plate disk");
    vm_free(vm);
}
END_TEST

// Two machines on one plate disk: the second is not started, unless it only
// looks, and what it does is gone afterwards.
START_TEST(second_machine)
{
    struct watch *watch, *looking;
    struct vm *vm = checked_on_plates_base("first", checked_base_watch, &watch);
    struct vm *second = vm_new(&(struct vm_options){
        .name = "second", .plates = vm_plates(vm), .store = VM_PLATES});
    struct vm *look = vm_new(&(struct vm_options){.name = "look",
                                                  .plates = vm_plates(vm),
                                                  .extra = "--cow-plates",
                                                  .store = VM_PLATES});

    looking = watch_copy(checked_base_watch, look);
    checked_goes_on(look, looking, 2);
    vm_on(second);
    vm_expect(second, "in use by another machine");
    ck_assert_int_eq(vm_end(second), 2);
    vm_prompt(look);
    ck_assert_uint_eq(checked_save(look), 3);
    vm_cut(look);
    checked_goes_on(vm, watch, 2);
    vm_no_loss(vm);
    vm_free(vm);
    vm_free(second);
    vm_free(look);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("damaged plate disks");
    TCase *tests = tcase_create("a plate disk with two saves");

    tcase_set_timeout(tests, CASE_SECONDS);
    tcase_add_unchecked_fixture(tests, checked_make_base, checked_remove_base);
    tcase_add_loop_test(tests, damaged, 0, DAMAGES);
    tcase_add_loop_test(tests, foreign_header, 0, FOREIGN);
    tcase_add_test(tests, another_machine);
    tcase_add_test(tests, wishes);
    tcase_add_test(tests, second_machine);
    suite_add_tcase(suite, tests);
    return checked_main(suite);
}

// test_disk_damage.c -- what can a bad plate disk do?  Say so; never lose a save
#include <string.h>

#include "disk_cut.h"
#include "started.h"
#include "suite.h"

static void
open_drive(void)
{
    host_disk_open(2560);
    host_disk_power_cut();
    ck_assert_int_eq(kernel_boot(&booted, NV_AUTO), 0);
    ck_assert_int_ge(place_create(3, 0), 0);
    ck_assert_int_ge(place_create(20, 1), 0);
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    for (u32 i = 0; i < 2; i++) {
        places_write();
        ck_assert_int_eq(kernel_save(), 0);
    }
}

// Boot; it must be refused with these words.
static void
ck_refused(const char *words)
{
    host_disk_power_cut();
    if (kernel_boot(&booted, NV_AUTO) == 0) {
        ck_assert_int_eq(booted.decision.outcome, OUTCOME_REFUSE);
        ck_assert_msg(strstr(booted.decision.why, words) != NULL, "%s",
                      booted.decision.why);
    } else {
        ck_assert_msg(strstr(fake.sentence, words) != NULL, "%s",
                      fake.sentence);
    }
}

// Boot; this version must come back, whole, and be saved again.
static void
ck_restored(u32 expected)
{
    host_disk_power_cut();
    ck_assert_msg(kernel_boot(&booted, NV_AUTO) == 0, "%s", fake.sentence);
    ck_assert_msg(booted.decision.outcome == OUTCOME_RESTORE, "%s",
                  booted.decision.why);
    ck_assert_ptr_null(kernel_wrong());
    ck_assert_uint_eq(places_version(), expected);
    places_write();
    ck_assert_int_eq(kernel_save(), 0);
    ck_assert_ptr_null(kernel_wrong());
}

static void
flip(u32 block, u32 byte, u8 bits)
{
    u8 page[PAGE_SIZE] __attribute__((aligned(8)));

    host_disk_peek(block, page);
    page[byte] ^= bits;
    host_disk_poke(block, page);
}

// --- what the boot reads first ---

// Is a damaged header refused, whichever bit it is?
START_TEST(header)
{
    void *good = medium_save();

    for (u32 byte = 0; byte < SECTOR_BYTES; byte += 5) {
        flip(0, byte, 1u << byte % 8);
        ck_refused("nv=cold");
        medium_load(good);
    }
    ck_restored(3);
}
END_TEST

static u32
newest_commit(void)
{
    struct disk_commit c[8];
    u32 generation[2];

    for (u32 i = 0; i < 2; i++) {
        host_disk_peek(DISK_COMMIT_BLOCK + i, c);
        generation[i] = c[0].generation;
    }
    return generation[1] > generation[0];
}

// Does a damaged commit sector leave the save before, two of them a refusal?
START_TEST(commits)
{
    u32 newest = newest_commit();
    void *good = medium_save();

    for (u32 byte = 0; byte < SECTOR_BYTES; byte += 7) {
        flip(DISK_COMMIT_BLOCK + newest, byte, 0x10);
        ck_restored(2);
        medium_load(good);
        flip(DISK_COMMIT_BLOCK + (newest ^ 1), byte, 0x10);
        ck_restored(3);
        medium_load(good);
        flip(DISK_COMMIT_BLOCK + newest, byte, 0x10);
        flip(DISK_COMMIT_BLOCK + (newest ^ 1), byte, 2);
        ck_refused("nv=cold");
        medium_load(good);
    }
}
END_TEST

// Are other disks, partitions and kernels told apart?
START_TEST(foreign)
{
    void *good = medium_save();
    u32 sectors = 2560 * BLOCK_SECTORS;

    host_disk_partition(TYPE_PERMANENT_UNITS, HOST_DISK_FIRST, sectors, 1);
    ck_refused("another disk");
    host_disk_partition(TYPE_PERMANENT_UNITS, HOST_DISK_FIRST, sectors - 8,
                        HOST_DISK_SIGNATURE);
    ck_refused("another disk or partition");
    host_disk_partition(TYPE_PERMANENT_UNITS, HOST_DISK_FIRST, sectors + 8,
                        HOST_DISK_SIGNATURE);
    ck_refused("larger than");
    host_disk_partition(TYPE_PERMANENT_UNITS, HOST_DISK_FIRST, 800,
                        HOST_DISK_SIGNATURE);
    ck_refused("too small");
    host_disk_partition(0x83, HOST_DISK_FIRST, sectors, HOST_DISK_SIGNATURE);
    ck_refused("type 7e");
    medium_load(good);
    host_disk_build++;
    ck_refused("build");
    host_disk_build--;
    ck_restored(3);
}
END_TEST

// --- what it reads then ---

// Does each damaged block leave one of the two saves, or a refusal?
START_TEST(blocks)
{
    void *good = medium_save();
    u32 newest = 0;
    u32 before = 0;

    for (u32 block = DISK_DATA_BLOCK; block < 400; block++) {
        flip(block, block * 37 % PAGE_SIZE, 4);
        host_disk_power_cut();
        if (kernel_boot(&booted, NV_AUTO) == 0 &&
            booted.decision.outcome == OUTCOME_RESTORE) {
            ck_assert_ptr_null(kernel_wrong());
            ck_assert_uint_ge(places_version(), 2);
            newest += places_version() == 3;
            before += places_version() == 2;
        } else {
            ck_assert_ptr_nonnull(strstr(fake.sentence, "nv=cold"));
        }
        medium_load(good);
    }
    ck_assert_uint_gt(newest, 100);
    ck_assert_uint_gt(before, 10);
    ck_restored(3);
}
END_TEST

// --- the drive reports errors ---

// A save with an error at every request: refused, and nothing is lost by it.
static void
fail_saves(u32 what, u32 part, int loses)
{
    for (u32 after = 0; after < 60; after++) {
        u32 before = places_version();
        int err;

        places_write();
        medium_fail((struct medium_fault){.what = what,
                                          .after = after,
                                          .times = 1,
                                          .part = part,
                                          .loses = loses});
        medium_figures.errors = 0;
        err = kernel_save();
        medium_fail((struct medium_fault){.what = 0});
        ck_assert_ptr_null(kernel_wrong());
        if (medium_figures.errors == 0) {
            ck_assert_int_eq(err, 0);
            return;
        }
        ck_assert_int_eq(err, E_PLATE_DISK);
        if (after % 2 == 0) { // restored at once, or after another save
            host_disk_power_cut();
            ck_assert_msg(kernel_boot(&booted, NV_AUTO) == 0, "%s",
                          fake.sentence);
            ck_assert_ptr_null(kernel_wrong());
            ck_assert(places_version() == before ||
                      places_version() == before + 1);
            places_write();
        }
        ck_assert_int_eq(kernel_save(), 0);
        before = places_version();
        ck_restored(before);
    }
    ck_abort_msg("a save takes more than 60 requests");
}

START_TEST(write_errors)
{
    fail_saves(MEDIUM_WRITE, 0, 0);
    fail_saves(MEDIUM_WRITE, 1, 0);
    fail_saves(MEDIUM_WRITE, 11, 0);
    fail_saves(MEDIUM_WRITE, MEDIUM_ALL, 0);
}
END_TEST

START_TEST(flush_errors)
{
    fail_saves(MEDIUM_FLUSH, 0, 0);
    fail_saves(MEDIUM_FLUSH, 0, 1);
    fail_saves(MEDIUM_FLUSH, 3, 1);
}
END_TEST

// Is a boot whose reads fail refused, and the next one right?
START_TEST(read_errors)
{
    u32 after = 0;

    for (;; after++) {
        host_disk_power_cut();
        medium_figures.errors = 0;
        medium_fail((struct medium_fault){
            .what = MEDIUM_READ, .after = after, .times = 1, .part = 3});
        int err = kernel_boot(&booted, NV_AUTO);
        int refused = err < 0 || booted.decision.outcome == OUTCOME_REFUSE;

        medium_fail((struct medium_fault){.what = 0});
        if (medium_figures.errors == 0)
            break;
        ck_assert_msg(refused, "read %u", after);
    }
    ck_assert_uint_gt(after, 5);
    ck_restored(3);
}
END_TEST

// Is a partition that is full refused, whatever fills it, and does it go on?
START_TEST(full)
{
    int index[4];
    u32 made = 0;
    int err = 0;

    host_disk_open(360);
    host_disk_power_cut();
    ck_assert_int_eq(kernel_boot(&booted, NV_AUTO), 0);
    ck_assert_msg(booted.decision.outcome == OUTCOME_COLD, "%s",
                  booted.decision.why);
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    places_write();
    ck_assert_int_eq(kernel_save(), 0);
    u32 saved = places_version();

    for (; made < 4 && err == 0; made++) {
        index[made] = place_create(100, 1);
        ck_assert_int_ge(index[made], 0);
        places_write();
        err = kernel_save();
        ck_assert_ptr_null(kernel_wrong());
        saved = err == 0 ? places_version() : saved;
    }
    ck_assert_int_eq(err, E_UNITS);
    ck_assert_int_eq(kernel_save(), E_UNITS);
    ck_assert_int_eq(place_delete((u32)index[made - 1]), 0);
    ck_assert_ptr_null(kernel_wrong());
    host_disk_power_cut();
    ck_assert_msg(kernel_boot(&booted, NV_AUTO) == 0, "%s", fake.sentence);
    ck_assert_uint_eq(places_version(), saved);
    ck_restored(saved);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {header,      commits,      foreign,
                                 blocks,      write_errors, flush_errors,
                                 read_errors, full,         NULL};
    const struct suite suite = {.name = "disk_damage",
                                .open = open_drive,
                                .close = fake_close,
                                .test = test};

    return suite_run(&suite);
}

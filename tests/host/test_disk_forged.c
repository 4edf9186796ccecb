// test_disk_forged.c -- what if checksums are right, but not what they are of?
//
// A kernel with a bug, or another kernel, has written it: it must be refused or
// passed over in favour of the save before, never be the end of the kernel.
#include <string.h>

#include "disk_forge.h"
#include "disk_work.h"
#include "started.h"
#include "suite.h"
#include "tender/table.h"

static void *good;

static void
open_drive(void)
{
    host_disk_open(2560);
    boot(OUTCOME_COLD);
    ck_assert_int_ge(place_create(3, 0), 0);
    ck_assert_int_ge(place_create(20, 1), 0);
    disk_enable_and_save();
    disk_save_next();
    good = medium_save();
}

static void
stop(void)
{
    medium_save_free(good);
    fake_close();
}

// Boot, whatever comes of it; -> 0 if it was refused, or the version restored.
static u32
boot_any(void)
{
    host_disk_power_cut();
    if (kernel_boot(&booted, NV_AUTO) < 0) {
        ck_assert_msg(strncmp(fake.sentence, "refused", 7) == 0 ||
                          strncmp(fake.sentence, "boot: ", 6) == 0,
                      "%s", fake.sentence);
        return 0;
    }
    ck_assert_uint_ne(booted.decision.outcome, OUTCOME_COLD);
    return booted.decision.outcome == OUTCOME_REFUSE ? 0 : places_version();
}

// --- the header ---

static void
ck_header_refused(u32 offset, u32 value, const char *words)
{
    disk_forge_header(offset, value);
    ck_assert_uint_eq(boot_any(), 0);
    ck_assert_msg(strstr(booted.decision.why, words) != NULL, "%s",
                  booted.decision.why);
    ck_assert_ptr_nonnull(strstr(booted.decision.why, "nv=cold"));
    medium_load(good);
}

// Are another format, another machine's memory and other tables told apart?
START_TEST(headers)
{
    u32 limits = offsetof(struct disk_header, limits);

    ck_header_refused(offsetof(struct disk_header, format), DISK_FORMAT + 1,
                      "format version 2 and this kernel knows version 1");
    ck_header_refused(offsetof(struct disk_header, format), 0,
                      "format version 0");
    ck_header_refused(offsetof(struct disk_header, memory_pages),
                      KERNEL_PAGES * 2, "16 MiB and this one has 8 MiB");
    for (u32 i = 0; i < sizeof(struct limits); i += 4)
        ck_header_refused(limits + i, 77, "tables of other sizes");
    ck_assert_uint_eq(boot_any(), 3);
}
END_TEST

// --- commit sectors ---

static u32
forged_commit(u32 offset, u32 value)
{
    disk_forge_commit(offset, value);
    u32 restored = boot_any();

    if (restored != 0)
        disk_save_next();
    medium_load(good);
    return restored;
}

// Does a commit sector that names a wrong save, or blocks no save can have,
// leave the save before?
START_TEST(commits)
{
    u32 header = offsetof(struct disk_commit, header);
    const u32 block[] = {0, 1, 2, kernel_disk->blocks.end, UINT32_MAX};

    for (u32 i = 0; i < ARRAY_LEN(block); i++)
        for (u32 n = 0; n < disk_header_pages(kernel_layout()); n++)
            ck_assert_uint_eq(forged_commit(header + n * 4, block[i]), 2);
    ck_assert_uint_eq(
        forged_commit(header + (DISK_SAVE_PAGES - 1) * 4, UINT32_MAX), 3);
    ck_assert_uint_eq(
        forged_commit(offsetof(struct disk_commit, generation), 7), 2);
    ck_assert_uint_eq(
        forged_commit(offsetof(struct disk_commit, generation), UINT32_MAX), 2);
    ck_assert_uint_eq(forged_commit(offsetof(struct disk_commit, build), 7), 2);
    ck_assert_uint_eq(
        forged_commit(offsetof(struct disk_commit, header_crc), 7), 2);
}
END_TEST

// --- units ---

// Forge a word of the newest save's unit table, given by its place in the
// running kernel; what a boot restores then.
static u32
forged(const void *at, u32 value)
{
    u32 offset = (u32)((word)at - (word)kernel()->punits.head);

    disk_forge_table(TABLE_PUNIT, offset, value);
    u32 restored = boot_any();

    if (restored != 0) {
        disk_whole("after the boot");
        disk_save_next();
        boot(OUTCOME_RESTORE);
        disk_whole("after the next boot");
    }
    medium_load(good);
    ck_assert_uint_eq(boot_any(), 3);
    return restored;
}

// The first page that has a block, in a unit that is not the first.
static struct disk_page *
written_page(void)
{
    struct disk_page *page = kernel()->punits.map + 40;

    while (page->block == 0)
        page++;
    return page;
}

// Does a unit that names a block no unit can have leave the save before?
START_TEST(blocks)
{
    const u32 block[] = {1, 2, kernel_disk->blocks.end, 0x7fffffff, UINT32_MAX};

    for (u32 i = 0; i < ARRAY_LEN(block); i++)
        ck_assert_uint_eq(forged(&written_page()->block, block[i]), 2);
}
END_TEST

// One that names a block of another page?
START_TEST(shared)
{
    const struct disk_page *page = written_page();
    u32 other = page[1].block != 0 ? page[1].block : page[-1].block;

    ck_assert_uint_eq(forged(&page->block, other), 2);
}
END_TEST

static struct punit_entry *
last_unit(void)
{
    struct punit_entry *last = NULL;
    struct res *res;

    for (u32 i = 0;
         (res = table_next(&kernel()->punits.head->table, &i)) != NULL;)
        last = (void *)res;
    return last;
}

// A unit that leaves the map, or lies over another, or is larger than it was?
START_TEST(ranges)
{
    ck_assert_uint_eq(forged(&last_unit()->first, 0x10000000), 2);
    ck_assert_uint_eq(forged(&last_unit()->first, 0), 2);
    ck_assert_uint_eq(forged(&last_unit()->pages, UINT32_MAX), 2);
    ck_assert_uint_eq(forged(&last_unit()->pages, 0), 2);
    ck_assert_uint_eq(forged(&kernel()->punits.head->high, 0), 2);
    ck_assert_uint_eq(forged(&kernel()->punits.head->high, UINT32_MAX), 2);
    ck_assert_uint_eq(forged(&kernel()->punits.head->pages, 1), 2);
    ck_assert_uint_eq(forged(&kernel()->punits.head->room, UINT32_MAX), 2);
}
END_TEST

// Is a unit that belongs to no plate, with a block outside, no end either?
START_TEST(unowned)
{
    struct punits *units = &kernel()->punits;
    int unit = punit_create(units, RID_NONE, 5);

    ck_assert_int_gt(unit, 0);
    disk_save_next();
    disk_forge_table(
        TABLE_PUNIT,
        (u32)((word)&punit_map(units, (rid)unit)->block - (word)units->head),
        0x12345678);
    ck_assert_uint_eq(boot_any(), 3);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {headers, commits, blocks, shared,
                                 ranges,  unowned, NULL};
    const struct suite suite = {
        .name = "disk_forged", .open = open_drive, .close = stop, .test = test};

    return suite_run(&suite);
}

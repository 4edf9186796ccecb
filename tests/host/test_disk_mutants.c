// test_disk_mutants.c -- do the disk store's power-cut cases notice planted bugs?
//
// Each case here is one of test_disk_power with a save that goes wrong in one
// way, made outside the store (disk_mutant.h).  On at least one image the boot
// must find too little, or something that contradicts itself.
#include <stdio.h>
#include <string.h>

#include "disk_mutant.h"
#include "disk_work.h"
#include "suite.h"

// Run a case until it notices something; -> whether it did, on an image.
static int
notices(struct disk_case c)
{
    struct disk_cut_report report;

    c.once = 1;
    c.first_only = 1;
    disk_cut_run(&c, &report);
    fprintf(stderr, "%s: %u writes and flushes: %s %s\n", c.name, report.writes,
            report.failures == 0 ? "nobody noticed" : report.failure[0].id,
            report.failures == 0 ? "" : report.failure[0].sentence);
    disk_mutate_end();
    ck_assert_msg(strstr(report.failure[0].id, ":run") == NULL,
                  "the case itself failed");
    return report.failures > 0;
}

static void
ck_noticed(const char *name, void (*setup)(void), void (*operation)(void))
{
    struct disk_case c = {.name = name, .setup = setup, .operation = operation};

    ck_assert(notices(c));
}

// --- what the drive is told ---

static struct disk_mutant mutant;

static void
nothing(void)
{
}

static void
enable_wrongly(void)
{
    disk_mutate(mutant);
    disk_enable_and_save();
    disk_mutate_end();
}

static void
save_wrongly(void)
{
    disk_mutate(mutant);
    disk_save_next();
    disk_save_next();
    disk_mutate_end();
    // What the last save left out may be noticed by the next one only.
    disk_save_next();
}

// Leave out each flush of an operation, one at a time: those nobody missed, bit
// n - 1 for flush n.
static u32
unnoticed_flushes(const char *name, void (*setup)(void),
                  void (*operation)(void), u32 *flushes)
{
    struct disk_case c = {.name = name, .setup = setup, .operation = operation};
    u32 unnoticed = 0;

    mutant = (struct disk_mutant){.flush = 0};
    ck_assert(!notices(c));
    *flushes = disk_mutant_flushes;
    for (u32 i = 1; i <= *flushes; i++) {
        mutant = (struct disk_mutant){.flush = i};
        if (!notices(c))
            unnoticed |= 1u << (i - 1);
    }
    return unnoticed;
}

// Which flushes of the first save are needed?  Not the three of the header: it
// is new, and zeros lay there.  Not that of the enabling: another one follows
// before the commit sector.
START_TEST(first_flushes)
{
    u32 flushes;
    u32 unnoticed =
        unnoticed_flushes("first-flush", nothing, enable_wrongly, &flushes);

    ck_assert_uint_eq(flushes, 6);
    ck_assert_uint_eq(unnoticed, 15);
}
END_TEST

// And of later ones?  Not the one before the commit sector: if that arrives
// without what it names, checksums tell, and the save before is there.
START_TEST(later_flushes)
{
    u32 flushes;
    u32 unnoticed = unnoticed_flushes("later-flush", disk_enable_and_save,
                                      save_wrongly, &flushes);

    ck_assert_uint_eq(flushes, 4);
    ck_assert_uint_eq(unnoticed, 1 | 4);
}
END_TEST

// Is each transfer of a save needed?
START_TEST(writes)
{
    mutant = (struct disk_mutant){.flush = 0};
    ck_assert(!notices((struct disk_case){.name = "sound",
                                          .setup = disk_enable_and_save,
                                          .operation = save_wrongly}));
    u32 count = disk_mutant_writes;

    ck_assert_uint_ge(count, 4);
    for (u32 i = 1; i <= count; i++) {
        mutant = (struct disk_mutant){.write = i};
        ck_noticed("write", disk_enable_and_save, save_wrongly);
    }
}
END_TEST

// Must the commit sector come after the data?
START_TEST(late)
{
    mutant = (struct disk_mutant){.late = 1};
    ck_noticed("late", nothing, enable_wrongly);
}
END_TEST

// Are two commit sectors needed?
START_TEST(one_sector)
{
    mutant = (struct disk_mutant){.one_sector = 1};
    ck_noticed("one-sector", disk_enable_and_save, save_wrongly);
}
END_TEST

// --- which blocks are free ---

static void
save_over_used(void)
{
    for (u32 i = 0; i < 2; i++) {
        disk_mutate_used();
        disk_save_in_room();
    }
}

// May what the newest save names be overwritten?
START_TEST(used)
{
    struct disk_case c = {.name = "used",
                          .blocks = DISK_LITTLE_ROOM,
                          .setup = disk_fill_room,
                          .operation = save_over_used};

    ck_assert(notices(c));
}
END_TEST

static void
save_over_kept(void)
{
    for (u32 i = 0; i < 2; i++) {
        disk_mutate_kept();
        disk_save_in_room();
    }
}

// What the one before it names?  Only damage can tell.
START_TEST(kept)
{
    struct disk_case c = {.name = "kept",
                          .blocks = DISK_LITTLE_ROOM,
                          .setup = disk_fill_room,
                          .operation = save_over_kept,
                          .damage = DISK_ROOM_VERSIONS};

    ck_assert(notices(c));
}
END_TEST

// --- what a save names ---

static void
save_without_map(void)
{
    disk_mutate_map();
    disk_save_next();
}

// Must the unit map be written?
START_TEST(map)
{
    ck_noticed("map", disk_enable_and_save, save_without_map);
}
END_TEST

static void
refuse_and_forget(void)
{
    places_write();
    medium_fail((struct medium_fault){.what = MEDIUM_WRITE, .times = 1});
    if (kernel_save() != E_PLATE_DISK)
        fake_fail("a save was not refused");
    disk_mutate_abandoned();
    disk_save_next();
}

// Must the pages of a refused save be written again?
START_TEST(abandoned)
{
    ck_noticed("abandoned", disk_enable_and_save, refuse_and_forget);
}
END_TEST

// --- what a boot believes ---

static void
enable_and_believe(void)
{
    disk_enable_and_save();
    disk_mutate((struct disk_mutant){.believe = 1});
}

static void
save_and_believe(void)
{
    disk_save_next();
    disk_mutate((struct disk_mutant){.believe = 1});
}

// Is the checksum of a commit sector needed?  Of the first one it is.  Later
// ones that are torn name a save header of another generation, or the newest
// save but one, so nobody would notice: a second defence.
START_TEST(believed)
{
    struct disk_case c = {.name = "believed",
                          .setup = disk_enable_and_save,
                          .operation = save_and_believe};

    ck_noticed("believed-first", nothing, enable_and_believe);
    ck_assert(!notices(c));
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {first_flushes, later_flushes, writes, late,
                                 one_sector,    used,          kept,   map,
                                 abandoned,     believed,      NULL};
    const struct suite suite = {
        .name = "disk_mutants", .seconds = 300, .test = test};

    return suite_run(&suite);
}

// test_medium_cut.c -- does the simulated drive lose what a power cut may lose?
#include <stdio.h>
#include <string.h>

#include "drive.h"
#include "suite.h"
#include "tender/error.h"

// Find the image of this name and make it; fails if there is none.
static void
cut(u32 at, const char *wanted)
{
    char name[32];

    for (u32 i = 0; i < medium_variants(at); i++) {
        medium_variant_name(at, i, name);
        if (strcmp(name, wanted) == 0) {
            medium_cut(at, i);
            return;
        }
    }
    ck_abort_msg("cut %u has no image %s", at, wanted);
}

// Sectors 10 .. 17 in three requests of 2, 4, 2; one is 9 before, the rest junk.
static void
record_three(void)
{
    drive_put(10, 1, 9);
    drive_flush();
    medium_record();
    drive_put(10, 2, 100);
    drive_put(12, 4, 102);
    drive_put(16, 2, 106);
}

static void
ck_sectors(const char *wanted)
{
    char found[9] = "";

    for (u32 i = 0; i < 8; i++) {
        u32 word = drive_get(10 + i);

        found[i] = word == 100 + i                     ? 'n'
                   : word == (i == 0 ? 9 : DRIVE_JUNK) ? '-'
                   : word == 0                         ? 't'
                                                       : '?';
    }
    ck_assert_str_eq(found, wanted);
}

// Is each kind of image what its name says?
START_TEST(images)
{
    static const char *const image[][2] = {
        {"all", "nnnnnnnn"},      {"none", "--------"},
        {"but0", "--nnnnnn"},     {"but1", "nn----nn"},
        {"but2", "nnnnnn--"},     {"only0", "nn------"},
        {"only1", "--nnnn--"},    {"only2", "------nn"},
        {"back", "nnnnnn-n"},     {"odd", "nnnnnn-n"},
        {"even", "nnnnnnn-"},     {"miss3", "nnn-nnnn"},
        {"sole3", "---n----"},    {"torn7.64", "nnnnnnnt"},
        {"tear7.64", "nnnnnnnt"}, {"torn0.256", "tnnnnnnn"}};

    record_three();
    ck_assert_uint_eq(medium_writes(), 8);
    for (u32 i = 0; i < ARRAY_LEN(image); i++) {
        cut(8, image[i][0]);
        ck_sectors(image[i][1]);
    }
    cut(8, "all");
    ck_sectors("nnnnnnnn");
    cut(4, "all"); // within the second request
    ck_sectors("nnnn----");
    cut(6, "back");
    ck_sectors("nn--nn--");
    cut(0, "all");
    ck_sectors("--------");
    ck_assert_uint_eq(medium_variants(0), 1);
    medium_forget();
    ck_sectors("nnnnnnnn");
}
END_TEST

// Are torn sectors torn where they say?
START_TEST(torn)
{
    u32 word[SECTOR_BYTES / 4];

    drive_put(10, 1, 9);
    drive_flush();
    medium_record();
    drive_put(10, 1, 100);
    cut(1, "torn0.64");
    medium_peek(10, word);
    ck_assert_uint_eq(word[15], 100);
    ck_assert_uint_eq(word[16], 9);
    cut(1, "tear0.64");
    medium_peek(10, word);
    ck_assert_uint_eq(word[15], 9);
    ck_assert_uint_eq(word[16], 100);
}
END_TEST

// Does a flush keep what came before it, and only that?
START_TEST(flushes)
{
    drive_put(10, 1, 100); // pending when it begins
    medium_record();
    drive_put(11, 1, 101);
    drive_flush();
    drive_put(12, 1, 102);
    drive_put(11, 1, 55);
    ck_assert_uint_eq(medium_writes(), 4);
    cut(0, "none");
    ck_assert_uint_eq(drive_get(10), DRIVE_JUNK);
    cut(1, "only1");
    ck_assert_uint_eq(drive_get(10), DRIVE_JUNK);
    ck_assert_uint_eq(drive_get(11), 101);
    cut(2, "all");
    ck_assert_uint_eq(medium_variants(2), 1);
    ck_assert_uint_eq(drive_get(10), 100);
    cut(4, "none");
    ck_assert_uint_eq(drive_get(10), 100);
    ck_assert_uint_eq(drive_get(11), 101);
    ck_assert_uint_eq(drive_get(12), DRIVE_JUNK);
    cut(4, "only1");
    ck_assert_uint_eq(drive_get(11), 55);
    ck_assert_uint_eq(drive_get(12), DRIVE_JUNK);
}
END_TEST

// Do random images differ, keep to what may be, and come back by their names?
START_TEST(random_images)
{
    u32 number[64][8];
    u32 different = 0;
    char name[32];

    record_three();
    for (u32 i = 0; i < 64; i++) {
        snprintf(name, sizeof(name), "rand%u", i);
        cut(8, name);
        for (u32 s = 0; s < 8; s++) {
            number[i][s] = drive_get(10 + s);
            ck_assert(number[i][s] == 100 + s ||
                      number[i][s] == (s == 0 ? 9 : DRIVE_JUNK));
        }
        different +=
            i > 0 && memcmp(number[i], number[i - 1], sizeof(number[0])) != 0;
    }
    ck_assert_uint_gt(different, 40);
    for (u32 i = 0; i < 64; i += 7) {
        snprintf(name, sizeof(name), "rand%u", i);
        cut(8, name);
        for (u32 s = 0; s < 8; s++)
            ck_assert_uint_eq(drive_get(10 + s), number[i][s]);
    }
}
END_TEST

// Is what was written on an image gone with the next, and can it be cut, too?
START_TEST(second_cuts)
{
    record_three();
    cut(8, "only1");
    drive_put(10, 1, 77);
    drive_flush();
    drive_put(11, 1, 78);
    medium_record();
    drive_put(11, 2, 79);
    cut(1, "none");
    ck_assert_uint_eq(drive_get(10), 77);
    ck_assert_uint_eq(drive_get(11), DRIVE_JUNK);
    ck_assert_uint_eq(drive_get(12), 102);
    cut(2, "only0"); // of the requests: the one that was pending
    ck_assert_uint_eq(drive_get(11), 78);
    cut(2, "miss0");
    ck_assert_uint_eq(drive_get(11), 79);
    ck_assert_uint_eq(drive_get(12), 80);
    medium_forget();
    ck_assert_uint_eq(drive_get(11), 79);
    cut(8, "only1");
    ck_sectors("--nnnn--");
}
END_TEST

// Are notes found at the cuts behind them?
START_TEST(notes)
{
    medium_record();
    drive_put(1, 1, 1);
    medium_note(5);
    drive_put(2, 1, 1);
    medium_note(6);
    ck_assert_uint_eq(medium_writes(), 4);
    ck_assert_uint_eq(medium_noted(0), 0);
    ck_assert_uint_eq(medium_noted(1), 0);
    ck_assert_uint_eq(medium_noted(2), 5);
    ck_assert_uint_eq(medium_noted(3), 5);
    ck_assert_uint_eq(medium_noted(4), 6);
    cut(4, "only1"); // a note is no write
    ck_assert_uint_eq(drive_get(2), 1);
    ck_assert_uint_eq(drive_get(1), DRIVE_JUNK);
}
END_TEST

// --- what a run depends on ---

static u32 seen_sum;
static u32 seen_count;

static void
on_seen(u32 sector, u32 number)
{
    ck_assert_uint_eq(number, medium_number(sector));
    seen_sum += sector;
    seen_count++;
}

// Is each sector that is read before it is written reported once?
START_TEST(watching)
{
    medium_watch(on_seen);
    drive_put(12, 1, 5);
    drive_move(0, 10, DRIVE_BACK, 4);
    drive_move(0, 11, DRIVE_BACK, 1);
    ck_assert_uint_eq(seen_count, 3);
    ck_assert_uint_eq(seen_sum, 10 + 11 + 13);
    medium_record();
    drive_put(10, 1, 3);
    cut(1, "none");
    drive_move(0, 10, DRIVE_BACK, 1);
    ck_assert_uint_eq(seen_count, 4);
    medium_watch(NULL);
    drive_move(0, 11, DRIVE_BACK, 1);
    ck_assert_uint_eq(seen_count, 4);
}
END_TEST

// Does a flush that fails promise nothing, and may it lose something?
START_TEST(failing_flush)
{
    medium_record();
    medium_fail((struct medium_fault){.what = MEDIUM_FLUSH, .times = 1});
    drive_put(10, 1, 1);
    ck_assert_int_eq(drive_flush(), E_DISK);
    ck_assert_uint_eq(drive_get(10), 1);
    cut(1, "none");
    ck_assert_uint_eq(drive_get(10), DRIVE_JUNK);
    medium_forget();
    medium_fail((struct medium_fault){
        .what = MEDIUM_ANY, .after = 2, .times = 1, .part = 1, .loses = 1});
    drive_put(11, 1, 2);
    drive_put(12, 1, 3);
    ck_assert_int_eq(drive_flush(), E_DISK);
    ck_assert_uint_eq(drive_get(11), 2);
    ck_assert_uint_eq(drive_get(12), DRIVE_JUNK);
    ck_assert_int_eq(drive_flush(), 0);
    ck_assert_uint_eq(drive_get(12), DRIVE_JUNK);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {images,        torn,          flushes,
                                 random_images, second_cuts,   notes,
                                 watching,      failing_flush, NULL};
    const struct suite suite = {.name = "medium_cut",
                                .open = drive_open,
                                .close = drive_close,
                                .test = test};

    return suite_run(&suite);
}

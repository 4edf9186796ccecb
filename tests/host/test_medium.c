// test_medium.c -- does the simulated drive do what it is told, and refuse?
#include "drive.h"
#include "fake.h"
#include "sectors.h"
#include "suite.h"
#include "tender/error.h"
#include "trace.h"

// --- transfers ---

// Does what was written come back, in pieces of any kind, and is all else junk?
START_TEST(contents)
{
    ck_assert_uint_eq(drive_get(7), DRIVE_JUNK);
    ck_assert_int_eq(drive_put(7, 20, 100), 0);
    ck_assert_int_eq(
        drive_move(0, 6, DRIVE_BACK + PAGE_SIZE - SECTOR_BYTES, 12), 0);
    ck_assert_uint_eq(fake_get(DRIVE_BACK + PAGE_SIZE - SECTOR_BYTES),
                      DRIVE_JUNK);
    for (u32 i = 0; i < 11; i++)
        ck_assert_uint_eq(fake_get(DRIVE_BACK + PAGE_SIZE + i * SECTOR_BYTES),
                          100 + i);
    ck_assert_uint_eq(drive_get(26), 119);
    ck_assert_uint_eq(drive_get(27), DRIVE_JUNK);
    ck_assert_uint_eq(medium_number(0), SECTORS_JUNK);
    ck_assert_uint_ne(medium_number(7), medium_number(8));
    drive_put(300, 1, 100);
    ck_assert_uint_eq(medium_number(7), medium_number(300));
}
END_TEST

struct bad {
    u32 sector;
    u32 pa;
    u32 bytes;
    u32 pieces;
};

static void
try_bad(void *arg)
{
    const struct bad *bad = arg;
    struct block_piece piece[BLOCK_PIECES_MAX + 1];
    struct block_device *device = medium_device();

    for (u32 i = 0; i <= BLOCK_PIECES_MAX; i++)
        piece[i] = (struct block_piece){bad->pa, bad->bytes};
    device->transfer(device->state, 0, bad->sector, piece, bad->pieces);
}

// Is a transfer that no drive could do the end of the test?
START_TEST(wrong_transfers)
{
    static const struct bad bad[] = {
        {0, DRIVE_DATA, 512, 0},
        {0, DRIVE_DATA, 512, 257},
        {0, DRIVE_DATA, 0, 1},
        {0, DRIVE_DATA, 511, 1},
        {0, DRIVE_DATA + 2, 512, 1},
        {0, DRIVE_DATA + 4, PAGE_SIZE, 1},
        {0, 0x5000, 512, 1},
        {0, 1280 * PAGE_SIZE, 512, 1},
        {DRIVE_SECTORS, DRIVE_DATA, 512, 1},
        {DRIVE_SECTORS - 7, DRIVE_DATA, PAGE_SIZE, 1},
        {UINT32_MAX, DRIVE_DATA, 512, 1}};
    struct bad good = {DRIVE_SECTORS - 8, DRIVE_DATA, PAGE_SIZE, 1};

    for (u32 i = 0; i < ARRAY_LEN(bad); i++)
        ck_assert_msg(fake_run(try_bad, (void *)&bad[i]) == FAKE_FAILED,
                      "number %u", i);
    ck_assert_int_eq(fake_run(try_bad, &good), FAKE_RETURNED);
}
END_TEST

// Does the tracer see what the drive stores, and what it reads?
START_TEST(seen_by_tracer)
{
    struct event_log log;
    u32 missed;

    drive_put(0, 8, 1);
    trace_copy_shadow();
    event_log_open(&log, 100000);
    trace_log(&log);
    trace_track(1);
    drive_move(1, 64, DRIVE_DATA + SECTOR_BYTES, 1);
    ck_assert(trace_was_read((DRIVE_DATA + SECTOR_BYTES) / 4));
    ck_assert(!trace_was_read(DRIVE_DATA / 4));
    ck_assert_uint_eq(log.events, 0);
    drive_move(0, 0, DRIVE_BACK, 8);
    ck_assert_uint_eq(log.events, PAGE_SIZE / 4);
    ck_assert_uint_eq(trace_sync(&missed), 0);
    fake_get(DRIVE_BACK + 4);
    ck_assert(!trace_was_read((DRIVE_BACK + 4) / 4));
    trace_log(NULL);
    event_log_close(&log);
}
END_TEST

// Are requests counted, and those that make the drive seek?
START_TEST(figures)
{
    drive_put(100, 10, 1);
    drive_put(110, 10, 1);
    drive_move(0, 120, DRIVE_BACK, 3);
    drive_put(100, 1, 1);
    drive_flush();
    drive_put(101, 1, 1);
    ck_assert_uint_eq(medium_figures.writes, 4);
    ck_assert_uint_eq(medium_figures.reads, 1);
    ck_assert_uint_eq(medium_figures.flushes, 1);
    ck_assert_uint_eq(medium_figures.seeks, 2);
    ck_assert_uint_eq(medium_figures.sectors_written, 22);
    ck_assert_uint_eq(medium_figures.sectors_read, 3);
    ck_assert_uint_eq(medium_figures.errors, 0);
}
END_TEST

// Can a sector be damaged, and the whole drive be brought back?
START_TEST(saving)
{
    u8 sector[SECTOR_BYTES];
    void *saved;

    drive_put(10, 4, 50);
    saved = medium_save();
    medium_peek(11, sector);
    sector[300] ^= 1;
    medium_poke(11, sector);
    drive_put(12, 4, 90);
    ck_assert_uint_eq(drive_get(11), 0);
    medium_load(saved);
    ck_assert_uint_eq(drive_get(11), 51);
    ck_assert_uint_eq(drive_get(12), 52);
    ck_assert_uint_eq(drive_get(15), DRIVE_JUNK);
    medium_save_free(saved);
}
END_TEST

// --- errors ---

// Do the right requests fail, as often as they should?
START_TEST(errors)
{
    medium_fail((struct medium_fault){
        .what = MEDIUM_WRITE, .after = 1, .times = 2, .part = 1});
    ck_assert_int_eq(drive_put(10, 2, 1), 0);
    ck_assert_int_eq(drive_move(0, 10, DRIVE_BACK, 2), 0);
    ck_assert_int_eq(drive_put(12, 2, 3), E_DISK);
    ck_assert_uint_eq(drive_get(12), 3);
    ck_assert_uint_eq(drive_get(13), DRIVE_JUNK);
    ck_assert_int_eq(drive_flush(), 0);
    ck_assert_int_eq(drive_put(14, 2, 5), E_DISK);
    ck_assert_int_eq(drive_put(16, 2, 7), 0);
    ck_assert_uint_eq(medium_figures.errors, 2);
    medium_fail((struct medium_fault){
        .what = MEDIUM_READ, .times = MEDIUM_ALL, .sector = 11, .sectors = 1});
    for (u32 i = 0; i < 5; i++) {
        ck_assert_int_eq(drive_move(0, 10, DRIVE_BACK, 1), 0);
        ck_assert_int_eq(drive_move(0, 10, DRIVE_BACK, 2), E_DISK);
        ck_assert_int_eq(drive_move(0, 12, DRIVE_BACK, 1), 0);
        ck_assert_int_eq(drive_put(11, 1, 2), 0);
    }
    medium_fail((struct medium_fault){.what = 0});
    ck_assert_int_eq(drive_move(0, 10, DRIVE_BACK, 2), 0);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {contents, wrong_transfers, seen_by_tracer,
                                 figures,  saving,          errors,
                                 NULL};
    const struct suite suite = {.name = "medium",
                                .open = drive_open,
                                .close = drive_close,
                                .test = test};

    return suite_run(&suite);
}

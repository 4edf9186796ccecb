// test_partition.c -- is a partition found where it is, and a bad one refused?
#include <string.h>

#include "fake.h"
#include "suite.h"
#include "tender/error.h"
#include "tender/partition.h"

#define SECTORS 10000u
#define BUFFER_PA (NV_ROOT_PA + 5 * PAGE_SIZE)

static u8 mbr[SECTOR_BYTES];
static u32 reads;
static int answer;
static struct block_device disk;
static struct partition found;

static int
transfer(void *state, int write, u32 sector, const struct block_piece *piece,
         u32 pieces)
{
    ck_assert_ptr_eq(state, &disk);
    ck_assert_int_eq(write, 0);
    ck_assert_uint_eq(sector, 0);
    ck_assert_uint_eq(pieces, 1);
    ck_assert_uint_eq(piece->pa, BUFFER_PA);
    ck_assert_uint_eq(piece->bytes, SECTOR_BYTES);
    memcpy(ram_at(piece->pa), mbr, SECTOR_BYTES);
    reads++;
    return answer;
}

static void
put32(u32 at, u32 value)
{
    for (u32 i = 0; i < 4; i++)
        mbr[at + i] = (u8)(value >> i * 8);
}

static void
put_entry(u32 i, u32 type, u32 first, u32 sectors)
{
    mbr[446 + i * 16 + 4] = (u8)type;
    put32(446 + i * 16 + 8, first);
    put32(446 + i * 16 + 12, sectors);
}

// A disk with an empty table whose other bytes are junk.
static void
set_up(void)
{
    fake_open(64 * 256);
    memset(mbr, 0x7e, sizeof(mbr));
    memset(mbr + 446, 0, 64);
    put32(440, 0x12345678);
    mbr[510] = 0x55;
    mbr[511] = 0xaa;
    reads = 0;
    answer = 0;
    disk = (struct block_device){"test", &disk, SECTORS, transfer, NULL};
    found = (struct partition){1, 2, 3};
}

static int
find(u32 type)
{
    return partition_find(&disk, type, BUFFER_PA, &found);
}

static void
ck_found(u32 type, u32 first, u32 sectors)
{
    ck_assert_int_eq(find(type), 0);
    ck_assert_uint_eq(found.first, first);
    ck_assert_uint_eq(found.sectors, sectors);
    ck_assert_uint_eq(found.signature, 0x12345678);
}

// Nothing found: then nothing is told either.
static void
ck_not_found(u32 type, int err)
{
    ck_assert_int_eq(find(type), err);
    ck_assert_uint_eq(found.first, 1);
    ck_assert_uint_eq(found.sectors, 2);
    ck_assert_uint_eq(found.signature, 3);
}

// Is each of the four found by its type, with numbers of 32 bits?
START_TEST(four)
{
    disk.sectors = 0xffffffff;
    put_entry(0, 0x83, 0x01020304, 0x11121314);
    put_entry(1, 0x7e, 0x21222324, 0x31323334);
    put_entry(2, 0x7f, 0x41424344, 0x51525354);
    put_entry(3, 0xff, 0x80000000, 0x7fffffff);
    ck_found(0x83, 0x01020304, 0x11121314);
    ck_found(TYPE_PERMANENT_UNITS, 0x21222324, 0x31323334);
    ck_found(TYPE_VIRTUAL_UNITS, 0x41424344, 0x51525354);
    ck_found(0xff, 0x80000000, 0x7fffffff);
    ck_assert_uint_eq(reads, 4);
}
END_TEST

// Of two of one type, is it the first that lies on the disk?
START_TEST(first_good_one)
{
    put_entry(0, 0x7f, 1, 10);
    put_entry(1, 0x7e, SECTORS, 10);
    put_entry(2, 0x7e, 100, 10);
    put_entry(3, 0x7e, 200, 10);
    ck_found(0x7e, 100, 10);
}
END_TEST

// May it reach the last sector, and no further?
START_TEST(extent)
{
    static const u32 bad[][2] = {
        {0, 10},        {1, 0},
        {1, SECTORS},   {SECTORS, 1},
        {SECTORS, 0},   {SECTORS - 1, 2},
        {SECTORS, ~0u}, {SECTORS - 5, ~0u - SECTORS + 10},
        {~0u, 2},       {2, ~0u}};

    put_entry(3, 0x7e, 1, SECTORS - 1);
    ck_found(0x7e, 1, SECTORS - 1);
    put_entry(3, 0x7e, SECTORS - 1, 1);
    ck_found(0x7e, SECTORS - 1, 1);
    found = (struct partition){1, 2, 3};
    for (u32 i = 0; i < ARRAY_LEN(bad); i++) {
        put_entry(3, 0x7e, bad[i][0], bad[i][1]);
        ck_not_found(0x7e, E_ARGUMENT);
    }
}
END_TEST

// No partition, no table, no answer, no disk: which is said?
START_TEST(none)
{
    put_entry(0, 0x83, 1, 10);
    ck_not_found(0x7e, E_NAME);
    put_entry(1, 0x7e, 1, 10);
    mbr[510] = 0x54;
    ck_not_found(0x7e, E_NAME);
    mbr[510] = 0x55;
    mbr[511] = 0xab;
    ck_not_found(0x7e, E_NAME);
    mbr[511] = 0xaa;
    answer = E_DISK;
    ck_not_found(0x7e, E_DISK);
    reads = 0;
    disk.sectors = 0;
    ck_not_found(0x7e, E_NO_DISK);
    ck_assert_uint_eq(reads, 0);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {four, first_good_one, extent, none, NULL};
    const struct suite suite = {
        .name = "partition", .open = set_up, .close = fake_close, .test = test};

    return suite_run(&suite);
}

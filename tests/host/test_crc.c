// test_crc.c -- is the checksum CRC-32, however it is cut up and aligned?
#include <string.h>

#include "suite.h"
#include "tender/crc.h"

// The same, bit by bit, as the definition has it.
static u32
slow_crc(const u8 *p, u32 bytes)
{
    u32 crc = ~0u;

    for (; bytes != 0; bytes--) {
        crc ^= *p++;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

START_TEST(known)
{
    ck_assert_uint_eq(crc_add(0, "123456789", 9), 0xcbf43926u);
    ck_assert_uint_eq(crc_add(0, "", 0), 0);
    ck_assert_uint_eq(crc_add(0x12345678, "", 0), 0x12345678);
    ck_assert_uint_eq(crc_add(0, "\0\0\0\0", 4), 0x2144df1cu);
}
END_TEST

START_TEST(any_length_and_alignment)
{
    u8 bytes[80] __attribute__((aligned(8)));

    for (u32 i = 0; i < sizeof(bytes); i++)
        bytes[i] = (u8)(i * 37 + 11);
    for (u32 from = 0; from < 9; from++)
        for (u32 n = 0; n + from <= sizeof(bytes); n++)
            ck_assert_uint_eq(crc_add(0, bytes + from, n),
                              slow_crc(bytes + from, n));
}
END_TEST

START_TEST(in_pieces)
{
    u8 bytes[64];
    u32 whole;

    for (u32 i = 0; i < sizeof(bytes); i++)
        bytes[i] = (u8)(i * i);
    whole = crc_add(0, bytes, sizeof(bytes));
    for (u32 cut = 0; cut <= sizeof(bytes); cut++)
        ck_assert_uint_eq(crc_add(crc_add(0, bytes, cut), bytes + cut,
                                  (u32)sizeof(bytes) - cut),
                          whole);
}
END_TEST

// Is every single flipped bit of a page noticed?
START_TEST(flipped_bits)
{
    static u8 page[PAGE_SIZE];
    u32 good = crc_add(0, page, PAGE_SIZE);

    for (u32 bit = 0; bit < PAGE_SIZE * 8; bit += 7) {
        page[bit / 8] ^= (u8)(1u << bit % 8);
        ck_assert_uint_ne(crc_add(0, page, PAGE_SIZE), good);
        page[bit / 8] ^= (u8)(1u << bit % 8);
    }
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {known, any_length_and_alignment, in_pieces,
                                 flipped_bits, NULL};
    const struct suite suite = {.name = "crc", .test = test};

    return suite_run(&suite);
}

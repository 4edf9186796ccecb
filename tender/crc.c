// crc.c -- CRC-32, eight bytes at a time
//
// crc_table[k][b] is the CRC of the byte b followed by k bytes of 0, so eight
// table look-ups advance the CRC by eight bytes.
#include "tender/crc.h"

u32
crc_add(u32 crc, const void *start, u32 bytes)
{
    const u8 *p = start;

    crc = ~crc;
    for (; bytes != 0 && ((word)p & 3) != 0; bytes--)
        crc = crc_table[0][(crc ^ *p++) & 255] ^ crc >> 8;
    for (; bytes >= 8; bytes -= 8, p += 8) {
        u32 a = *(const u32 *)(const void *)p ^ crc;
        u32 b = *(const u32 *)(const void *)(p + 4);

        crc = crc_table[7][a & 255] ^ crc_table[6][a >> 8 & 255] ^
              crc_table[5][a >> 16 & 255] ^ crc_table[4][a >> 24] ^
              crc_table[3][b & 255] ^ crc_table[2][b >> 8 & 255] ^
              crc_table[1][b >> 16 & 255] ^ crc_table[0][b >> 24];
    }
    for (; bytes != 0; bytes--)
        crc = crc_table[0][(crc ^ *p++) & 255] ^ crc >> 8;
    return ~crc;
}

int
page_is_zero(const void *page)
{
    const u32 *w = page;

    for (u32 i = 0; i < PAGE_SIZE / 4; i += 8)
        if ((w[i] | w[i + 1] | w[i + 2] | w[i + 3] | w[i + 4] | w[i + 5] |
             w[i + 6] | w[i + 7]) != 0)
            return 0;
    return 1;
}

u32
crc_page(const void *page)
{
    return page_is_zero(page) ? CRC_ZERO_PAGE : crc_add(0, page, PAGE_SIZE);
}

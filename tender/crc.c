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

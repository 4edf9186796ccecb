// crc.h -- CRC-32 (the polynomial of Ethernet), eight bytes at a time
#ifndef TENDER_CRC_H
#define TENDER_CRC_H

#include "tender/types.h"

// The CRC of more bytes after those that gave crc (0 to begin).
u32 crc_add(u32 crc, const void *start, u32 bytes);

// Of a page that is zero throughout.
#define CRC_ZERO_PAGE 0xc71c0011u

// Is it?  Most pages of a management table are: this is ten times faster than
// a CRC.
int page_is_zero(const void *page);

// crc_add(0, page, PAGE_SIZE), soon found for such a page.
u32 crc_page(const void *page);

extern const u32 crc_table[8][256];

#endif

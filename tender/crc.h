// crc.h -- CRC-32 (the polynomial of Ethernet), eight bytes at a time
#ifndef TENDER_CRC_H
#define TENDER_CRC_H

#include "tender/types.h"

// The CRC of more bytes after those that gave crc (0 to begin).
u32 crc_add(u32 crc, const void *start, u32 bytes);

extern const u32 crc_table[8][256];

#endif

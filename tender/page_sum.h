// page_sum.h -- the checksum of a page: five times faster than a CRC
//
// For what is summed in a save: table pages, and every page on a plate disk.
// Each word is mixed in by a bijection, so one changed word never goes unseen;
// several do with a probability of 1 in 2^32.
#ifndef TENDER_PAGE_SUM_H
#define TENDER_PAGE_SUM_H

#include "tender/types.h"

// Of a page that is zero throughout.
#define PAGE_SUM_ZERO 0xe2f39072u

u32 page_sum(const void *page);

// Is it zero throughout?  Most pages of a management table are.
int page_is_zero(const void *page);

#endif

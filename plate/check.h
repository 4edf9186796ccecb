// check.h -- the checker: the first broken invariant of the whole state
//
// Runs on live tables and on those of a slot: in the tests after every power
// cut, in tools/nvcheck, and at boot.
#ifndef PLATE_CHECK_H
#define PLATE_CHECK_H

#include "plate/restore.h"

// Check the bootstrap tables and everything between them.  scratch: zeroed,
// a byte for each frame of the machine.  p->vu may be NULL (its table is not a
// bootstrap table).  A sentence, or NULL.
const char *check_tables(const struct plates *p, u8 *scratch);

// Whether the page tables map what the tables say.  Live state only.
const char *check_mappings(const struct plates *p, struct spaces *spaces);

// C1-C3: whether the page tables of virtual spaces that are caches
// (vspace/cache.h) show pages of pools and nothing else.  scratch: zeroed, a
// byte for each frame.  Live state only.
const char *check_caches(const struct plates *p, u8 *scratch);

// Their parts for paged regions (check_paged.c).  scratch: as check_tables() has
// left it.
const char *check_paged(const struct plates *p, u8 *scratch);
const char *check_paged_mapping(const struct plates *p,
                                const struct space_entry *e, u32 directory);

#endif

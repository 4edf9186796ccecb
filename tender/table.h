// table.h -- management tables: slots of resources, found by id or name
//
// A table lives in memory handed to it: a struct table, then, at
// table_entries(), capacity entries that each begin with a struct res.
// Vacant slots may be anywhere; loops over a table skip them.
#ifndef TENDER_TABLE_H
#define TENDER_TABLE_H

#include "tender/format.h"

// Bytes of a table with a head of the given size (>= sizeof(struct table)).
u32 table_bytes(u32 head_size, u32 entry_size, u32 capacity);

// Make zeroed memory an empty table.  Entries start head_size bytes in.
void table_init(struct table *table, u32 kind, u32 head_size, u32 entry_size,
                u32 capacity);

// The entry at an index below high, vacant or not.
struct res *table_at(const struct table *table, u32 index);

// The next used entry at or after *index, or NULL; *index moves behind it.
//   u32 i = 0; while ((res = table_next(t, &i)) != NULL) ...
struct res *table_next(const struct table *table, u32 *index);

// The entry with this id, or NULL when the id is stale or of another kind.
struct res *table_get(const struct table *table, rid id);

// The entry with this name, or NULL.
struct res *table_find(const struct table *table, const char *name);

// 0 if an entry of this name (NULL or "" = anonymous) can be added, else
// E_TABLE, E_EXISTS or E_TOO_LONG.  Changes nothing.
int table_check_add(const struct table *table, const char *name);

// Add an entry; table_check_add() must have said 0.  All bytes after the
// struct res are 0.
struct res *table_add(struct table *table, const char *name, rid owner);

// Another name for an entry; it must be free (table_find()) and fit.
void table_rename(struct res *res, const char *name);

// Vacate an entry; its id is stale from now on.
void table_remove(struct table *table, struct res *res);

// The first broken invariant as a sentence, or NULL.
const char *table_check(const struct table *table, u32 kind, u32 head_size,
                        u32 entry_size, u32 capacity);

#endif

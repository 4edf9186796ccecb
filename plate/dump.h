// dump.h -- what an NV memory holds, as lines of text for people
//
// Reads only, and trusts nothing: every count is compared with the limits
// before it leads anywhere, so that damaged memory can be looked at, too.  Used
// by tools/nvdump; the kernel can use it on its own memory.
#ifndef PLATE_DUMP_H
#define PLATE_DUMP_H

#include "tender/layout.h"

// Where the lines go: each without its end.
struct dump {
    void (*line)(void *state, const char *text);
    void *state;
};

// One line, made as by text_vformat().
void dump_print(const struct dump *dump, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// The root: every field.
void dump_root(const struct dump *dump);

// The state of the last shutdown, and whether it is still of use.
void dump_shutdown(const struct dump *dump, const struct layout *layout);

// The header of a slot, and which of its checksums fit.
void dump_slot(const struct dump *dump, const struct layout *layout, u32 slot);

// dump_tables.c: the bootstrap tables at these addresses (live: layout->table_pa;
// those of a slot: layout->slot_table_pa[slot]): counts, then each entry.
void dump_tables(const struct dump *dump, const u32 table_pa[BOOTSTRAP_TABLES],
                 const struct limits *limits);

#endif

// dump_tables.c -- the management tables of an NV memory, as lines of text
#include "plate/dump.h"

#include "tender/ram.h"
#include "tender/table.h"

// Counts of a table.  Whether its entries can be walked: they are where, and
// as many as, the limits say.
static int
dump_head(const struct dump *dump, const char *name, const struct table *table,
          u32 kind, u32 head_size, u32 entry_size, u32 capacity)
{
    int shaped = table->magic == TABLE_MAGIC && table->kind == kind &&
                 table->entry_size == entry_size &&
                 table->capacity == capacity && table->high <= capacity &&
                 (word)table_at(table, 0) == (word)table + head_size;

    dump_print(dump, "%s: %u of %u used, up to %u", name, table->used,
               table->capacity, table->high);
    if (!shaped) {
        dump_print(dump,
                   "  DAMAGED: its head does not fit the limits; not listed");
        return 0;
    }
    const char *wrong =
        table_check(table, kind, head_size, entry_size, capacity);

    if (wrong != NULL)
        dump_print(dump, "  DAMAGED: %s", wrong);
    return 1;
}

// A name, also of an entry that is damaged; "-" if it has none.
static const char *
name_of(const struct res *res, char text[NAME_MAX])
{
    u32 i = 0;

    for (char c; i + 1 < NAME_MAX && (c = res->name[i]) != 0; i++)
        text[i] = c >= ' ' && c <= '~' ? c : '?';
    text[i] = 0;
    return i == 0 ? "-" : text;
}

static void
dump_real_memories(const struct dump *dump, u32 pa, const struct limits *l)
{
    const struct real_memory_head *head = ram_at(pa);
    const struct res *res;
    u32 pages = 0;

    if (!dump_head(dump, "real memories", &head->table, KIND_REAL_MEMORY,
                   sizeof(*head), sizeof(struct real_memory_entry),
                   l->real_memories))
        return;
    for (u32 i = 0; (res = table_next(&head->table, &i)) != NULL;)
        pages += ((const struct real_memory_entry *)(const void *)res)->pages;
    dump_print(dump, "  of %u frames: %u usable, %u free from 0x%x on, %u used",
               head->frames, head->usable, head->free, head->free_first, pages);
}

static void
dump_regions(const struct dump *dump, u32 pa, const struct limits *l)
{
    const struct table *table = ram_at(pa);
    const struct res *res;
    char name[NAME_MAX];

    if (!dump_head(dump, "regions", table, KIND_REGION, sizeof(*table),
                   sizeof(struct region_entry), l->regions))
        return;
    for (u32 i = 0; (res = table_next(table, &i)) != NULL;) {
        const struct region_entry *e = (const void *)res;

        dump_print(dump, "  %08x  %6u pages  memory %08x  attached to %08x  %s",
                   res->id, e->pages, e->real_memory, e->attached,
                   name_of(res, name));
    }
}

static void
dump_vspaces(const struct dump *dump, u32 pa, const struct limits *l)
{
    const struct table *table = ram_at(pa);
    const struct res *res;
    char name[NAME_MAX];

    if (!dump_head(dump, "virtual spaces", table, KIND_VSPACE, sizeof(*table),
                   sizeof(struct vspace_entry), l->vspaces))
        return;
    for (u32 i = 0; (res = table_next(table, &i)) != NULL;) {
        const struct vspace_entry *e = (const void *)res;

        dump_print(dump, "  %08x  directory 0x%08x  tables %08x, %u used  %s",
                   res->id, e->page_directory, e->page_tables, e->tables_used,
                   name_of(res, name));
    }
}

static void
dump_vkspaces(const struct dump *dump, u32 pa, const struct limits *l)
{
    const struct table *table = ram_at(pa);
    const struct res *res;
    char name[NAME_MAX];

    if (!dump_head(dump, "virtual kernel spaces", table, KIND_VKSPACE,
                   sizeof(*table), sizeof(struct space_entry), l->vkspaces))
        return;
    for (u32 i = 0; (res = table_next(table, &i)) != NULL;) {
        const struct space_entry *e = (const void *)res;
        u32 f = e->flags;

        dump_print(dump,
                   "  %08x  0x%08x  %6u pages  region %08x  plate %08x%s%s%s%s"
                   "%s  %s",
                   res->id, e->va, e->pages, e->region, e->plate,
                   f & SPACE_WRITABLE ? " writable" : "",
                   f & SPACE_SAVE_AREA ? " save-area" : "",
                   f & SPACE_BOOTSTRAP ? " bootstrap" : "",
                   f & SPACE_UNSAVED ? " unsaved" : "",
                   f & SPACE_PARKED ? " parked" : "", name_of(res, name));
    }
}

static void
dump_plates(const struct dump *dump, u32 pa, const struct limits *l)
{
    const struct plate_head *head = ram_at(pa);
    const u32 bytes =
        table_bytes(sizeof(*head), sizeof(struct plate_entry), l->plates);
    const struct pending_delete *pending = ram_at(pa + bytes);
    const struct res *res;
    char name[NAME_MAX];

    if (!dump_head(dump, "plates", &head->table, KIND_PLATE, sizeof(*head),
                   sizeof(struct plate_entry), l->plates))
        return;
    dump_print(dump, "  continuous-operation control %s, newest save begun %u",
               head->enabled == 1   ? "enabled"
               : head->enabled == 0 ? "disabled"
                                    : "DAMAGED",
               head->generation);
    for (u32 i = 0; (res = table_next(&head->table, &i)) != NULL;) {
        const struct plate_entry *e = (const void *)res;

        dump_print(dump, "  %08x  space %08x  %6u pages  areas %08x %08x  %s",
                   res->id, e->space, e->pages, e->area[0], e->area[1],
                   name_of(res, name));
    }
    dump_print(dump, "pending deletes: %u", head->pending);
    for (u32 i = 0; i < MIN(head->pending, l->plates); i++)
        dump_print(dump, "  areas %08x %08x", pending[i].area[0],
                   pending[i].area[1]);
}

void
dump_tables(const struct dump *dump, const u32 table_pa[BOOTSTRAP_TABLES],
            const struct limits *limits)
{
    dump_real_memories(dump, table_pa[TABLE_REAL_MEMORY], limits);
    dump_regions(dump, table_pa[TABLE_REGION], limits);
    dump_vspaces(dump, table_pa[TABLE_VSPACE], limits);
    dump_vkspaces(dump, table_pa[TABLE_VKSPACE], limits);
    dump_plates(dump, table_pa[TABLE_PLATE], limits);
}

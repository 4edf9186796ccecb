// map.c -- which page is where
//
// A page-table entry goes before its page leaves the map, and hands its dirty
// bit on first (entries.c).
#include "linux/memory/parts.h"
#include "tender/ram.h"
#include "vspace/paging.h"

static u32
table_index(u32 va)
{
    return va >> 22;
}

static page_no *
tables_of(const struct memory *m)
{
    return pages_at(pool_of(m), m->map);
}

page_no *
map_at(const struct memory *m, u32 va)
{
    page_no table = tables_of(m)[table_index(va)];

    if (table == 0)
        return NULL;
    return (page_no *)pages_at(pool_of(m), table) + paging_table_index(va);
}

page_no *
map_make(struct memory *m, u32 va)
{
    page_no *table = &tables_of(m)[table_index(va)];

    if (*table == 0)
        *table = pages_new(pool_of(m));
    return map_at(m, va);
}

int
map_make_range(struct memory *m, u32 start, u32 end)
{
    for (u32 i = table_index(start); i <= table_index(end - 1); i++)
        if (map_make(m, i * TABLE_SPAN) == NULL)
            return 0;
    return 1;
}

// To the next word of the map's tables.
static void
step(struct map_walk *w)
{
    w->va += PAGE_SIZE;
    w->slot = paging_table_index(w->va) == 0 ? NULL : w->slot + 1;
}

page_no *
map_next(const struct memory *m, struct map_walk *w)
{
    if (w->slot != NULL)
        step(w);
    while (w->va < w->end) {
        if (w->slot == NULL)
            w->slot = map_at(m, w->va);
        if (w->slot == NULL)
            w->va = (table_index(w->va) + 1) * TABLE_SPAN;
        else if (*w->slot != 0)
            return w->slot;
        else
            step(w);
    }
    return NULL;
}

page_no
memory_page_at(const struct memory *m, u32 address)
{
    const page_no *slot = address < USER_END ? map_at(m, address) : NULL;

    return slot == NULL ? 0 : *slot;
}

u32
memory_pages(const struct memory *m)
{
    u32 pages = m->resident + 1;

    for (u32 i = 0; i < MAP_TABLES; i++)
        pages += tables_of(m)[i] != 0;
    return pages;
}

// --- changing the map ---

void
map_put(struct memory *m, u32 va, page_no page)
{
    page_no *slot = map_at(m, va);

    ASSERT(slot != NULL && page != 0);
    if (*slot == 0) {
        m->resident++;
    } else {
        entries_drop(m, va, va + PAGE_SIZE);
        pages_drop(pool_of(m), *slot);
    }
    *slot = page;
}

static int
is_empty(const page_no *table)
{
    u32 i = 0;

    while (i < TABLE_PAGES && table[i] == 0)
        i++;
    return i == TABLE_PAGES;
}

// Tables of the map that have become empty go.
static void
shrink(struct memory *m, u32 start, u32 end)
{
    page_no *tables = tables_of(m);

    for (u32 i = table_index(start); i <= table_index(end - 1); i++) {
        if (tables[i] == 0 || !is_empty(pages_at(pool_of(m), tables[i])))
            continue;
        pages_drop(pool_of(m), tables[i]);
        tables[i] = 0;
    }
}

static void
drop_pages(struct memory *m, u32 start, u32 end)
{
    struct map_walk w = {.va = start, .end = end};
    page_no *slot;

    entries_drop(m, start, end);
    while ((slot = map_next(m, &w)) != NULL) {
        pages_drop(pool_of(m), *slot);
        *slot = 0;
        m->resident--;
    }
}

void
map_drop(struct memory *m, u32 start, u32 end)
{
    if (start == end)
        return;
    drop_pages(m, start, end);
    shrink(m, start, end);
}

void
map_drop_all(struct memory *m)
{
    page_no *tables = tables_of(m);

    for (const struct area *a = m->areas; a != NULL; a = a->next)
        drop_pages(m, a->start, a->end);
    for (u32 i = 0; i < MAP_TABLES; i++)
        if (tables[i] != 0) {
            pages_drop(pool_of(m), tables[i]);
            tables[i] = 0;
        }
}

void
map_move(struct memory *m, u32 start, u32 end, u32 to)
{
    struct map_walk w = {.va = start, .end = end};
    page_no *slot;

    entries_drop(m, start, end);
    while ((slot = map_next(m, &w)) != NULL) {
        page_no *target = map_at(m, w.va - start + to);

        ASSERT(target != NULL && *target == 0);
        *target = *slot;
        *slot = 0;
    }
    shrink(m, start, end);
}

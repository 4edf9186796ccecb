// cache.c -- virtual spaces whose user page tables are only a cache
#include "vspace/cache.h"

#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/ram.h"

// The page tables a space has, used or not.
static u32
tables_of(const struct vspaces *vs, const struct vspace_entry *e)
{
    u32 frame = real_memory_first(vs->rm, e->page_tables);
    u32 tables = 0;

    while ((frame = real_memory_next(vs->rm, frame)) != 0)
        tables++;
    return tables;
}

int
cache_has_table(const struct vspaces *vs, const struct vspace_entry *e, u32 va)
{
    return paging_entry(e->page_directory, va) != NULL ||
           e->tables_used < tables_of(vs, e);
}

// The frames after the directory.
static void
free_tables(struct vspaces *vs, struct vspace_entry *e)
{
    u32 frame = real_memory_first(vs->rm, e->page_tables);

    while ((frame = real_memory_next(vs->rm, frame)) != 0)
        real_memory_mark(vs->rm, frame);
    real_memory_shed(vs->rm, e->page_tables);
}

void
cache_drop_all(struct vspaces *vs, struct vspace_entry *e)
{
    ASSERT((e->flags & VSPACE_CACHE) != 0);
    vspace_build_user(vs, e);
    machine_invalidate_all();
    free_tables(vs, e);
}

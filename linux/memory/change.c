// change.c -- areas come, go and change: mmap, munmap, mprotect, brk
//
// Everything is refused or allocated before the first page goes.
#include "linux/errno.h"
#include "linux/memory/parts.h"
#include "vspace/cache.h"

// More page tables than this, and many for what is mapped: drop them.
#define TABLES_MANY 32u

// A range that munmap, mprotect and the like are given. 0 or -EINVAL.
static int
check_range(u32 at, u32 bytes)
{
    if (at % PAGE_SIZE != 0 || bytes == 0 || bytes > MEMORY_END ||
        at > MEMORY_END - page_round(bytes))
        return -EINVAL;
    return 0;
}

// Page tables that nothing lies in are not noticed one by one: when there are
// far more than the areas can need, all go, and come back by faults.
static void
shrink_cache(struct memory *m)
{
    struct vspace_entry *e = vspace_get(m->linux->vs, m->vspace);
    u32 needed = 0;

    if (e->tables_used <= TABLES_MANY)
        return;
    for (const struct area *a = m->areas; a != NULL; a = a->next) {
        needed += 2 + (a->end - a->start) / TABLE_SPAN;
        if (e->tables_used <= 2 * needed)
            return;
    }
    entries_gather(m);
    cache_drop_all(m->linux->vs, e);
}

// Take the areas of a range out; no area crosses its ends.
static void
clear_range(struct memory *m, u32 start, u32 end)
{
    struct area *a;

    map_drop(m, start, end);
    while ((a = area_from(m, start)) != NULL && a->start < end) {
        area_remove(m, a);
        area_free(m, a);
    }
}

int
memory_unmap(struct memory *m, u32 at, u32 bytes)
{
    int err = check_range(at, bytes);
    u32 end = at + page_round(bytes);

    if (err == 0)
        err = areas_isolate(m, at, end);
    if (err < 0) {
        areas_merge(m, at, at);
        return err;
    }
    clear_range(m, at, end);
    shrink_cache(m);
    return 0;
}

// --- mmap ---

// Where a new area goes. -> address, -EINVAL, -EPERM, -EEXIST, -ENOMEM
static int
choose_place(struct memory *m, u32 at, u32 bytes, u32 flags)
{
    u32 hint = page_round(at);

    if (bytes > MEMORY_END - MEMORY_BASE)
        return -ENOMEM;
    if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
        if (at % PAGE_SIZE != 0)
            return -EINVAL;
        if (at > MEMORY_END - bytes)
            return -ENOMEM;
        if (at < MEMORY_BASE)
            return -EPERM;
        if ((flags & MAP_FIXED_NOREPLACE) && !areas_free(m, at, at + bytes))
            return -EEXIST;
        return (int)at;
    }
    if (hint >= MEMORY_BASE && hint <= MEMORY_END - bytes &&
        areas_free(m, hint, hint + bytes))
        return (int)hint;
    hint = areas_find(m, bytes);
    return hint == 0 ? -ENOMEM : (int)hint;
}

// Put an area where it belongs, instead of what is there. 0 or -ENOMEM, and
// then nothing has changed.
static int
replace(struct memory *m, struct area *a)
{
    int err = areas_isolate(m, a->start, a->end);

    if (err < 0)
        return err;
    if (!areas_free(m, a->start, a->end))
        clear_range(m, a->start, a->end);
    area_insert(m, a);
    return 0;
}

// Make the area of a mapping whose inode the caller holds.
static int
add_area(struct memory *m, const struct area *like)
{
    u32 bytes = like->end - like->start;
    u32 more = bytes - areas_mapped(m, like->start, like->end);
    int err = area_limit(m, like, more);

    if (err < 0)
        return err;
    struct area *a = area_new(m, like);

    err = a == NULL ? -ENOMEM : replace(m, a);

    if (err < 0 && a != NULL)
        area_free(m, a);
    areas_merge(m, like->start, like->end);
    return err;
}

int
memory_map(struct memory *m, u32 at, u32 bytes, u32 prot, u32 flags,
           struct inode *inode, u32 first)
{
    struct area a = {.prot = prot & (PROT_READ | PROT_WRITE | PROT_EXEC),
                     .flags = flags & (MAP_SHARED | MAP_PRIVATE |
                                       MAP_GROWSDOWN | MAP_READ_ONLY),
                     .inode = inode,
                     .first = first};
    int err;

    if (bytes == 0)
        return -EINVAL;
    if (page_round(bytes) == 0)
        return -ENOMEM;
    int place = choose_place(m, at, page_round(bytes), flags);

    if (place < 0)
        return place;
    a.start = (u32)place;
    a.end = a.start + page_round(bytes);
    if (inode != NULL || (flags & MAP_SHARED) == 0) {
        err = add_area(m, &a);
        return err < 0 ? err : place;
    }
    // Shared memory without a file has one without a name.
    err = tree_anonymous(m->linux, &a.inode);
    if (err < 0)
        return err;
    a.inode->size = a.end - a.start;
    a.first = 0;
    err = add_area(m, &a);
    inode_drop(a.inode);
    return err < 0 ? err : place;
}

// --- mprotect ---

static int
check_protect(const struct memory *m, u32 at, u32 end, u32 prot)
{
    u32 data = 0;

    if (!memory_covers(m, at, end - at))
        return -ENOMEM;
    for (const struct area *a = area_from(m, at); a != NULL && a->start < end;
         a = a->next) {
        if ((a->flags & MAP_READ_ONLY) != 0 && (prot & PROT_WRITE) != 0)
            return -EACCES;
        if (area_is_data(a, prot) && !area_is_data(a, a->prot))
            data += MIN(a->end, end) - MAX(a->start, at);
    }
    return limit_memory(m, 0, data);
}

// More rights come by faults.
int
memory_protect(struct memory *m, u32 at, u32 bytes, u32 prot)
{
    u32 end = at + page_round(bytes);
    int err;

    if (at % PAGE_SIZE != 0)
        return -EINVAL;
    if (bytes == 0)
        return 0;
    if (check_range(at, bytes) < 0)
        return -ENOMEM;
    err = check_protect(m, at, end, prot);
    if (err == 0)
        err = areas_isolate(m, at, end);
    if (err == 0) {
        for (struct area *a = area_from(m, at); a != NULL && a->start < end;
             a = a->next)
            a->prot = prot & (PROT_READ | PROT_WRITE | PROT_EXEC);
        if (prot == 0)
            entries_drop(m, at, end);
        else if ((prot & PROT_WRITE) == 0)
            entries_protect(m, at, end);
    }
    areas_merge(m, at, end);
    return err;
}

// --- brk ---

u32
memory_brk(struct memory *m, u32 to)
{
    u32 old = page_round(m->brk);
    u32 new = page_round(to);
    const struct area a = {.start = old,
                           .end = new,
                           .prot = PROT_READ | PROT_WRITE,
                           .flags = MAP_PRIVATE};

    if (to < m->brk_start || to >= MEMORY_END)
        return m->brk;
    if (new < old && memory_unmap(m, new, old - new) < 0)
        return m->brk;
    if (new > old &&
        (!areas_free(m, old, new + PAGE_SIZE) || add_area(m, &a) < 0))
        return m->brk;
    m->brk = to;
    return to;
}

// --- what is there is forgotten ---

void
memory_discard(struct memory *m, u32 at, u32 bytes)
{
    u32 end = at + bytes;

    for (const struct area *a = area_from(m, at); a != NULL && a->start < end;
         a = a->next)
        map_drop(m, MAX(a->start, at), MIN(a->end, end));
}

// Behind the end of a file nothing stays, not even what was copied from it.
void
memory_forget(struct linux *l, const struct inode *inode, u32 first)
{
    for (struct memory *m = l->memories; m != NULL; m = m->next)
        for (const struct area *a = m->areas; a != NULL; a = a->next) {
            u32 pages = (a->end - a->start) >> PAGE_SHIFT;

            if (a->inode != inode || first >= a->first + pages)
                continue;
            map_drop(m,
                     a->start + (MAX(first, a->first) - a->first) * PAGE_SIZE,
                     a->end);
        }
}

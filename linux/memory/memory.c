// memory.c -- address spaces: made, shared, copied, given up
#include "linux/errno.h"
#include "linux/memory/parts.h"
#include "tender/error.h"
#include "tender/ram.h"

static void
link_in(struct memory *m)
{
    m->next = m->linux->memories;
    m->linux->memories = m;
}

static void
link_out(struct memory *m)
{
    struct memory **link = &m->linux->memories;

    while (*link != m)
        link = &(*link)->next;
    *link = m->next;
}

int
memory_new(struct linux *l, struct memory **result)
{
    struct memory *m = heap_new(&l->heap, sizeof(*m));
    page_no map = pages_new(&l->pages);
    int space = E_MEMORY;

    if (m != NULL && map != 0 && pages_leave(&l->pages, 1))
        space = gate_create(l->gate, KIND_VSPACE, NULL, VSPACE_CACHE, 0, 0, 0);
    if (space < 0) {
        if (m != NULL)
            heap_free(&l->heap, m, sizeof(*m));
        if (map != 0)
            pages_drop(&l->pages, map);
        return -ENOMEM;
    }
    *m = (struct memory){
        .linux = l, .refs = 1, .vspace = (rid)space, .map = map};
    link_in(m);
    *result = m;
    return 0;
}

void
memory_hold(struct memory *m)
{
    ASSERT(m->refs != 0);
    m->refs++;
}

void
memory_drop(struct memory *m)
{
    struct linux *l = m->linux;
    int err;

    ASSERT(m->refs != 0);
    if (--m->refs != 0)
        return;
    map_drop_all(m);
    while (m->areas != NULL) {
        struct area *a = m->areas;

        area_remove(m, a);
        area_free(m, a);
    }
    ASSERT(m->resident == 0 && m->mapped == 0);
    link_out(m);
    err = gate_delete(l->gate, m->vspace);
    ASSERT(err == 0);
    pages_drop(&l->pages, m->map);
    heap_free(&l->heap, m, sizeof(*m));
}

// --- fork ---

// Pages of shared areas need not be copied: the file has them.
static int
copy_pages(struct memory *from, struct memory *to, const struct area *a)
{
    struct map_walk w = {.va = a->start, .end = a->end};
    page_no *slot;

    while ((slot = map_next(from, &w)) != NULL) {
        page_no *copy = map_make(to, w.va);

        if (copy == NULL)
            return -ENOMEM;
        pages_hold(pool_of(from), *slot);
        *copy = *slot; // nothing was there
        to->resident++;
    }
    return 0;
}

static int
copy_area(struct memory *from, struct memory *to, const struct area *a,
          struct area ***end)
{
    struct area *copy = area_new(to, a);

    if (copy == NULL)
        return -ENOMEM;
    area_append(to, end, copy);
    return (a->flags & MAP_SHARED) ? 0 : copy_pages(from, to, a);
}

// The right to write goes from the pages before the child can hold them, also
// if copying fails midway: the next write brings it back.
int
memory_fork(struct memory *m, struct memory **result)
{
    struct memory *copy;
    int err = memory_new(m->linux, &copy);

    if (err < 0)
        return err;
    struct area **end = &copy->areas;

    for (const struct area *a = m->areas; a != NULL && err == 0; a = a->next) {
        if ((a->flags & MAP_SHARED) == 0)
            entries_protect(m, a->start, a->end);
        err = copy_area(m, copy, a, &end);
    }
    if (err < 0) {
        memory_drop(copy);
        return err;
    }
    copy->brk_start = m->brk_start;
    copy->brk = m->brk;
    copy->environment = m->environment;
    copy->environment_bytes = m->environment_bytes;
    *result = copy;
    return 0;
}

// check.c -- the checker of address spaces (rules: memory/parts.h)
#include "linux/memory/parts.h"
#include "tender/ram.h"

static const char *
check_areas(const struct memory *m)
{
    u32 mapped = 0;
    u32 before = MEMORY_BASE;
    u32 areas = 0;
    int near = m->near == NULL;

    for (const struct area *a = m->areas; a != NULL; a = a->next) {
        if (a->start < before || a->start >= a->end || a->end > MEMORY_END ||
            (a->start | a->end) % PAGE_SIZE != 0)
            return "M1: an area is not in order";
        if (a->inode != NULL && a->inode->refs == 0)
            return "M1: an area's file is not held";
        mapped += a->end - a->start;
        before = a->end;
        areas++;
        near |= a == m->near;
    }
    if (!near)
        return "M6: the area last found is none";
    if (areas != m->areas_used)
        return "M5: areas are miscounted";
    return mapped == m->mapped ? NULL : "M5: the bytes of areas are miscounted";
}

static const char *
check_pages(const struct memory *m)
{
    struct map_walk w = {.va = 0, .end = USER_END};
    const page_no *slot;
    u32 resident = 0;

    while ((slot = map_next(m, &w)) != NULL) {
        if (memory_area(m, w.va) == NULL)
            return "M2: a page lies in no area";
        if (pages_refs(pool_of(m), *slot) == 0)
            return "M2: a page of the map is not held";
        resident++;
    }
    return resident == m->resident ? NULL : "M5: resident pages are miscounted";
}

static const char *
check_entry(const struct memory *m, u32 va, u32 pte)
{
    page_no page = memory_page_at(m, va);
    const struct area *a = memory_area(m, va);

    if (pte == 0)
        return NULL;
    if (page == 0 || pte >> PAGE_SHIFT != pages_frame(pool_of(m), page))
        return "M3: a page-table entry does not show the page of the map";
    if ((pte & PTE_WRITE) == 0)
        return a->prot != 0 ? NULL : "M4: a page may be read in vain";
    if ((a->prot & PROT_WRITE) == 0 ||
        ((a->flags & MAP_SHARED) == 0 && pages_refs(pool_of(m), page) != 1))
        return "M4: a page-table entry allows writing what may not be written";
    return NULL;
}

static const char *
check_entries(const struct memory *m)
{
    u32 pd = vspace_get(m->linux->vs, m->vspace)->page_directory;
    const char *wrong = NULL;

    for (u32 va = 0; wrong == NULL && va < USER_END; va += TABLE_SPAN) {
        const u32 *pte = paging_entry(pd, va);

        for (u32 i = 0; pte != NULL && wrong == NULL && i < TABLE_PAGES; i++)
            wrong = check_entry(m, va + i * PAGE_SIZE, pte[i]);
    }
    return wrong;
}

const char *
memory_check(const struct linux *l)
{
    const char *wrong = NULL;

    for (const struct memory *m = l->memories; m != NULL && wrong == NULL;
         m = m->next) {
        wrong = vspace_get(l->vs, m->vspace) == NULL || m->refs == 0
                    ? "M5: an address space nobody holds"
                    : check_areas(m);
        if (wrong == NULL)
            wrong = check_pages(m);
        if (wrong == NULL)
            wrong = check_entries(m);
    }
    return wrong;
}

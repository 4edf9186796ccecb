// areas.c -- the list of areas: what addresses of a program mean
#include "linux/errno.h"
#include "linux/memory/parts.h"
#include "tender/text.h"

#define STACK_GAP (256 * PAGE_SIZE) // between a stack and what is below it
#define SEARCH_END (MEMORY_END - MEMORY_STACK_BYTES - STACK_GAP)

struct area *
area_new(struct memory *m, const struct area *like)
{
    struct area *a = NULL;

    if (m->areas_used < MEMORY_AREAS_MAX)
        a = heap_new(&m->linux->heap, sizeof(*a));
    if (a == NULL)
        return NULL;
    m->areas_used++;
    *a = *like;
    a->next = NULL;
    if (a->inode != NULL)
        inode_hold(a->inode);
    return a;
}

// It is in no list any more: letting go of the inode may have it released.
void
area_free(struct memory *m, struct area *a)
{
    struct inode *inode = a->inode;

    ASSERT(m->near != a);
    heap_free(&m->linux->heap, a, sizeof(*a));
    m->areas_used--;
    inode_drop(inode);
}

// Whether a search for an address may begin behind the place of the last one.
static int
is_behind(const struct memory *m, u32 address)
{
    return m->near != NULL && m->near->end <= address;
}

// Where the list names the first area that ends behind an address; near is the
// one before it then, so what is found may go. The next search is often for one
// a little higher.
static struct area **
link_from(struct memory *m, u32 address)
{
    struct area **link = &m->areas;

    if (is_behind(m, address))
        link = &m->near->next;
    else
        m->near = NULL;
    while (*link != NULL && (*link)->end <= address) {
        m->near = *link;
        link = &(*link)->next;
    }
    return link;
}

struct area *
area_from(const struct memory *m, u32 address)
{
    struct area *a = is_behind(m, address) ? m->near->next : m->areas;

    while (a != NULL && a->end <= address)
        a = a->next;
    return a;
}

struct area *
memory_area(const struct memory *m, u32 address)
{
    struct area *a = area_from(m, address);

    return a == NULL || a->start > address ? NULL : a;
}

static void
put(struct memory *m, struct area **link, struct area *a)
{
    ASSERT(a->start < a->end);
    ASSERT(*link == NULL || (*link)->start >= a->end);
    a->next = *link;
    *link = a;
    m->mapped += a->end - a->start;
}

void
area_insert(struct memory *m, struct area *a)
{
    put(m, link_from(m, a->start), a);
}

void
area_append(struct memory *m, struct area ***end, struct area *a)
{
    put(m, *end, a);
    *end = &a->next;
}

void
area_remove(struct memory *m, struct area *a)
{
    struct area **link = link_from(m, a->start);

    ASSERT(*link == a);
    *link = a->next;
    m->mapped -= a->end - a->start;
}

int
areas_free(const struct memory *m, u32 start, u32 end)
{
    const struct area *a = area_from(m, start);

    return a == NULL || a->start >= end;
}

int
memory_covers(const struct memory *m, u32 at, u32 bytes)
{
    u32 va = at;
    u32 end = at + bytes;

    for (const struct area *a = area_from(m, va); va < end; a = a->next) {
        if (a == NULL || a->start > va)
            return 0;
        va = a->end;
    }
    return 1;
}

// --- counting ---

int
area_is_data(const struct area *a, u32 prot)
{
    return (prot & PROT_WRITE) != 0 &&
           (a->flags & (MAP_SHARED | MAP_GROWSDOWN)) == 0;
}

int
area_limit(const struct memory *m, const struct area *a, u32 more)
{
    return limit_memory(m, more, area_is_data(a, a->prot) ? more : 0);
}

u32
memory_data(const struct memory *m)
{
    u32 bytes = 0;

    for (const struct area *a = m->areas; a != NULL; a = a->next)
        if (area_is_data(a, a->prot))
            bytes += a->end - a->start;
    return bytes;
}

u32
areas_mapped(const struct memory *m, u32 start, u32 end)
{
    u32 bytes = 0;

    for (const struct area *a = area_from(m, start);
         a != NULL && a->start < end; a = a->next)
        bytes += MIN(a->end, end) - MAX(a->start, start);
    return bytes;
}

// --- splitting and merging ---

static int
split(struct memory *m, u32 va)
{
    struct area *a = memory_area(m, va);

    if (a == NULL || a->start == va)
        return 0;
    struct area *upper = area_new(m, a);

    if (upper == NULL)
        return -ENOMEM;
    upper->start = va;
    upper->first += (va - a->start) >> PAGE_SHIFT;
    upper->next = a->next;
    a->end = va;
    a->next = upper;
    return 0;
}

int
areas_isolate(struct memory *m, u32 start, u32 end)
{
    int err;

    link_from(m, start); // what follows is looked for there
    err = split(m, start);
    return err < 0 ? err : split(m, end);
}

static int
continues(const struct area *a, const struct area *b)
{
    if (a->end != b->start || a->prot != b->prot || a->flags != b->flags ||
        a->inode != b->inode)
        return 0;
    return a->inode == NULL ||
           b->first - a->first == (b->start - a->start) >> PAGE_SHIFT;
}

void
areas_merge(struct memory *m, u32 start, u32 end)
{
    struct area *a = *link_from(m, start);

    if (m->near != NULL)
        a = m->near; // it may end at start
    while (a != NULL && a->next != NULL && a->next->start <= end) {
        struct area *b = a->next;

        if (!continues(a, b)) {
            a = b;
            continue;
        }
        a->end = b->end;
        a->next = b->next;
        area_free(m, b);
    }
}

// --- room ---

// The highest place that ends at most at top.
static u32
find_below(const struct memory *m, u32 bytes, u32 top)
{
    const struct area *a = m->areas;
    u32 start = MEMORY_BASE; // of the gap in hand
    u32 best = 0;

    for (;;) {
        u32 end = MIN(a == NULL ? top : a->start, top);

        if (a != NULL && (a->flags & MAP_GROWSDOWN) != 0)
            end -= MIN(end, STACK_GAP);
        if (end > start && end - start >= bytes)
            best = end - bytes;
        if (a == NULL || a->end >= top)
            return best;
        start = MAX(start, a->end);
        a = a->next;
    }
}

u32
areas_find(const struct memory *m, u32 bytes)
{
    u32 at = find_below(m, bytes, MEMORY_MMAP_TOP);

    return at != 0 ? at : find_below(m, bytes, SEARCH_END);
}

// A stack grows as far as it may, and stays away from what is below it.
struct area *
area_grown(struct memory *m, u32 address)
{
    struct area *a = *link_from(m, address);
    u32 va = address & ~(PAGE_SIZE - 1);

    if (a == NULL || a->start <= address)
        return a;
    if ((a->flags & MAP_GROWSDOWN) == 0 || va < MEMORY_BASE ||
        a->end - va > limit_stack(m->linux))
        return NULL;
    if (!areas_free(m, va - MIN(va, STACK_GAP), a->start) ||
        area_limit(m, a, a->start - va) < 0)
        return NULL;
    m->mapped += a->start - va;
    a->first -= (a->start - va) >> PAGE_SHIFT;
    a->start = va;
    return a;
}

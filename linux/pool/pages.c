// pages.c -- the page pool: chunks of pages with reference counts
//
// What a chunk's page 0 counts is the truth; `free` and the hints follow from
// it and are only ever too low a place to begin a search. A page without a
// reference is mapped by no program: whoever maps it holds it.
#include "linux/pool/pages.h"

#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "tender/text.h"
#include "vspace/paging.h"

void
pages_init(struct pages *p, struct gate *gate, struct vspaces *vs)
{
    memset(p, 0, sizeof(*p));
    p->gate = gate;
    p->vs = vs;
}

static u32 *
refs_of(const struct chunk *c)
{
    return kernel_at(c->va);
}

static u32
granule(u32 va)
{
    return (va - KERNEL_BASE) >> PAGES_GRANULE_SHIFT;
}

// --- chunks ---

// A slot for a new chunk; CHUNKS_MAX if there is none.
static u32
vacant_slot(const struct pages *p)
{
    u32 i = 0;

    while (i < p->high && p->chunk[i].space != RID_NONE)
        i++;
    return i;
}

u32
pages_reserve(const struct pages *p)
{
    return p->reserve == NULL ? 0 : p->reserve(p->reserve_state);
}

int
pages_leave(const struct pages *p, u32 frames)
{
    return real_memory_check_room(p->vs->rm, 0, frames + pages_reserve(p)) == 0;
}

// -> its slot, or CHUNKS_MAX without memory.
static u32
make_chunk(struct pages *p)
{
    u32 i = vacant_slot(p);
    u32 va = 0;

    if (i == CHUNKS_MAX || !pages_fit(p, 1))
        return CHUNKS_MAX;
    int id = gate_create(p->gate, KIND_VKSPACE, NULL, CHUNK_PAGES,
                         SPACE_WRITABLE | SPACE_POOL, 0, 0);

    if (id < 0)
        return CHUNKS_MAX;
    gate_control(p->gate, (rid)id, VK_ADDRESS, (word)&va, 0, 0);
    p->chunk[i] =
        (struct chunk){.space = (rid)id, .va = va, .free = CHUNK_ROOM};
    p->chunk[i].hint = 1;
    ASSERT(p->at[granule(va)] == 0);
    p->at[granule(va)] = (u16)(i + 1);
    p->high = MAX(p->high, i + 1);
    p->hint = MIN(p->hint, i);
    p->room += CHUNK_ROOM;
    p->empty++;
    return i;
}

static void
delete_chunk(struct pages *p, struct chunk *c)
{
    int err;

    ASSERT(c->free == CHUNK_ROOM);
    p->at[granule(c->va)] = 0;
    err = gate_delete(p->gate, c->space);
    ASSERT(err == 0);
    memset(c, 0, sizeof(*c));
    p->room -= CHUNK_ROOM;
    p->empty--;
    while (p->high > 0 && p->chunk[p->high - 1].space == RID_NONE)
        p->high--;
}

// The first chunk with a free page; CHUNKS_MAX without memory.
static u32
find_chunk(struct pages *p)
{
    while (p->hint < p->high && p->chunk[p->hint].free == 0)
        p->hint++;
    return p->hint < p->high ? p->hint : make_chunk(p);
}

// --- pages ---

static struct chunk *
chunk_of(const struct pages *p, page_no n)
{
    const struct chunk *c = &p->chunk[n / CHUNK_PAGES];

    ASSERT(n / CHUNK_PAGES < p->high && n % CHUNK_PAGES != 0);
    ASSERT(c->space != RID_NONE);
    return (struct chunk *)c;
}

static u32 *
ref_of(const struct pages *p, page_no n)
{
    return &refs_of(chunk_of(p, n))[n % CHUNK_PAGES];
}

page_no
pages_new_raw(struct pages *p)
{
    u32 i = find_chunk(p);

    if (i == CHUNKS_MAX)
        return 0;
    struct chunk *c = &p->chunk[i];
    u32 *refs = refs_of(c);
    u32 n = c->hint;

    while (refs[n] != 0)
        n++;
    ASSERT(n < CHUNK_PAGES);
    refs[n] = 1;
    if (c->free == CHUNK_ROOM)
        p->empty--;
    c->hint = n + 1;
    c->free--;
    p->used++;
    return i * CHUNK_PAGES + n;
}

page_no
pages_new(struct pages *p)
{
    page_no n = pages_new_raw(p);

    if (n != 0)
        machine_zero_page(pages_at(p, n));
    return n;
}

page_no
pages_new_file(struct pages *p)
{
    return pages_room_files(p) ? pages_new(p) : 0;
}

void
pages_hold(struct pages *p, page_no n)
{
    u32 *ref = ref_of(p, n);

    ASSERT(*ref != 0 && *ref != ~0u);
    (*ref)++;
}

// An empty chunk is kept so that a program at the border of two does not make
// and delete one with each page.
void
pages_drop(struct pages *p, page_no n)
{
    struct chunk *c = chunk_of(p, n);
    u32 *ref = ref_of(p, n);

    ASSERT(*ref != 0);
    if (--*ref != 0)
        return;
    c->free++;
    c->hint = MIN(c->hint, n % CHUNK_PAGES);
    p->used--;
    p->hint = MIN(p->hint, n / CHUNK_PAGES);
    if (c->free < CHUNK_ROOM)
        return;
    p->empty++;
    if (p->empty > 1)
        delete_chunk(p, c);
}

u32
pages_refs(const struct pages *p, page_no n)
{
    return *ref_of(p, n);
}

void *
pages_at(const struct pages *p, page_no n)
{
    return kernel_at(chunk_of(p, n)->va + n % CHUNK_PAGES * PAGE_SIZE);
}

page_no
pages_number(const struct pages *p, const void *at)
{
    u32 va = (u32)(word)at;
    u32 g = granule(va);
    u32 i = p->at[g];

    if (i == 0 || p->chunk[i - 1].va > va)
        i = g == 0 ? 0 : p->at[g - 1]; // it began in the granule before
    ASSERT(i != 0);
    u32 page = (va - p->chunk[i - 1].va) >> PAGE_SHIFT;

    ASSERT(page > 0 && page < CHUNK_PAGES);
    return (i - 1) * CHUNK_PAGES + page;
}

// --- the kernel's own page table ---

static u32 *
kernel_entry(const struct pages *p, page_no n)
{
    u32 va = (u32)(word)pages_at(p, n);
    u32 *pte = paging_entry(vspace_kernel(p->vs)->page_directory, va);

    ASSERT(pte != NULL && (*pte & PTE_PRESENT) != 0);
    return pte;
}

u32
pages_frame(const struct pages *p, page_no n)
{
    return *kernel_entry(p, n) >> PAGE_SHIFT;
}

// A translation without the bit sets it again at a write, which is as good.
void
pages_dirty(struct pages *p, page_no n)
{
    *kernel_entry(p, n) |= PTE_DIRTY;
}

// --- the checker's part ---

static const char *
check_chunk(const struct pages *p, u32 i, u32 *used)
{
    const struct chunk *c = &p->chunk[i];
    const u32 *refs = refs_of(c);
    u32 n = 0;

    for (u32 k = 1; k < CHUNK_PAGES; k++) {
        if (refs[k] != 0)
            n++;
        else if (k < c->hint)
            return "pages: a free page lies below a chunk's hint";
    }
    if (n + c->free != CHUNK_ROOM)
        return "pages: a chunk's count of free pages is wrong";
    if (c->free != 0 && i < p->hint)
        return "pages: a chunk below the hint has a free page";
    if (p->at[granule(c->va)] != i + 1)
        return "pages: a chunk is not found by its address";
    *used += n;
    return NULL;
}

const char *
pages_check(const struct pages *p)
{
    const char *wrong = NULL;
    u32 used = 0;
    u32 room = 0;
    u32 empty = 0;

    for (u32 i = 0; i < p->high && wrong == NULL; i++) {
        if (p->chunk[i].space == RID_NONE)
            continue;
        wrong = check_chunk(p, i, &used);
        room += CHUNK_ROOM;
        empty += p->chunk[i].free == CHUNK_ROOM;
    }
    if (wrong == NULL && (used != p->used || room != p->room))
        wrong = "pages: the counts of the pool are wrong";
    if (wrong == NULL && (empty != p->empty || empty > 1))
        wrong = "pages: empty chunks were not deleted";
    return wrong;
}

// heap.c -- small objects in pages of the pool
//
// A page holds objects of one size. Each object that is in use holds a
// reference of its page, and the heap holds one more: when only that is left,
// the page's objects are all free, are taken off the free list, and the page
// goes back to the pool.
#include "linux/pool/heap.h"

#include "tender/assert.h"
#include "tender/text.h"

#define SMALLEST 16u

// What is in an object that is free.
struct free_object {
    struct free_object *next, *previous;
};

_Static_assert(sizeof(struct free_object) <= SMALLEST, "a free object");

void
heap_init(struct heap *h, struct pages *pages)
{
    memset(h, 0, sizeof(*h));
    h->pages = pages;
}

static u32
class_of(u32 bytes)
{
    u32 class = 0;

    ASSERT(bytes <= SMALLEST << (HEAP_CLASSES - 1));
    while (SMALLEST << class < bytes)
        class ++;
    return class;
}

static void
push(struct heap *h, u32 class, struct free_object *o)
{
    o->previous = NULL;
    o->next = h->free[class];
    if (o->next != NULL)
        o->next->previous = o;
    h->free[class] = o;
}

static void
take(struct heap *h, u32 class, struct free_object *o)
{
    if (o->previous != NULL)
        o->previous->next = o->next;
    else
        h->free[class] = o->next;
    if (o->next != NULL)
        o->next->previous = o->previous;
}

static void *
object_at(const struct heap *h, page_no page, u32 class, u32 index)
{
    return (u8 *)pages_at(h->pages, page) + index * (SMALLEST << class);
}

static u32
objects_of(u32 class)
{
    return PAGE_SIZE / (SMALLEST << class);
}

// Another page of objects; 0 without memory.
static int
grow(struct heap *h, u32 class)
{
    page_no page = pages_new_raw(h->pages);

    if (page == 0)
        return 0;
    for (u32 i = objects_of(class); i > 0; i--)
        push(h, class, object_at(h, page, class, i - 1));
    h->own_pages++;
    return 1;
}

static void
shrink(struct heap *h, u32 class, page_no page)
{
    for (u32 i = 0; i < objects_of(class); i++)
        take(h, class, object_at(h, page, class, i));
    pages_drop(h->pages, page);
    h->own_pages--;
}

void *
heap_new(struct heap *h, u32 bytes)
{
    u32 class = class_of(bytes);

    if (h->free[class] == NULL && !grow(h, class))
        return NULL;
    struct free_object *o = h->free[class];

    take(h, class, o);
    pages_hold(h->pages, pages_number(h->pages, o));
    memset(o, 0, SMALLEST << class);
    h->used++;
    return o;
}

void
heap_free(struct heap *h, void *object, u32 bytes)
{
    u32 class = class_of(bytes);
    page_no page = pages_number(h->pages, object);

    ASSERT(h->used > 0 && (word)object % (SMALLEST << class) == 0);
    push(h, class, object);
    h->used--;
    pages_drop(h->pages, page);
    ASSERT(pages_refs(h->pages, page) != 0);
    if (pages_refs(h->pages, page) == 1)
        shrink(h, class, page);
}

// test_linux_heap.c -- are small objects apart, zeroed, and given back?
#include <stdlib.h>
#include <string.h>

#include "pooled.h"
#include "suite.h"

#define OBJECTS 600u

static struct object {
    u8 *at;
    u32 bytes;
} object[OBJECTS];

static int
is_all(const u8 *at, u32 bytes, u8 value)
{
    u32 k = 0;

    while (k < bytes && at[k] == value)
        k++;
    return k == bytes;
}

static void
make(u32 i, u32 bytes)
{
    u8 *at = heap_new(&lx.heap, bytes);

    ck_assert_ptr_nonnull(at);
    ck_assert_uint_eq((word)at % 16, 0);
    ck_assert(is_all(at, bytes, 0));
    object[i] = (struct object){at, bytes};
    memset(at, (int)i, bytes);
}

static void
unmake(u32 i)
{
    const struct object *o = &object[i];

    ck_assert(is_all(o->at, o->bytes, (u8)i));
    heap_free(&lx.heap, o->at, o->bytes);
    object[i].at = NULL;
}

// Objects of every size, made and freed in any order: does one ever touch
// another, and do all pages go back?
START_TEST(at_random)
{
    srand(2);
    memset(object, 0, sizeof(object));
    for (u32 round = 0; round < 6000; round++) {
        u32 i = (u32)rand() % OBJECTS;

        if (object[i].at == NULL)
            make(i, 1 + (u32)rand() % (rand() % 8 == 0 ? 2048 : 100));
        else
            unmake(i);
    }
    pooled_ck();
    ck_assert_uint_eq(lx.heap.own_pages, lx.pages.used);
    for (u32 i = 0; i < OBJECTS; i++)
        if (object[i].at != NULL)
            unmake(i);
    ck_assert_uint_eq(lx.heap.own_pages, 0);
    pooled_ck_empty();
}
END_TEST

// Is an object as large as its class?
START_TEST(sizes)
{
    for (u32 bytes = 16; bytes <= 2048; bytes *= 2) {
        for (u32 i = 0; i < 3; i++)
            make(i, bytes);
        for (u32 i = 0; i < 3; i++)
            unmake(i);
    }
    pooled_ck_empty();
}
END_TEST

// Without memory, is NULL all that happens?
START_TEST(no_memory)
{
    pooled_starve(CHUNK_PAGES + 2);
    u32 n = 0;

    while (heap_new(&lx.heap, 2048) != NULL)
        n++;
    ck_assert_uint_eq(n, 2 * (CHUNK_PAGES - 1));
    ck_assert_ptr_null(heap_new(&lx.heap, 16));
    pooled_ck();
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {at_random, sizes, no_memory, NULL};
    const struct suite suite = {.name = "linux_heap",
                                .open = pooled_open,
                                .close = pooled_close,
                                .test = tests};

    return suite_run(&suite);
}

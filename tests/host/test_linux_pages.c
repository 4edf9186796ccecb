// test_linux_pages.c -- does the page pool count, find, and give back its pages?
#include <stdlib.h>
#include <string.h>

#include "pooled.h"
#include "suite.h"

#define MANY (3 * CHUNK_PAGES)

static page_no page[MANY];

static u32
chunks(void)
{
    u32 n = 0;

    for (u32 i = 0; i < CHUNKS_MAX; i++)
        n += lx.pages.chunk[i].space != RID_NONE;
    return n;
}

static void
fill(void)
{
    for (u32 i = 0; i < MANY; i++) {
        page[i] = pages_new(&lx.pages);
        ck_assert_uint_ne(page[i], 0);
        *(u32 *)pages_at(&lx.pages, page[i]) = page[i];
    }
}

// Is every page another one, with its own contents, found by its address?
START_TEST(many)
{
    fill();
    for (u32 i = 0; i < MANY; i++) {
        u8 *at = pages_at(&lx.pages, page[i]);

        ck_assert_uint_eq(*(u32 *)(void *)at, page[i]);
        ck_assert_uint_eq(pages_number(&lx.pages, at), page[i]);
        ck_assert_uint_eq(pages_number(&lx.pages, at + PAGE_SIZE - 1), page[i]);
        ck_assert_uint_eq(pages_refs(&lx.pages, page[i]), 1);
    }
    ck_assert_uint_eq(lx.pages.used, MANY);
    pooled_ck();
    for (u32 i = 0; i < MANY; i++)
        pages_drop(&lx.pages, page[(i * 7) % MANY]);
    ck_assert_uint_eq(chunks(), 1);
    pooled_ck_empty();
}
END_TEST

// Is a page zero again after it was used, and kept while somebody holds it?
START_TEST(references)
{
    page_no n = pages_new(&lx.pages);
    u8 *at = pages_at(&lx.pages, n);

    memset(at, 0xaa, PAGE_SIZE);
    pages_hold(&lx.pages, n);
    pages_drop(&lx.pages, n);
    ck_assert_uint_eq(pages_refs(&lx.pages, n), 1);
    ck_assert_uint_eq(at[5], 0xaa);
    pages_drop(&lx.pages, n);
    ck_assert_uint_eq(pages_new(&lx.pages), n);
    for (u32 i = 0; i < PAGE_SIZE; i += 64)
        ck_assert_uint_eq(at[i], 0);
    pages_drop(&lx.pages, n);
    pooled_ck_empty();
}
END_TEST

// Does the lowest free page come first, so that chunks can become empty?
START_TEST(lowest)
{
    fill();
    pages_drop(&lx.pages, page[CHUNK_PAGES + 10]);
    pages_drop(&lx.pages, page[20]);
    pages_drop(&lx.pages, page[30]);
    ck_assert_uint_eq(pages_new(&lx.pages), page[20]);
    ck_assert_uint_eq(pages_new(&lx.pages), page[30]);
    ck_assert_uint_eq(pages_new(&lx.pages), page[CHUNK_PAGES + 10]);
    pooled_ck();
}
END_TEST

// Is memory given back, and refused without harm when there is none?
START_TEST(no_memory)
{
    u32 before = pooled_free_pages();

    pooled_starve(2 * CHUNK_PAGES + 3);
    u32 n = 0;

    while (n < MANY && (page[n] = pages_new(&lx.pages)) != 0)
        n++;
    ck_assert_uint_eq(n, 2 * (CHUNK_PAGES - 1));
    pooled_ck();
    while (n > 0)
        pages_drop(&lx.pages, page[--n]);
    pooled_feed();
    pooled_ck_empty();
    ck_assert_uint_eq(pooled_free_pages(), before - CHUNK_PAGES);
}
END_TEST

// Is something left for programs when files have taken all they can?
START_TEST(spare)
{
    pooled_starve(2 * CHUNK_PAGES + 3);
    u32 n = 0;
    u32 left = 0;

    while (pages_new_file(&lx.pages) != 0)
        n++;
    ck_assert_uint_eq(n, 2 * (CHUNK_PAGES - 1) - PAGES_SPARE);
    while (pages_new(&lx.pages) != 0)
        left++;
    ck_assert_uint_eq(left, PAGES_SPARE);
    pooled_ck();
}
END_TEST

// Is it an eighth where there is much, and is as much promised as can be had?
START_TEST(eighth)
{
    u32 all = pages_left(&lx.pages);
    u32 promised = pages_left_files(&lx.pages);
    u32 files = 0;
    u32 left = 0;

    ck_assert_uint_gt(all / 8, PAGES_SPARE);
    ck_assert_uint_eq(promised, all - all / 8);
    while (pages_new_file(&lx.pages) != 0)
        files++;
    ck_assert_uint_eq(files, promised);
    ck_assert_uint_eq(pages_left_files(&lx.pages), 0);
    while (pages_new(&lx.pages) != 0)
        left++;
    ck_assert_uint_eq(left, all - files);
    pooled_ck();
}
END_TEST

static u32
reserve(void *state)
{
    return plate_reserve(state);
}

// Is so much left that everything can be saved?
START_TEST(reserved)
{
    lx.pages.reserve = reserve;
    lx.pages.reserve_state = &pooled.boot.plates;
    lx.pages.copies = 2;
    u32 n = 0;

    while (pages_new(&lx.pages) != 0)
        n++;
    ck_assert_uint_gt(n, CHUNK_PAGES);
    ck_assert_int_gt(gate_control(&pooled.gate, KIND_ID(KIND_SYSTEM),
                                  SYSTEM_OCC_ENABLE, 0, 0, 0),
                     0);
    ck_assert_int_eq(
        gate_control(&pooled.gate, KIND_ID(KIND_SYSTEM), SYSTEM_SAVE, 0, 0, 0),
        0);
    pooled_ck();
}
END_TEST

// Does writing by way of a program's mapping come to be known?
START_TEST(dirty)
{
    page_no n = pages_new(&lx.pages);
    u32 va = (u32)(word)pages_at(&lx.pages, n);
    u32 pd = pooled.layout.kernel_directory_pa;
    u32 frame = pages_frame(&lx.pages, n);

    ck_assert_uint_eq(fake_pte(pd, va) >> PAGE_SHIFT, frame);
    u32 *pte = paging_entry(pd, va);

    *pte &= ~PTE_DIRTY;
    machine_invalidate(va);
    pages_dirty(&lx.pages, n);
    ck_assert_uint_ne(fake_pte(pd, va) & PTE_DIRTY, 0);
    pages_drop(&lx.pages, n);
}
END_TEST

// Does any order of taking, holding and dropping keep the counts?
START_TEST(at_random)
{
    static u32 refs[MANY];

    srand(1);
    memset(page, 0, sizeof(page));
    for (u32 round = 0; round < 20000; round++) {
        u32 i = (u32)rand() % MANY;
        int grow = round / 5000 % 2 == 0 ? rand() % 3 : rand() % 3 == 0;

        if (page[i] == 0 && grow) {
            page[i] = pages_new_raw(&lx.pages);
            refs[i] = page[i] != 0;
        } else if (page[i] != 0 && grow && rand() % 4 == 0) {
            pages_hold(&lx.pages, page[i]);
            refs[i]++;
        } else if (page[i] != 0) {
            pages_drop(&lx.pages, page[i]);
            if (--refs[i] == 0)
                page[i] = 0;
        }
        if (page[i] != 0)
            ck_assert_uint_eq(pages_refs(&lx.pages, page[i]), refs[i]);
    }
    pooled_ck();
    for (u32 i = 0; i < MANY; i++)
        while (page[i] != 0 && refs[i]-- > 0)
            pages_drop(&lx.pages, page[i]);
    pooled_ck_empty();
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {many,      references, lowest, no_memory,
                                  dirty,     reserved,   spare,  eighth,
                                  at_random, NULL};
    const struct suite suite = {.name = "linux_pages",
                                .open = pooled_open,
                                .close = pooled_close,
                                .test = tests};

    return suite_run(&suite);
}

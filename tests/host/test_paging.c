// test_paging.c -- are page tables read right, also where one table ends?
#include <stdlib.h>

#include "fake.h"
#include "suite.h"
#include "vspace/paging.h"

#define DIRECTORY 0x500000u
#define BASE 0x20000000u // the range of a test begins here
#define TABLE_END (BASE + TABLE_SPAN)

static u32 tables;

static void
start(void)
{
    fake_open(2048);
    machine_zero_page(ram_at(DIRECTORY));
    tables = 0;
}

static void
add_table(u32 va)
{
    u32 pa = DIRECTORY + ++tables * PAGE_SIZE;

    machine_zero_page(ram_at(pa));
    fake_put(DIRECTORY + paging_directory_index(va) * 4, pa | PTE_PRESENT);
}

static void
map(u32 va, u32 pte)
{
    *paging_entry(DIRECTORY, va) = pte;
}

// Is the entry of an address found, and none where there is no table?
START_TEST(entry)
{
    u32 *first;

    ck_assert_ptr_null(paging_entry(DIRECTORY, BASE));
    add_table(BASE);
    first = ram_at(DIRECTORY + PAGE_SIZE);
    ck_assert_ptr_eq(paging_entry(DIRECTORY, BASE), first);
    ck_assert_ptr_eq(paging_entry(DIRECTORY, BASE + PAGE_SIZE - 1), first);
    ck_assert_ptr_eq(paging_entry(DIRECTORY, BASE + PAGE_SIZE), first + 1);
    ck_assert_ptr_eq(paging_entry(DIRECTORY, TABLE_END - 1), first + 1023);
    ck_assert_ptr_null(paging_entry(DIRECTORY, TABLE_END));
    ck_assert_ptr_null(paging_entry(DIRECTORY, BASE - 1));
    add_table(TABLE_END);
    ck_assert_ptr_eq(paging_entry(DIRECTORY, TABLE_END), first + 1024);
    // A large page has no table behind it.
    fake_put(DIRECTORY + paging_directory_index(BASE) * 4,
             PTE_PRESENT | PTE_LARGE);
    ck_assert_ptr_null(paging_entry(DIRECTORY, BASE));
}
END_TEST

// How many tables does a range lack, beginning or ending next to a border?
START_TEST(missing)
{
    ck_assert_uint_eq(paging_tables_missing(DIRECTORY, BASE, 1), 1);
    ck_assert_uint_eq(paging_tables_missing(DIRECTORY, BASE, 1024), 1);
    ck_assert_uint_eq(paging_tables_missing(DIRECTORY, BASE, 1025), 2);
    ck_assert_uint_eq(
        paging_tables_missing(DIRECTORY, TABLE_END - PAGE_SIZE, 1), 1);
    ck_assert_uint_eq(
        paging_tables_missing(DIRECTORY, TABLE_END - PAGE_SIZE, 2), 2);
    ck_assert_uint_eq(
        paging_tables_missing(DIRECTORY, TABLE_END - PAGE_SIZE, 1026), 3);
    ck_assert_uint_eq(paging_tables_missing(DIRECTORY, 0xffc00000, 1024), 1);
    add_table(TABLE_END);
    ck_assert_uint_eq(
        paging_tables_missing(DIRECTORY, TABLE_END - PAGE_SIZE, 1026), 2);
    ck_assert_uint_eq(paging_tables_missing(DIRECTORY, TABLE_END, 1024), 0);
}
END_TEST

// Does a page that is mapped or paged out count when it is in the range, and not beside it?
START_TEST(free_range)
{
    static const u32 at[] = {BASE, BASE + 5 * PAGE_SIZE, TABLE_END - PAGE_SIZE,
                             TABLE_END, TABLE_END + 3 * PAGE_SIZE};

    ck_assert_int_eq(paging_free(DIRECTORY, BASE, 4096), 1);
    add_table(BASE);
    add_table(TABLE_END);
    ck_assert_int_eq(paging_free(DIRECTORY, BASE, 4096), 1);
    for (u32 i = 0; i < ARRAY_LEN(at); i++) {
        map(at[i], PTE_PRESENT);
        ck_assert_int_eq(paging_free(DIRECTORY, at[i] - 2 * PAGE_SIZE, 2), 1);
        ck_assert_int_eq(paging_free(DIRECTORY, at[i] - 2 * PAGE_SIZE, 3), 0);
        ck_assert_int_eq(paging_free(DIRECTORY, at[i], 1), 0);
        ck_assert_int_eq(paging_free(DIRECTORY, at[i] + PAGE_SIZE, 2), 1);
        ck_assert_int_eq(paging_free(DIRECTORY, BASE, 2048), 0);
        map(at[i], 7 << PAGE_SHIFT | PTE_PAGED);
        ck_assert_int_eq(paging_free(DIRECTORY, at[i], 1), 0);
        ck_assert_int_eq(paging_free(DIRECTORY, at[i] + PAGE_SIZE, 2), 1);
        map(at[i], 0);
        ck_assert_int_eq(paging_free(DIRECTORY, BASE, 2048), 1);
    }
}
END_TEST

// Is a run found that just fits with its two guard pages, and no smaller one?
START_TEST(guards)
{
    const u32 to = TABLE_END + 100 * PAGE_SIZE;

    ck_assert_uint_eq(paging_find(DIRECTORY, BASE, to, 5), BASE + PAGE_SIZE);
    ck_assert_uint_eq(paging_find(DIRECTORY, BASE, BASE + 7 * PAGE_SIZE, 5),
                      BASE + PAGE_SIZE);
    ck_assert_uint_eq(paging_find(DIRECTORY, BASE, BASE + 6 * PAGE_SIZE, 5), 0);
    ck_assert_uint_eq(paging_find(DIRECTORY, BASE, BASE, 1), 0);
    add_table(BASE);
    for (u32 va = BASE; va < TABLE_END; va += PAGE_SIZE)
        map(va, PTE_PRESENT);
    ck_assert_uint_eq(paging_find(DIRECTORY, BASE, to, 98),
                      TABLE_END + PAGE_SIZE);
    ck_assert_uint_eq(paging_find(DIRECTORY, BASE, to, 99), 0);
    // The run lies on both sides of the border, one table being missing.
    map(TABLE_END - PAGE_SIZE, 0);
    map(TABLE_END - 2 * PAGE_SIZE, 0);
    ck_assert_uint_eq(paging_find(DIRECTORY, BASE, to, 100),
                      TABLE_END - PAGE_SIZE);
    ck_assert_uint_eq(paging_find(DIRECTORY, BASE, to, 101), 0);
}
END_TEST

// The slow way: every start, every page.
static u32
find_slowly(u32 from, u32 to, u32 pages)
{
    for (u32 va = from + PAGE_SIZE; va + pages * PAGE_SIZE < to;
         va += PAGE_SIZE)
        if (paging_free(DIRECTORY, va - PAGE_SIZE, pages + 2))
            return va;
    return 0;
}

// Is the first run found whatever is mapped, with tables and without?
START_TEST(any_pattern)
{
    add_table(BASE);
    add_table(TABLE_END + TABLE_SPAN); // the one between them is missing
    srand(1);
    for (u32 round = 0; round < 300; round++) {
        u32 from = TABLE_END - (u32)(rand() % 40) * PAGE_SIZE;
        u32 to = TABLE_END + TABLE_SPAN + (u32)(rand() % 40) * PAGE_SIZE;
        u32 pages = 1 + (u32)rand() % (round % 3 == 0 ? 1100 : 12);

        for (u32 i = 1; i <= 40; i++) {
            map(TABLE_END - i * PAGE_SIZE, rand() % 6 == 0 ? PTE_PRESENT : 0);
            map(TABLE_END + TABLE_SPAN + (i - 1) * PAGE_SIZE,
                rand() % 6 == 0 ? PTE_PRESENT : 0);
        }
        ck_assert_uint_eq(paging_find(DIRECTORY, from, to, pages),
                          find_slowly(from, to, pages));
    }
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {entry,  missing,     free_range,
                                 guards, any_pattern, NULL};
    const struct suite suite = {
        .name = "paging", .open = start, .close = fake_close, .test = test};

    return suite_run(&suite);
}

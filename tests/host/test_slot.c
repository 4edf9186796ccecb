// test_slot.c -- does a slot hold the tables of its save, stale pages and all?
#include <string.h>

#include "plate/slot.h"
#include "program.h"
#include "suite.h"

#define TABLE TABLE_VSPACE // a table that nothing here changes by itself

static struct plates *
plates(void)
{
    return &kernel()->plates;
}

static void
start(void)
{
    program_open();
    slot_fill(plates());
}

// The table's first reserved word, live and in a slot.
static u32 *
live(void)
{
    return &((struct table *)kernel_at(kernel_layout()->table_va[TABLE]))
                ->reserved[8];
}

static u32
saved(u32 slot)
{
    const struct table *table =
        ram_at(kernel_layout()->slot_table_pa[slot][TABLE]);

    return table->reserved[8];
}

static const char *
check(u32 generation)
{
    return slot_check(kernel_layout(), KERNEL_BUILD, generation);
}

// Does a page that changed before one save reach the other slot at the next?
START_TEST(two_generations)
{
    // Enabling filled the first one's slot, and that one only.
    ck_assert_uint_eq(slot_write(plates(), 1), 0);
    ck_assert_uint_eq(slot_write(plates(), 2), kernel_layout()->slot_pages);
    poke_word(live(), 3);
    ck_assert_uint_eq(slot_write(plates(), 3), 1);
    ck_assert_uint_eq(saved(1), 3);
    ck_assert_uint_eq(saved(0), 0); // save 2 as it was
    ck_assert_uint_eq(slot_write(plates(), 4), 1);
    ck_assert_uint_eq(saved(0), 3);
    ck_assert_uint_eq(slot_write(plates(), 5), 0);
    poke_word(live(), 6);
    ck_assert_uint_eq(slot_write(plates(), 6), 1);
    poke_word(live(), 7);
    ck_assert_uint_eq(slot_write(plates(), 7), 1);
    ck_assert_uint_eq(saved(0), 6);
    ck_assert_uint_eq(saved(1), 7);
    ck_assert_uint_eq(slot_write(plates(), 8), 1);
    ck_assert_ptr_null(check(7));
    ck_assert_ptr_null(check(8));
}
END_TEST

// Is a slot known by generation, build and sizes?
START_TEST(header)
{
    struct nv_slot *slot = slot_at(kernel_layout(), 1);

    ck_assert_ptr_nonnull(check(1));
    slot_write(plates(), 1);
    ck_assert_ptr_null(check(1));
    ck_assert_ptr_nonnull(strstr(check(3), "another save"));
    ck_assert_ptr_nonnull(strstr(check(2), "no header"));
    ck_assert_ptr_nonnull(
        strstr(slot_check(kernel_layout(), KERNEL_BUILD + 1, 1), "no header"));
    slot->page_sum[SLOT_PAGES_MAX - 1] ^= 1;
    ck_assert_ptr_nonnull(strstr(check(1), "header is damaged"));
    slot->page_sum[SLOT_PAGES_MAX - 1] ^= 1;
    *((u8 *)ram_at(kernel_layout()->slot_table_pa[1][TABLE_PLATE]) + 4095) ^= 1;
    ck_assert_ptr_nonnull(strstr(check(1), "a table in its slot"));
}
END_TEST

// Do the live tables come back as they were, and their checksum with them?
START_TEST(load)
{
    u32 crc;

    poke_word(live(), 1);
    slot_write(plates(), 1);
    crc = slot_live_crc(kernel_layout());
    poke_word(live(), 2);
    slot_write(plates(), 2);
    ck_assert_uint_ne(slot_live_crc(kernel_layout()), crc);
    slot_load(kernel_layout(), 1);
    ck_assert_uint_eq(*live(), 1);
    ck_assert_uint_eq(slot_live_crc(kernel_layout()), crc);
    slot_load(kernel_layout(), 2);
    ck_assert_uint_eq(*live(), 2);
}
END_TEST

// After a restore: is the slot that was loaded fresh, the other one not?
START_TEST(fresh)
{
    u32 pages = kernel_layout()->slot_pages;

    slot_write(plates(), 1);
    slot_write(plates(), 2);
    slot_fresh(plates(), 2);
    ck_assert_uint_eq(slot_write(plates(), 3), pages);
    ck_assert_uint_eq(slot_write(plates(), 4), 0);
    slot_fresh(plates(), 3);
    ck_assert_uint_eq(slot_write(plates(), 4), pages);
    ck_assert_uint_eq(slot_write(plates(), 5), 0);
    ck_assert_ptr_null(check(4));
    ck_assert_ptr_null(check(5));
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {two_generations, header, load, fresh, NULL};
    const struct suite suite = {
        .name = "slot", .open = start, .close = fake_close, .test = test};

    return suite_run(&suite);
}

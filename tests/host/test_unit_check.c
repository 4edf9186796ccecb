// test_unit_check.c -- does the checker of permanent units find each fault?
#include <string.h>

#include "suite.h"
#include "units.h"

static void
ck_noticed(u32 *where, u32 value, const char *invariant)
{
    u32 good = *where;

    ck_assert_ptr_null(units_wrong());
    *where = value;
    ck_assert_ptr_nonnull(units_wrong());
    ck_assert_msg(strncmp(units_wrong(), invariant, strlen(invariant)) == 0,
                  "%s expected, not: %s", invariant, units_wrong());
    *where = good;
}

// U1: do units that leave the map or overlap get noticed?
START_TEST(u1)
{
    struct punit_entry *a = units_entry(units_create_written(5));
    struct punit_entry *b = units_entry(units_create_written(7));
    struct punit_entry *c = units_entry(units_create_written(2));
    u32 *high = &units.head->high;

    ck_noticed(high, MAP_PAGES + 1, "U1");
    ck_noticed(high, 0xffffffff, "U1");
    ck_noticed(high, 13, "U1");
    ck_noticed(high, 11, "U1");
    ck_noticed(&c->pages, 3, "U1");
    ck_noticed(&c->pages, 0xffffffff, "U1");
    ck_noticed(&c->pages, 0, "U1");
    ck_noticed(&c->first, 13, "U1");
    ck_noticed(&c->first, 15, "U1");
    ck_noticed(&c->first, 0xffffffff, "U1");
    ck_noticed(&c->first, 11, "U1"); // begins within another
    ck_noticed(&c->first, 0, "U1");  // begins where another does
    ck_noticed(&a->pages, 6, "U1");  // ends within another
    ck_noticed(&b->pages, 9, "U1");  // holds another
    ck_noticed(&units.head->table.magic, 0, "a management table");
    ck_assert_ptr_null(units_wrong());
}
END_TEST

// U2: is a head noticed that does not fit its units, or the partition?
START_TEST(u2)
{
    struct punit_entry *b;

    units_create_written(5);
    b = units_entry(units_create_written(7));
    ck_noticed(&units.head->pages, 11, "U2");
    ck_noticed(&units.head->pages, 13, "U2");
    ck_noticed(&units.head->room, 11, "U2");
    ck_noticed(&units.head->room, BLOCKS + 1, "U2");
    ck_noticed(&b->pages, 6, "U2");
    units.head->room = 12;
    ck_assert_ptr_null(units_wrong());
    units.head->room = BLOCKS;
    ck_assert_ptr_null(units_wrong());
}
END_TEST

// U3: are blocks noticed that are outside the partition or in use twice?
START_TEST(u3)
{
    rid a = units_create_written(5);
    rid b = units_create_written(7);
    u32 *block = &punit_map(&units, b)[6].block;

    ck_noticed(block, 1, "U3");
    ck_noticed(block, DISK_DATA_BLOCK - 1, "U3");
    ck_noticed(block, BLOCKS, "U3");
    ck_noticed(block, 0xffffffff, "U3"); // a page still to be written
    ck_noticed(block, punit_map(&units, b)[0].block, "U3");
    ck_noticed(block, punit_map(&units, a)[0].block, "U3");
    *block = BLOCKS - 1;
    ck_assert_ptr_null(units_wrong());
    // Any number of pages may be zeros.
    *block = 0;
    punit_map(&units, a)[1].block = 0;
    ck_assert_ptr_null(units_wrong());
}
END_TEST

// Does the checker tell just the blocks that units name?
START_TEST(bitmap)
{
    rid id = units_create(3);

    punit_map(&units, id)[0].block = 35;
    punit_map(&units, id)[2].block = 64;
    punit_delete(&units, units_create_written(4));
    ck_assert_ptr_null(units_wrong());
    for (u32 i = 0; i < ARRAY_LEN(units_bitmap); i++)
        ck_assert_uint_eq(units_bitmap[i], i == 1 ? 1u << 3 : i == 2);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {u1, u2, u3, bitmap, NULL};
    const struct suite suite = {.name = "unit_check",
                                .open = units_open,
                                .close = units_close,
                                .test = test};

    return suite_run(&suite);
}

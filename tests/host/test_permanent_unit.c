// test_permanent_unit.c -- does every permanent unit keep its own map?
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "suite.h"
#include "tender/id.h"
#include "tender/table.h"
#include "units.h"

// Are new units empty and counted, and is nothing left of deleted ones?
START_TEST(create_and_delete)
{
    rid a = units_create_written(5);
    rid b = units_create_written(7);

    ck_assert_uint_eq(rid_kind(a), KIND_PUNIT);
    ck_assert_ptr_null(units_wrong());
    ck_assert_uint_eq(units.head->pages, 12);
    ck_assert_uint_eq(units.head->high, 12);
    punit_delete(&units, a);
    ck_assert_ptr_null(units_wrong());
    ck_assert(units_whole(b));
    ck_assert_uint_eq(units.head->pages, 7);
    punit_delete(&units, b);
    ck_assert_ptr_null(units_wrong());
    ck_assert_uint_eq(units.head->high, 5); // where the last unit began
    ck_assert_uint_eq(units.head->pages, 0);
    ck_assert_uint_eq(units.head->table.used, 0);
    // What the map says of them is forgotten, too.
    punit_delete(&units, units_create(DATA));
    ck_assert_ptr_null(units_wrong());
}
END_TEST

// Is what does not fit refused, and nothing changed by it?
START_TEST(capacity)
{
    ck_assert_int_eq(punit_create(&units, RID_NONE, 0), E_ARGUMENT);
    ck_assert_int_eq(punit_create(&units, RID_NONE, DATA + 1), E_UNITS);
    ck_assert_int_eq(punit_create(&units, RID_NONE, 0xffffffff), E_UNITS);
    rid a = units_create_written(DATA - 3);

    ck_assert_int_eq(punit_create(&units, RID_NONE, 4), E_UNITS);
    ck_assert_int_eq(punit_create(&units, RID_NONE, 0u - (DATA - 3)), E_UNITS);
    units_create_written(3);
    ck_assert_int_eq(punit_create(&units, RID_NONE, 1), E_UNITS);
    ck_assert_uint_eq(units.head->pages, DATA);
    ck_assert_uint_eq(units.head->table.used, 2);
    ck_assert(units_whole(a));
    ck_assert_ptr_null(units_wrong());
}
END_TEST

// Is the map's size a limit, too, when the partition is larger?
START_TEST(map_capacity)
{
    units.head->room = BLOCKS;
    ck_assert_int_eq(punit_create(&units, RID_NONE, MAP_PAGES + 1), E_UNITS);
    units_create_written(MAP_PAGES - 1);
    ck_assert_int_eq(punit_create(&units, RID_NONE, 2), E_UNITS);
    units_create_written(1);
    ck_assert_int_eq(punit_create(&units, RID_NONE, 1), E_UNITS);
    ck_assert_ptr_null(units_wrong());
}
END_TEST

// Is a partition that has become too small no reason to make units?
START_TEST(shrunk)
{
    units_create_written(10);
    units.head->room = 9;
    ck_assert_int_eq(punit_create(&units, RID_NONE, 1), E_UNITS);
    ck_assert_int_eq(punit_create(&units, RID_NONE, 0xfffffff0), E_UNITS);
}
END_TEST

// Is a full table refused, and an entry used again?
START_TEST(table_full)
{
    rid id[UNITS];

    for (u32 i = 0; i < UNITS; i++)
        id[i] = units_create_written(2);
    ck_assert_int_eq(punit_create(&units, RID_NONE, 1), E_TABLE);
    ck_assert_ptr_null(units_wrong());
    punit_delete(&units, id[2]);
    rid again = units_create_written(2);

    ck_assert_uint_eq(rid_index(again), rid_index(id[2]));
    ck_assert_uint_ne(again, id[2]);
    ck_assert_int_eq(punit_create(&units, RID_NONE, 1), E_TABLE);
    ck_assert_ptr_null(units_wrong());
}
END_TEST

// Are gaps in the map closed when there is no room above them, and do the units
// that move take their maps along?
START_TEST(compaction)
{
    rid a = units_create_written(6);
    rid b = units_create_written(9);
    rid c = units_create_written(3);
    rid d = units_create_written(13);

    punit_delete(&units, a);
    punit_delete(&units, c);
    rid e = units_create_written(8); // in the entry of c, above all others
    ck_assert_uint_eq(units_entry(e)->first, 31);
    ck_assert_uint_eq(units_entry(d)->first, 18);
    rid f = units_create_written(4); // has no room before the gaps are closed

    ck_assert_uint_eq(units_entry(b)->first, 0);
    ck_assert_uint_eq(units_entry(d)->first, 9);
    ck_assert_uint_eq(units_entry(e)->first, 22);
    ck_assert_uint_eq(units_entry(f)->first, 30);
    ck_assert_uint_eq(units.head->high, 34);
    ck_assert(units_whole(b) && units_whole(d) && units_whole(e) &&
              units_whole(f));
    ck_assert_ptr_null(units_wrong());
}
END_TEST

// Do units keep their maps whatever else comes and goes?
START_TEST(many)
{
    rid id[UNITS] = {0};
    u32 refused = 0;

    srand(1);
    for (u32 i = 0; i < 20000; i++) {
        u32 n = (u32)rand() % UNITS;
        u32 pages = 1 + (u32)rand() % 15;

        next_block = DISK_DATA_BLOCK + n * MAP_PAGES;
        if (id[n] != RID_NONE) {
            punit_delete(&units, id[n]);
            id[n] = RID_NONE;
        } else if (pages <= DATA - units.head->pages) {
            id[n] = units_create_written(pages);
        } else {
            ck_assert_int_eq(punit_create(&units, RID_NONE, pages), E_UNITS);
            refused++;
        }
        for (n = 0; n < UNITS; n++)
            ck_assert(id[n] == RID_NONE || units_whole(id[n]));
        ck_assert_ptr_null(units_wrong());
    }
    ck_assert_uint_gt(refused, 100);
}
END_TEST

// Are the kernel's own calls checked, and a program's refused?
START_TEST(by_gate)
{
    struct call call = {
        KIND_ID(KIND_PROCESS) + 1, KIND_ID(KIND_PUNIT), OP_CREATE, {0, 1}};
    int id = gate_create(&units_gate, KIND_PUNIT, NULL, 3, 0, 0, 0);

    ck_assert_int_gt(id, 0);
    ck_assert_uint_eq(punit_pages(&units, (rid)id), 3);
    ck_assert_int_eq(gate_call(&units_gate, &call), E_KERNEL);
    call.target = (rid)id;
    call.op = OP_DELETE;
    ck_assert_int_eq(gate_call(&units_gate, &call), E_KERNEL);
    ck_assert_int_eq(gate_create(&units_gate, KIND_PUNIT, NULL, 0, 0, 0, 0),
                     E_ARGUMENT);
    // A word of the host may be longer than a number of pages.
    ck_assert_int_eq(gate_create(&units_gate, KIND_PUNIT, NULL,
                                 (word)-1 - 0xffffff, 0, 0, 0),
                     E_ARGUMENT);
    ck_assert_int_eq(gate_delete(&units_gate, (rid)id), 0);
    ck_assert_int_eq(gate_delete(&units_gate, (rid)id), E_ID);
    ck_assert_uint_eq(units.head->pages, 0);
}
END_TEST

// Does a unit say how much of it is on the disk?
START_TEST(described)
{
    struct resource_info info = {0};
    rid id = units_create(4);

    units_gate.kind[KIND_PUNIT].describe(&units, &units_entry(id)->res, &info);
    ck_assert_str_eq(info.state, "zeros");
    ck_assert_uint_eq(info.detail[0], 4);
    memset(&info, 0, sizeof(info));
    punit_map(&units, id)[0].block = 70;
    punit_map(&units, id)[3].block = 71;
    units_gate.kind[KIND_PUNIT].describe(&units, &units_entry(id)->res, &info);
    ck_assert_str_eq(info.state, "on disk");
    ck_assert_uint_eq(info.detail[1], 70);
    ck_assert_uint_eq(info.detail[2], 2);
}
END_TEST

static void
delete_stale(void *arg)
{
    punit_delete(&units, *(rid *)arg);
}

// Is what the kernel itself must not do caught?
START_TEST(misuse)
{
    rid id = units_create(1);

    punit_delete(&units, id);
    ck_assert_int_eq(fake_run(delete_stale, &id), FAKE_FAILED);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {
        create_and_delete, capacity,   map_capacity, shrunk,
        table_full,        compaction, many,         by_gate,
        described,         misuse,     NULL};
    const struct suite suite = {.name = "permanent_unit",
                                .open = units_open,
                                .close = units_close,
                                .test = test};

    return suite_run(&suite);
}

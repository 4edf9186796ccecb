// test_region.c -- are regions made, parked and deleted only as they may be?
#include "program.h"
#include "suite.h"
#include "tender/table.h"

static int
create(rid caller, const char *name, u32 bytes)
{
    return program_call(caller, OP_CREATE, KIND_ID(KIND_REGION), (word)name,
                        bytes, 0, 0);
}

static struct region_entry *
get(int id)
{
    ck_assert_int_gt(id, 0);
    return region_get(&kernel()->regions, (rid)id);
}

// Is the size rounded up to pages, and refused when it is 0 or absurd?
START_TEST(sizes)
{
    u32 before = program_free();

    ck_assert_int_eq(create(PROGRAM, NULL, 0), E_ARGUMENT);
    ck_assert_int_eq(create(PROGRAM, NULL, 0x40000001), E_ARGUMENT);
    ck_assert_int_eq(create(PROGRAM, NULL, 0xffffffff), E_ARGUMENT);
    ck_assert_int_lt(create(PROGRAM, NULL, 0x40000000), 0);
    ck_assert_int_eq(create(PROGRAM, NULL, (before + 1) * PAGE_SIZE), E_MEMORY);
    ck_assert_uint_eq(program_free(), before);
    ck_assert_uint_eq(get(create(PROGRAM, NULL, 1))->pages, 1);
    ck_assert_uint_eq(get(create(PROGRAM, NULL, PAGE_SIZE))->pages, 1);
    ck_assert_uint_eq(get(create(PROGRAM, NULL, PAGE_SIZE + 1))->pages, 2);
    ck_assert_uint_eq(program_free(), before - 4);
    program_ck_whole();
}
END_TEST

// Are names unique, and a full table refused with its memory given back?
START_TEST(names)
{
    const struct table *table = kernel()->regions.table;
    int id = create(RID_NONE, "r", 1);
    u32 before;

    ck_assert_int_gt(id, 0);
    ck_assert_int_eq(create(RID_NONE, "r", 1), E_EXISTS);
    while (table->used < table->capacity)
        ck_assert_int_gt(create(RID_NONE, NULL, 1), 0);
    before = program_free();
    ck_assert_int_eq(create(RID_NONE, NULL, 1), E_TABLE);
    ck_assert_uint_eq(program_free(), before);
    ck_assert_int_eq(gate_delete(&kernel()->gate, (rid)id), 0);
    ck_assert_int_gt(create(RID_NONE, "r", 1), 0);
    program_ck_whole();
}
END_TEST

// May only its owner delete it, and not while it is attached?
START_TEST(deletion)
{
    u32 before = program_free();
    int id = create(PROGRAM, NULL, 3 * PAGE_SIZE);
    int space;

    ck_assert_int_gt(id, 0);
    space = program_call(PROGRAM, OP_CREATE, KIND_ID(KIND_VUSPACE), 0, (rid)id,
                         0, 0);
    ck_assert_int_gt(space, 0);
    before -= program_call(PROGRAM, OP_CONTROL, (rid)space, VU_SIZE, 0, 0, 0) ==
                      3 * PAGE_SIZE
                  ? 1
                  : 0; // a page table stays
    ck_assert_int_eq(program_call(PROGRAM, OP_DELETE, (rid)id, 0, 0, 0, 0),
                     E_ATTACHED);
    ck_assert_int_eq(gate_delete(&kernel()->gate, (rid)id), E_ATTACHED);
    ck_assert_int_eq(gate_delete(&kernel()->gate, (rid)space), 0);
    program_stranger_opened((rid)id);
    ck_assert_int_eq(program_call(STRANGER, OP_DELETE, (rid)id, 0, 0, 0, 0),
                     E_RIGHT);
    ck_assert_int_eq(program_call(PROGRAM, OP_DELETE, (rid)id, 0, 0, 0, 0), 0);
    ck_assert_int_eq(program_call(PROGRAM, OP_DELETE, (rid)id, 0, 0, 0, 0),
                     E_ID);
    ck_assert_uint_eq(program_free(), before);
    program_ck_whole();
}
END_TEST

// Is a region taken out of where it is parked, and of nowhere else?
START_TEST(unpark)
{
    struct regions *regions = &kernel()->regions;
    struct gate *gate = &kernel()->gate;
    struct region_entry *e = get(create(RID_NONE, NULL, 1));
    u32 spaces = kernel()->vk.table->used;

    ck_assert_int_eq(region_unpark(regions, e), 0); // it is nowhere
    for (u32 parked = 0; parked < 2; parked++) {
        int id = gate_create(gate, KIND_VKSPACE, NULL, 0,
                             SPACE_WRITABLE | (parked ? SPACE_PARKED : 0),
                             e->res.id, 0);

        ck_assert_int_gt(id, 0);
        ck_assert_int_eq(region_unpark(regions, e), parked ? 0 : E_ATTACHED);
        if (parked)
            break;
        space_remove(&kernel()->vk, plate_space(&kernel()->plates, (rid)id));
    }
    ck_assert_uint_eq(e->attached, RID_NONE);
    ck_assert_uint_eq(kernel()->vk.table->used, spaces);
    // Deleting does the same by itself.
    ck_assert_int_gt(
        gate_create(gate, KIND_VKSPACE, NULL, 0, SPACE_PARKED, e->res.id, 0),
        0);
    ck_assert_int_eq(gate_delete(gate, e->res.id), 0);
    ck_assert_uint_eq(kernel()->vk.table->used, spaces);
    program_ck_whole();
}
END_TEST

// May a program attach what a save has parked, and is it plated again?
START_TEST(parked_by_save)
{
    int id = create(PROGRAM, NULL, PAGE_SIZE);
    struct region_entry *e = get(id);

    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    ck_assert_int_eq(kernel_save(), 0);
    ck_assert_uint_eq(rid_kind(e->attached), KIND_VKSPACE);
    ck_assert_int_gt(program_call(PROGRAM, OP_CREATE, KIND_ID(KIND_VUSPACE), 0,
                                  (rid)id, 0, 0),
                     0);
    ck_assert_uint_eq(rid_kind(e->attached), KIND_VUSPACE);
    ck_assert_uint_eq(kernel()->plates.head->pending, 1);
    ck_assert_int_eq(kernel_save(), 0);
    ck_assert_uint_eq(kernel()->plates.head->pending, 0);
    program_ck_whole();
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {sizes,  names,          deletion,
                                 unpark, parked_by_save, NULL};
    const struct suite suite = {.name = "region",
                                .open = program_open,
                                .close = fake_close,
                                .test = test};

    return suite_run(&suite);
}

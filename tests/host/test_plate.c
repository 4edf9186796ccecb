// test_plate.c -- may a program have its memory kept, and no more than that?
#include <string.h>

#include "plate/enable.h"
#include "plate/status.h"
#include "program.h"
#include "suite.h"
#include "tender/table.h"

static u32 va; // of the program's memory
static rid mine;

static int
attach(u32 pages)
{
    int region = program_call(PROGRAM, OP_CREATE, KIND_ID(KIND_REGION), 0,
                              pages * PAGE_SIZE, 0, 0);

    if (region < 0)
        return region;
    return program_call(PROGRAM, OP_CREATE, KIND_ID(KIND_VUSPACE), 0,
                        (rid)region, 0, VU_WRITABLE);
}

static void
start(void)
{
    int id;

    program_open();
    id = attach(2);
    ck_assert_int_gt(id, 0);
    mine = (rid)id;
    va = (u32)program_call(PROGRAM, OP_CONTROL, mine, VU_ADDRESS, 0, 0, 0);
}

static int
create(rid caller, rid space)
{
    return program_call(caller, OP_CREATE, KIND_ID(KIND_PLATE), 0, space, 0, 0);
}

static rid
plate_of(rid space)
{
    return plate_space(&kernel()->plates, space)->plate;
}

// Is each reason against a plate told, the rights before the rest?
START_TEST(refusals)
{
    rid data = table_find(kernel()->vk.table, "kernel/data")->id;
    rid table = table_find(kernel()->vk.table, "table/plate")->id;
    int other;

    ck_assert_int_eq(create(PROGRAM, mine), E_OCC_OFF);
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    ck_assert_int_eq(create(PROGRAM, mine), E_EXISTS);
    ck_assert_int_eq(create(PROGRAM, RID_NONE), E_ID);
    ck_assert_int_eq(create(PROGRAM, 0xffffffff), E_ID);
    ck_assert_int_eq(create(PROGRAM, mine + (1u << 14)), E_ID);
    ck_assert_int_eq(create(PROGRAM, data), E_RIGHT);
    ck_assert_int_eq(create(PROGRAM, table), E_RIGHT);
    ck_assert_int_eq(create(RID_NONE, table), E_BUSY);
    other = attach(1);
    ck_assert_int_gt(other, 0);
    ck_assert_int_eq(create(STRANGER, (rid)other), E_RIGHT);
    program_stranger_opened((rid)other);
    ck_assert_int_gt(create(STRANGER, (rid)other), 0);
    program_ck_whole();
}
END_TEST

// Does READ tell the program what is changed, and check where it writes?
START_TEST(reading)
{
    struct plate_info info;
    rid plate;
    u32 value = 1;

    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    plate = plate_of(mine);
    ck_assert_int_eq(
        program_call(PROGRAM, OP_READ, plate, va, sizeof(info), 0, 0),
        sizeof(info));
    ck_assert_uint_eq(
        fake_user_read(kernel()->directory, va, &info, sizeof(info)), 0);
    ck_assert_uint_eq(info.space, mine);
    ck_assert_uint_eq(info.va, va);
    ck_assert_uint_eq(info.pages, 2);
    ck_assert_uint_eq(info.dirty_pages, 0); // before this very answer
    ck_assert_uint_eq(
        fake_user_write(kernel()->directory, va + PAGE_SIZE, &value, 4), 0);
    program_call(PROGRAM, OP_READ, plate, va, sizeof(info), 0, 0);
    fake_user_read(kernel()->directory, va, &info, sizeof(info));
    ck_assert_uint_eq(info.dirty_pages, 2);
    ck_assert_int_eq(
        program_call(PROGRAM, OP_READ, plate, va, sizeof(info) - 1, 0, 0),
        E_ARGUMENT);
    ck_assert_int_eq(
        program_call(PROGRAM, OP_READ, plate, 0, sizeof(info), 0, 0),
        E_POINTER);
    ck_assert_int_eq(program_call(PROGRAM, OP_READ, plate, KERNEL_DATA_VA,
                                  sizeof(info), 0, 0),
                     E_POINTER);
    ck_assert_int_eq(
        program_call(STRANGER, OP_READ, plate, va, sizeof(info), 0, 0),
        E_RIGHT);
    ck_assert_int_eq(
        gate_call(&kernel()->gate, &(struct call){0,
                                                  KIND_ID(KIND_PLATE),
                                                  OP_READ,
                                                  {0, sizeof(info), 0, 0, 0}}),
        E_ID);
}
END_TEST

// May only the owner give a plate up, and does the space go on without it?
START_TEST(deletion)
{
    u32 value = 3;
    rid plate;

    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    ck_assert_int_eq(kernel_save(), 0);
    plate = plate_of(mine);
    program_stranger_opened(plate);
    ck_assert_int_eq(program_call(STRANGER, OP_DELETE, plate, 0, 0, 0, 0),
                     E_RIGHT);
    ck_assert_int_eq(program_call(PROGRAM, OP_DELETE, plate, 0, 0, 0, 0), 0);
    ck_assert_int_eq(program_call(PROGRAM, OP_DELETE, plate, 0, 0, 0, 0), E_ID);
    ck_assert_uint_eq(plate_of(mine), RID_NONE);
    ck_assert_uint_eq(kernel()->plates.head->pending, 1);
    ck_assert_uint_eq(fake_user_write(kernel()->directory, va, &value, 4), 0);
    program_ck_whole();
    ck_assert_int_eq(kernel_save(), 0);
    ck_assert_uint_ne(plate_of(mine), RID_NONE);
    ck_assert_uint_eq(kernel()->plates.head->pending, 0);
    program_ck_whole();
}
END_TEST

// P4: does a program that makes and deletes plates for ever neither fill the
// pending-delete table nor hold memory that only a save would free?
START_TEST(pending_limit)
{
    const struct plate_head *head = kernel()->plates.head;
    u32 free_frames;

    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    ck_assert_int_eq(kernel_save(), 0);
    ck_assert_int_eq(
        program_call(PROGRAM, OP_DELETE, plate_of(mine), 0, 0, 0, 0), 0);
    ck_assert_uint_eq(head->pending, 1); // a save names its areas
    free_frames = program_free();
    for (u32 i = 0; i < 2 * head->table.capacity; i++) {
        ck_assert_int_gt(create(PROGRAM, mine), 0);
        ck_assert_uint_lt(program_free(), free_frames);
        ck_assert_int_eq(
            program_call(PROGRAM, OP_DELETE, plate_of(mine), 0, 0, 0, 0), 0);
        ck_assert_uint_eq(head->pending, 1); // none names these
        ck_assert_uint_eq(program_free(), free_frames);
    }
    program_ck_whole();
    ck_assert_int_eq(kernel_save(), 0);
    ck_assert_uint_eq(head->pending, 0);
    program_ck_whole();
}
END_TEST

// Does a plate made before a save that was refused still count as new?
START_TEST(refused_save)
{
    const struct plate_head *head = kernel()->plates.head;
    rid hog;
    int id;

    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    ck_assert_int_eq(kernel_save(), 0);
    id = attach(3);
    ck_assert_int_gt(id, 0);
    hog = (rid)gate_create(&kernel()->gate, KIND_REGION, NULL,
                           (program_free() - 40) * PAGE_SIZE, 0, 0, 0);
    ck_assert_int_lt(kernel_save(), 0);
    ck_assert_int_eq(gate_delete(&kernel()->gate, (rid)id), 0);
    ck_assert_uint_eq(head->pending, 0);
    ck_assert_int_eq(gate_delete(&kernel()->gate, hog), 0);
    ck_assert_uint_eq(head->pending, 0);
    program_ck_whole();
    ck_assert_int_eq(kernel_save(), 0);
}
END_TEST

// Is a save refused that would need more plates than the table has?
START_TEST(full_table)
{
    const struct plate_head *head = kernel()->plates.head;

    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    ck_assert_int_eq(kernel_save(), 0);
    for (u32 i = head->table.used; i <= head->table.capacity; i++)
        ck_assert_int_gt(attach(1), 0);
    ck_assert_int_eq(kernel_save(), E_TABLE);
    program_ck_whole();
    program_boot(OUTCOME_RESTORE);
    program_ck_whole();
}
END_TEST

// Does copying count what changed, and putting back undo it?
START_TEST(copies)
{
    struct plates *p = &kernel()->plates;
    struct plate_entry *plate;
    u32 value = 1;
    u32 copied;

    fake_user_write(kernel()->directory, va, &value, 4);
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    plate = (void *)table_get(&p->head->table, plate_of(mine));
    ck_assert_uint_eq(plate_count_changed(p, plate), 0);
    for (value = 2; value < 5; value++) { // either area in turn
        fake_user_write(kernel()->directory, va, &value, 4);
        ck_assert_uint_eq(plate_count_changed(p, plate), 1);
        copied = p->copied;
        plate_copy_changed(p, plate);
        ck_assert_uint_eq(p->copied, copied + 1);
        ck_assert_uint_eq(plate_count_changed(p, plate), 0);
        fake_user_write(kernel()->directory, va, &copied, 4);
        plate_put_back(p, plate);
        fake_user_read(kernel()->directory, va, &copied, 4);
        ck_assert_uint_eq(copied, value);
    }
}
END_TEST

// Does the store write the area the bit does not name, and read the other?
START_TEST(store)
{
    struct plates *p = &kernel()->plates;
    struct plate_entry *plate;
    u32 area[2]; // physical addresses of page 1
    u32 page;
    u32 first;

    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    plate = (void *)table_get(&p->head->table, plate_of(mine));
    for (u32 a = 0; a < 2; a++)
        area[a] = fake_pte(kernel_layout()->kernel_directory_pa,
                           space_get(p->vk, plate->area[a])->va + PAGE_SIZE) &
                  ~(PAGE_SIZE - 1);
    page = fake_pte(kernel()->directory, va + PAGE_SIZE) >> PAGE_SHIFT;
    first = area[0] >> PAGE_SHIFT;
    for (u32 i = 1; i < 6; i++) {
        u32 newest = (p->rm->frame[first] & FRAME_NEWEST) != 0;
        u32 good = fake_get(area[newest]);

        fake_put(page << PAGE_SHIFT, i);
        p->store->put(p, plate, 1, page);
        ck_assert_uint_eq(fake_get(area[newest]), good); // untouched
        ck_assert_uint_eq(fake_get(area[!newest]), i);
        ck_assert_uint_eq((p->rm->frame[first] & FRAME_NEWEST) != 0, !newest);
        fake_put(page << PAGE_SHIFT, 0xffff);
        p->store->get(p, plate, 1, page);
        ck_assert_uint_eq(fake_get(page << PAGE_SHIFT), i);
    }
}
END_TEST

// Do the figures for people add up?
START_TEST(status)
{
    struct system_status s = {0};
    const struct plate_head *head = kernel()->plates.head;

    status_fill(&kernel()->plates, &s);
    ck_assert_uint_eq(s.occ_enabled | s.generation | s.plates | s.save_areas,
                      0);
    ck_assert_int_eq(enable(&kernel()->plates), (int)head->table.used);
    ck_assert_int_eq(enable(&kernel()->plates), E_OCC_ON);
    ck_assert_int_eq(kernel_save(), 0);
    ck_assert_int_eq(program_call(PROGRAM, OP_DELETE, mine, 0, 0, 0, 0), 0);
    memset(&s, 0, sizeof(s));
    status_fill(&kernel()->plates, &s);
    ck_assert_uint_eq(s.occ_enabled, 1);
    ck_assert_uint_eq(s.generation, 1);
    ck_assert_uint_eq(s.boots, 1);
    ck_assert_uint_eq(s.restored, 0);
    ck_assert_uint_eq(s.plates, head->table.used);
    ck_assert_uint_eq(s.pending, 1);
    ck_assert_uint_eq(s.save_areas, 2 * (s.plates + s.pending));
    ck_assert_uint_eq(s.memory_pages, KERNEL_PAGES);
    ck_assert_uint_eq(s.free_pages, program_free());
    ck_assert_uint_gt(s.plate_pages, 0);
    program_boot(OUTCOME_RESTORE);
    memset(&s, 0, sizeof(s));
    status_fill(&kernel()->plates, &s);
    ck_assert_uint_eq(s.boots, 2);
    ck_assert_uint_eq(s.restored, 2);
    ck_assert_int_gt(disable(&kernel()->plates), 0);
    ck_assert_int_eq(disable(&kernel()->plates), E_OCC_OFF);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {
        refusals,   reading, deletion, pending_limit, refused_save,
        full_table, copies,  store,    status,        NULL};
    const struct suite suite = {
        .name = "plate", .open = start, .close = fake_close, .test = test};

    return suite_run(&suite);
}

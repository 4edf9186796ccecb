// test_space.c -- do regions get into virtual spaces and out of them again?
#include <string.h>

#include "program.h"
#include "suite.h"
#include "vspace/paging.h"
#include "vspace/vuspace.h"

static rid
region(rid owner, u32 pages)
{
    int id = program_call(owner, OP_CREATE, KIND_ID(KIND_REGION), 0,
                          pages * PAGE_SIZE, 0, 0);

    ck_assert_int_gt(id, 0);
    return (rid)id;
}

static int
attach(rid caller, rid what, u32 va, u32 flags)
{
    return program_call(caller, OP_CREATE, KIND_ID(KIND_VUSPACE), 0, what, va,
                        flags);
}

static int
make_kernel(u32 pages, u32 flags, rid what)
{
    return gate_create(&kernel()->gate, KIND_VKSPACE, NULL, pages, flags, what,
                       0);
}

static u32
kernel_va(int id)
{
    u32 va = 0;

    ck_assert_int_gt(id, 0);
    ck_assert_int_eq(
        gate_control(&kernel()->gate, (rid)id, VK_ADDRESS, (word)&va, 0, 0), 0);
    return va;
}

// Does a kernel space begin cleared, between guard pages, and leave nothing?
START_TEST(kernel_space)
{
    u32 pd = kernel_layout()->kernel_directory_pa;
    u32 free_frames = program_free();
    u32 regions = kernel()->regions.table->used;
    int id = make_kernel(3, SPACE_WRITABLE, 0);
    u32 va = kernel_va(id);

    ck_assert_uint_ge(va, KERNEL_SPACES_VA);
    ck_assert_uint_eq(va % PAGE_SIZE, 0);
    for (u32 i = 0; i < 3 * PAGE_SIZE / 4; i++)
        ck_assert_uint_eq(peek_word((u32 *)kernel_at(va) + i), 0);
    poke_word((u32 *)kernel_at(va + 3 * PAGE_SIZE) - 1, 7);
    ck_assert_uint_eq(paging_free(pd, va - PAGE_SIZE, 1), 1);
    ck_assert_uint_eq(paging_free(pd, va + 3 * PAGE_SIZE, 1), 1);
    ck_assert_uint_eq(program_free(), free_frames - 3);
    program_ck_whole();
    ck_assert_int_eq(gate_delete(&kernel()->gate, (rid)id), 0);
    ck_assert_uint_eq(paging_free(pd, va, 3), 1);
    ck_assert_uint_eq(program_free(), free_frames);
    ck_assert_uint_eq(kernel()->regions.table->used, regions);
}
END_TEST

// Is a kernel space refused that cannot be, without a trace?
START_TEST(kernel_refused)
{
    struct gate *gate = &kernel()->gate;
    u32 free_frames = program_free();
    struct res *table = table_find(kernel()->vk.table, "table/plate");

    ck_assert_int_eq(make_kernel(0x40001, 0, 0), E_ARGUMENT);
    ck_assert_int_eq(make_kernel(0xffffffff, 0, 0), E_ARGUMENT);
    ck_assert_int_eq(make_kernel(free_frames + 1, 0, 0), E_MEMORY);
    ck_assert_int_eq(make_kernel(0, 0, RID_NONE), E_ID);
    ck_assert_int_eq(gate_create(gate, KIND_VKSPACE, "kernel/data", 1, 0, 0, 0),
                     E_EXISTS);
    ck_assert_int_eq(gate_delete(gate, table->id), E_BUSY);
    ck_assert_int_eq(gate_control(gate, table->id, 99, 0, 0, 0), E_ARGUMENT);
    ck_assert_int_eq(
        program_call(PROGRAM, OP_CREATE, KIND_ID(KIND_VKSPACE), 0, 1, 0, 0),
        E_KERNEL);
    ck_assert_int_eq(program_call(PROGRAM, OP_DELETE, table->id, 0, 0, 0, 0),
                     E_KERNEL);
    ck_assert_uint_eq(program_free(), free_frames);
    program_ck_whole();
}
END_TEST

// Is a kernel space refused for which no run of addresses is left?
START_TEST(kernel_addresses)
{
    struct vspaces *vs = &kernel()->vs;
    u32 free_frames;
    int second;

    kernel()->layout.kernel_tables = 3; // 4 MiB for spaces
    vs->next_va = KERNEL_SPACES_VA + 520 * PAGE_SIZE;
    second = make_kernel(200, SPACE_WRITABLE, 0);
    ck_assert_uint_eq(kernel_va(second), KERNEL_SPACES_VA + 521 * PAGE_SIZE);
    // The search begins again where the window begins.
    kernel_va(make_kernel(400, SPACE_WRITABLE, 0));
    free_frames = program_free();
    ck_assert_uint_gt(free_frames, 310);
    ck_assert_int_eq(make_kernel(310, SPACE_WRITABLE, 0), E_ADDRESS);
    ck_assert_uint_eq(program_free(), free_frames);
    ck_assert_int_eq(gate_delete(&kernel()->gate, (rid)second), 0);
    kernel_va(make_kernel(310, SPACE_WRITABLE, 0));
}
END_TEST

// Does parking hold a region, and deleting the parking space keep it?
START_TEST(parking)
{
    rid held = region(RID_NONE, 2);
    int id = make_kernel(0, SPACE_WRITABLE | SPACE_PARKED, held);

    poke_word(kernel_at(kernel_va(id) + PAGE_SIZE), 0x12345678);
    ck_assert_uint_eq(region_get(&kernel()->regions, held)->attached, (rid)id);
    ck_assert_int_eq(make_kernel(0, SPACE_PARKED, held), E_ATTACHED);
    program_ck_whole();
    ck_assert_int_eq(gate_delete(&kernel()->gate, (rid)id), 0);
    ck_assert_uint_eq(region_get(&kernel()->regions, held)->attached, 0);
    id = make_kernel(0, SPACE_PARKED, held);
    ck_assert_uint_eq(peek_word(kernel_at(kernel_va(id) + PAGE_SIZE)),
                      0x12345678);
}
END_TEST

// Does a program's memory stay what it was when it is attached elsewhere?
START_TEST(attach_and_detach)
{
    rid mine = region(PROGRAM, 2);
    u32 pd = kernel()->directory;
    int id = attach(PROGRAM, mine, 0, VU_WRITABLE);
    u32 va =
        (u32)program_call(PROGRAM, OP_CONTROL, (rid)id, VU_ADDRESS, 0, 0, 0);
    u32 value = 0xabcdef01;

    ck_assert_uint_ge(va, USER_BASE);
    ck_assert_int_eq(
        program_call(PROGRAM, OP_CONTROL, (rid)id, VU_SIZE, 0, 0, 0),
        2 * PAGE_SIZE);
    ck_assert_int_eq(program_call(PROGRAM, OP_CONTROL, (rid)id, 99, 0, 0, 0),
                     E_ARGUMENT);
    ck_assert_uint_eq(fake_user_write(pd, va + PAGE_SIZE, &value, 4), 0);
    ck_assert_int_eq(attach(PROGRAM, mine, 0, 0), E_ATTACHED);
    ck_assert_int_eq(program_call(PROGRAM, OP_DELETE, (rid)id, 0, 0, 0, 0), 0);
    ck_assert_uint_eq(fake_user_read(pd, va + PAGE_SIZE, &value, 4),
                      va + PAGE_SIZE);
    ck_assert_int_gt(attach(PROGRAM, mine, 0x40000000, 0), 0);
    value = 0;
    ck_assert_uint_eq(fake_user_read(pd, 0x40001000, &value, 4), 0);
    ck_assert_uint_eq(value, 0xabcdef01);
    ck_assert_uint_eq(fake_user_write(pd, 0x40001000, &value, 4), 0x40001000);
    program_ck_whole();
}
END_TEST

// Are addresses refused that are no user's, or not free?
START_TEST(addresses)
{
    rid mine = region(PROGRAM, 2);

    ck_assert_int_gt(attach(PROGRAM, region(PROGRAM, 1), 0x40000000, 0), 0);
    ck_assert_int_eq(attach(PROGRAM, mine, 0x40000000, 0), E_ADDRESS);
    ck_assert_int_eq(attach(PROGRAM, mine, 0x40000000 - PAGE_SIZE, 0),
                     E_ADDRESS);
    ck_assert_int_eq(attach(PROGRAM, mine, 0x40001001, 0), E_ARGUMENT);
    ck_assert_int_eq(attach(PROGRAM, mine, USER_END - PAGE_SIZE, 0),
                     E_ARGUMENT);
    ck_assert_int_eq(attach(PROGRAM, mine, USER_END, 0), E_ARGUMENT);
    ck_assert_int_eq(attach(PROGRAM, mine, KERNEL_DATA_VA, 0), E_ARGUMENT);
    ck_assert_int_eq(attach(PROGRAM, mine, 0xfffff000, 0), E_ARGUMENT);
    ck_assert_int_eq(attach(PROGRAM, mine, 0x50000000, 2), E_ARGUMENT);
    ck_assert_int_eq(attach(PROGRAM, mine, USER_BASE - 1, 0), E_ARGUMENT);
    ck_assert_uint_eq(region_get(&kernel()->regions, mine)->attached, 0);
    ck_assert_int_gt(attach(PROGRAM, mine, USER_END - 2 * PAGE_SIZE, 0), 0);
    ck_assert_int_gt(attach(PROGRAM, region(PROGRAM, 1), USER_BASE, 0), 0);
    program_ck_whole();
}
END_TEST

// Must the region be the caller's own, or opened by it?
START_TEST(rights)
{
    rid kernels = region(RID_NONE, 1);
    rid mine = region(PROGRAM, 1);
    int id;

    ck_assert_int_eq(attach(PROGRAM, kernels, 0, 0), E_RIGHT);
    ck_assert_int_eq(attach(PROGRAM, RID_NONE, 0, 0), E_ID);
    ck_assert_int_eq(attach(PROGRAM, mine + (1u << 14), 0, 0), E_ID);
    ck_assert_int_eq(attach(PROGRAM, kernel()->vspace, 0, 0), E_ID);
    ck_assert_int_eq(attach(STRANGER, mine, 0, 0), E_RIGHT);
    program_stranger_opened(mine);
    ck_assert_int_eq(attach(STRANGER, mine, 0, 0), E_ID); // has no space
    id = attach(PROGRAM, mine, 0, 0);
    ck_assert_int_gt(id, 0);
    ck_assert_int_eq(program_call(STRANGER, OP_DELETE, (rid)id, 0, 0, 0, 0),
                     E_RIGHT);
    ck_assert_int_eq(
        program_call(STRANGER, OP_CONTROL, (rid)id, VU_SIZE, 0, 0, 0), E_RIGHT);
    program_stranger_opened((rid)id); // to use, not to delete
    ck_assert_int_eq(
        program_call(STRANGER, OP_CONTROL, (rid)id, VU_SIZE, 0, 0, 0),
        PAGE_SIZE);
    ck_assert_int_eq(program_call(STRANGER, OP_DELETE, (rid)id, 0, 0, 0, 0),
                     E_RIGHT);
}
END_TEST

// Does the gate copy for a process from and to its own space only?
START_TEST(copying)
{
    struct spaces *vu = &kernel()->vu;
    u32 value = 77;

    ck_assert_int_gt(attach(PROGRAM, region(PROGRAM, 1), 0x40000000, 1), 0);
    ck_assert_int_eq(vuspace_copy_out(vu, PROGRAM, 0x40000ffc, &value, 4), 0);
    ck_assert_int_eq(vuspace_copy_out(vu, PROGRAM, 0x40000ffd, &value, 4),
                     E_POINTER);
    ck_assert_int_eq(vuspace_copy_out(vu, STRANGER, 0x40000ffc, &value, 4),
                     E_POINTER);
    value = 0;
    ck_assert_int_eq(vuspace_copy_in(vu, STRANGER, &value, 0x40000ffc, 4),
                     E_POINTER);
    ck_assert_int_eq(vuspace_copy_in(vu, PROGRAM, &value, 0x40000ffc, 4), 0);
    ck_assert_uint_eq(value, 77);
}
END_TEST

// Does deleting a virtual space give back the regions whose owner has ended,
// and no others?
START_TEST(delete_all)
{
    struct gate *gate = &kernel()->gate;
    u32 free_frames = program_free();
    u32 spaces = kernel()->vu.table->used;
    int id = gate_create(gate, KIND_VSPACE, "other", 0, 0, 0, 0);
    rid programs = region(PROGRAM, 1);

    for (u32 i = 0; i < 5; i++)
        ck_assert_int_gt(gate_create(gate, KIND_VUSPACE, NULL,
                                     region(RID_GONE, 1 + i),
                                     0x10000000 * (1 + i), 1, (rid)id),
                         0);
    ck_assert_int_gt(
        gate_create(gate, KIND_VUSPACE, NULL, programs, 0, 0, (rid)id), 0);
    ck_assert_int_eq(gate_delete(gate, (rid)id), 0);
    ck_assert_uint_eq(kernel()->vu.table->used, spaces);
    ck_assert_uint_eq(program_free(), free_frames - 1);
    ck_assert_int_eq(program_call(PROGRAM, OP_DELETE, programs, 0, 0, 0, 0), 0);
    ck_assert_uint_eq(program_free(), free_frames);
    program_ck_whole();
}
END_TEST

// Does a region outlive its owner only while another process uses it?
START_TEST(owner_ended)
{
    struct gate *gate = &kernel()->gate;
    u32 free_frames = program_free();
    int other = gate_create(gate, KIND_VSPACE, "other", 0, 0, 0, 0);
    rid shared = region(PROGRAM, 7);
    int space = gate_create(gate, KIND_VUSPACE, NULL, shared, 0, 1, (rid)other);

    ck_assert_int_gt(space, 0);
    gate_delete_owned(gate, PROGRAM);
    ck_assert_ptr_nonnull(gate_entry(gate, shared));
    ck_assert_int_eq(gate_delete(gate, (rid)space), 0);
    ck_assert_ptr_null(gate_entry(gate, shared));
    ck_assert_int_eq(gate_delete(gate, (rid)other), 0);
    ck_assert_uint_eq(program_free(), free_frames);
    program_ck_whole();
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {kernel_space,
                                 kernel_refused,
                                 kernel_addresses,
                                 parking,
                                 attach_and_detach,
                                 addresses,
                                 rights,
                                 copying,
                                 delete_all,
                                 owner_ended,
                                 NULL};
    const struct suite suite = {.name = "space",
                                .open = program_open,
                                .close = fake_close,
                                .test = test};

    return suite_run(&suite);
}

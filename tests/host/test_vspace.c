// test_vspace.c -- does a virtual space translate, copy and come back right?
#include <string.h>

#include "program.h"
#include "suite.h"
#include "vspace/paging.h"

#define VA 0x20000000u
#define BORDER 0x20400000u // two pages around it are mapped

static struct vspace_entry *space;
static char text[] = "a text that is longer than it has to be";

static rid
attach(u32 va, u32 pages, u32 flags)
{
    struct gate *gate = &kernel()->gate;
    int region =
        gate_create(gate, KIND_REGION, NULL, pages * PAGE_SIZE, 0, 0, 0);
    int id = gate_create(gate, KIND_VUSPACE, NULL, (rid)region, va, flags,
                         kernel()->vspace);

    ck_assert_int_gt(id, 0);
    return (rid)id;
}

static void
start(void)
{
    program_open();
    space = vspace_get(&kernel()->vs, kernel()->vspace);
    attach(VA, 1, VU_WRITABLE);
    attach(VA + 2 * PAGE_SIZE, 1, VU_WRITABLE);
    attach(VA + 3 * PAGE_SIZE, 1, 0); // read-only
    attach(BORDER - PAGE_SIZE, 2, VU_WRITABLE);
}

static void
ck_user(u32 va, const void *expected, u32 bytes)
{
    char found[64];

    ck_assert_uint_eq(fake_user_read(kernel()->directory, va, found, bytes), 0);
    ck_assert_int_eq(memcmp(found, expected, bytes), 0);
}

static u32
pte(u32 va)
{
    return *paging_entry(space->page_directory, va);
}

// Does a copy go on over a page border that is a table border, too?
START_TEST(borders)
{
    char found[sizeof(text)] = "";

    for (u32 before = 1; before < sizeof(text); before++) {
        text[0] = (char)('A' + before % 26);
        ck_assert_int_eq(vspace_write(&kernel()->vs, space, BORDER - before,
                                      text, sizeof(text), 1),
                         0);
        ck_user(BORDER - before, text, sizeof(text));
        ck_assert_int_eq(vspace_read(&kernel()->vs, space, BORDER - before,
                                     found, sizeof(found)),
                         0);
        ck_assert_str_eq(found, text);
    }
    // To the last byte of what is mapped, and not one further.
    ck_assert_int_eq(
        vspace_write(&kernel()->vs, space, BORDER + PAGE_SIZE - 4, text, 4, 1),
        0);
    ck_assert_int_eq(
        vspace_write(&kernel()->vs, space, BORDER + PAGE_SIZE - 4, text, 5, 1),
        E_POINTER);
    ck_assert_int_eq(
        vspace_read(&kernel()->vs, space, BORDER - PAGE_SIZE - 1, found, 2),
        E_POINTER);
}
END_TEST

// Is nothing copied at all when a page in the middle is not mapped?
START_TEST(hole)
{
    static u8 buffer[3 * PAGE_SIZE];
    static u8 other[3 * PAGE_SIZE];

    memset(buffer, 0x5a, sizeof(buffer));
    ck_assert_int_eq(vspace_write(&kernel()->vs, space, VA, text, 8, 1), 0);
    ck_assert_int_eq(
        vspace_write(&kernel()->vs, space, VA, buffer, sizeof(buffer), 1),
        E_POINTER);
    ck_assert_int_eq(
        vspace_write(&kernel()->vs, space, VA, buffer, sizeof(buffer), 0),
        E_POINTER);
    ck_user(VA, text, 8);
    memcpy(other, buffer, sizeof(other));
    ck_assert_int_eq(
        vspace_read(&kernel()->vs, space, VA, other, sizeof(other)), E_POINTER);
    ck_assert_int_eq(memcmp(buffer, other, sizeof(other)), 0);
    // Nor when the last page is read-only.
    ck_assert_int_eq(vspace_write(&kernel()->vs, space, VA + 2 * PAGE_SIZE,
                                  buffer, PAGE_SIZE + 1, 1),
                     E_POINTER);
    ck_user(VA + 2 * PAGE_SIZE, "\0\0\0\0", 4);
}
END_TEST

// May the kernel write what the program may only read?
START_TEST(read_only)
{
    u32 va = VA + 3 * PAGE_SIZE + 77;

    ck_assert_uint_ne(fake_user_write(space->page_directory, va, text, 1), 0);
    ck_assert_int_eq(vspace_write(&kernel()->vs, space, va, text, 8, 1),
                     E_POINTER);
    ck_user(va, "\0\0\0\0\0\0\0\0", 8);
    ck_assert_int_eq(vspace_write(&kernel()->vs, space, va, text, 8, 0), 0);
    ck_user(va, text, 8);
}
END_TEST

// Are addresses refused that no program may have, and lengths that wrap?
START_TEST(addresses)
{
    static const struct {
        u32 va, bytes;
    } bad[] = {{0, 1},
               {USER_BASE - 1, 1},
               {USER_BASE, 1}, // not mapped
               {USER_END - 1, 2},
               {USER_END, 1},
               {RAM_BASE, 4},
               {KERNEL_BASE, 4},
               {VA, 0u - VA},     // ends at 4 GiB
               {VA, 1u - VA},     // ends at 0
               {VA, 0xffffffffu}, // ends before it begins
               {0xffffffffu, 1},
               {0xfffffff0u, 0x20}};
    char found[8];

    for (u32 i = 0; i < ARRAY_LEN(bad); i++) {
        ck_assert_int_eq(
            vspace_read(&kernel()->vs, space, bad[i].va, found, bad[i].bytes),
            E_POINTER);
        ck_assert_int_eq(vspace_write(&kernel()->vs, space, bad[i].va, text,
                                      bad[i].bytes, 0),
                         E_POINTER);
    }
    ck_assert_int_eq(vspace_read(&kernel()->vs, space, KERNEL_BASE, found, 0),
                     0);
}
END_TEST

// Does a write mark exactly the pages it writes, and a read none?
START_TEST(dirty)
{
    u32 *low = paging_entry(space->page_directory, BORDER - PAGE_SIZE);
    u32 *high = paging_entry(space->page_directory, BORDER);
    char found[8];

    *low &= ~(PTE_DIRTY | PTE_ACCESSED);
    *high &= ~(PTE_DIRTY | PTE_ACCESSED);
    ck_assert_int_eq(vspace_read(&kernel()->vs, space, BORDER - 4, found, 8),
                     0);
    ck_assert_uint_eq((*low | *high) & PTE_DIRTY, 0);
    ck_assert_int_eq(vspace_write(&kernel()->vs, space, BORDER - 4, text, 4, 1),
                     0);
    ck_assert_uint_ne(*low & PTE_DIRTY, 0);
    ck_assert_uint_eq(*high & PTE_DIRTY, 0);
    ck_assert_int_eq(vspace_write(&kernel()->vs, space, BORDER, text, 1, 0), 0);
    ck_assert_uint_ne(*high & PTE_DIRTY, 0);
}
END_TEST

// Does a space that is emptied and filled again take the tables it had?
START_TEST(tables_again)
{
    struct spaces *vu = &kernel()->vu;
    u32 old = pte(BORDER) & PTE_FRAME;
    u32 free_frames = program_free();
    struct res *res;

    attach(0x30000000, 1, 0);
    ck_assert_uint_eq(program_free(), free_frames - 2); // its page, a table
    free_frames = program_free();
    for (u32 round = 0; round < 3; round++) {
        vspace_build_user(&kernel()->vs, space);
        ck_assert_ptr_null(paging_entry(space->page_directory, VA));
        ck_assert_uint_eq(space->tables_used, 0);
        for (u32 i = 0; (res = table_next(vu->table, &i)) != NULL;)
            space_map(vu, (void *)res);
        ck_assert_uint_eq(space->tables_used, 3);
        ck_assert_uint_eq(program_free(), free_frames);
        ck_assert_uint_eq(pte(BORDER) & PTE_FRAME, old);
        program_ck_whole();
    }
    // The kernel's half is the kernel's own.
    ck_assert_int_eq(
        memcmp((u8 *)ram_at(space->page_directory) + PAGE_SIZE / 2,
               (u8 *)ram_at(vspace_kernel(&kernel()->vs)->page_directory) +
                   PAGE_SIZE / 2,
               PAGE_SIZE / 2),
        0);
}
END_TEST

// Is room for page tables asked for before anything is mapped?
START_TEST(room)
{
    struct vspaces *vs = &kernel()->vs;
    rid hog;

    ck_assert_int_eq(vspace_check_room(vs, space, VA, 1), E_ADDRESS);
    ck_assert_int_eq(vspace_check_room(vs, space, VA + PAGE_SIZE, 1), 0);
    ck_assert_int_eq(vspace_check_room(vs, space, VA + PAGE_SIZE, 2),
                     E_ADDRESS);
    ck_assert_int_eq(vspace_check_room(vs, space, 0x50000000, 2), 0);
    hog = program_take_memory(1);
    ck_assert_int_eq(vspace_check_room(vs, space, 0x50000000, 1024), 0);
    ck_assert_int_eq(vspace_check_room(vs, space, 0x50000000, 1025), E_MEMORY);
    ck_assert_int_eq(vspace_check_room(vs, space, VA + PAGE_SIZE, 1), 0);
    ck_assert_int_eq(gate_delete(&kernel()->gate, hog), 0);
    // The kernel's tables are all there, or never will be.
    ck_assert_int_eq(vspace_check_room(vs, vspace_kernel(vs), 0xfffff000, 1),
                     E_ADDRESS);
    ck_assert_int_eq(
        vspace_check_room(vs, vspace_kernel(vs), KERNEL_DATA_VA, 1), E_ADDRESS);
}
END_TEST

// Do spaces come and go without a trace, up to the limit of their table?
START_TEST(create_and_delete)
{
    struct gate *gate = &kernel()->gate;
    u32 free_frames = program_free();
    rid made[8];
    u32 n = 0;
    int id;

    while ((id = gate_create(gate, KIND_VSPACE, NULL, 0, 0, 0, 0)) > 0)
        made[n++] = (rid)id;
    ck_assert_int_eq(id, E_TABLE);
    ck_assert_uint_eq(n, 4); // of six
    ck_assert_uint_eq(program_free(), free_frames - 4);
    ck_assert_int_eq(gate_control(gate, made[0], 99, 0, 0, 0), E_ARGUMENT);
    while (n > 0)
        ck_assert_int_eq(gate_delete(gate, made[--n]), 0);
    ck_assert_uint_eq(program_free(), free_frames);
    ck_assert_int_eq(gate_create(gate, KIND_VSPACE, "program", 0, 0, 0, 0),
                     E_EXISTS);
    ck_assert_int_eq(gate_delete(gate, vspace_kernel(&kernel()->vs)->res.id),
                     E_BUSY);
    ck_assert_int_eq(
        gate_control(gate, KIND_ID(KIND_VSPACE), VSPACE_DIRECTORY, 0, 0, 0),
        E_ID);
    ck_assert_int_eq(
        program_call(PROGRAM, OP_CREATE, KIND_ID(KIND_VSPACE), 0, 0, 0, 0),
        E_KERNEL);
    program_ck_whole();
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {
        borders,      hole, read_only,         addresses, dirty,
        tables_again, room, create_and_delete, NULL};
    const struct suite suite = {
        .name = "vspace", .open = start, .close = fake_close, .test = test};

    return suite_run(&suite);
}

// test_elf.c -- does the ELF reader take what can be run, and nothing else?
#include <check.h>
#include <stdlib.h>

#include "elf_bytes.h"
#include "resources/elf.h"
#include "tender/error.h"
#include "tender/ram.h"

// Where the parts of the headers lie, written down a second time.
#define TYPE 16
#define MACHINE 18
#define ENTRY 24
#define SEGMENTS_OFFSET 28
#define SEGMENT_BYTES 42
#define SEGMENTS 44
#define SEGMENT(n) (52 + 32 * (n))
#define S_TYPE 0
#define S_OFFSET 4
#define S_VA 8
#define S_FILE_BYTES 16
#define S_MEMORY_BYTES 20
#define S_FLAGS 24

static u8 file[ELF_HEAD_BYTES];
static struct elf_program program;

static void
put_segment(u32 n, u32 va, u32 file_bytes, u32 memory_bytes, u32 flags)
{
    put32(file + SEGMENT(n) + S_TYPE, 1);
    put32(file + SEGMENT(n) + S_OFFSET, 0x1000 * (n + 1));
    put32(file + SEGMENT(n) + S_VA, va);
    put32(file + SEGMENT(n) + S_FILE_BYTES, file_bytes);
    put32(file + SEGMENT(n) + S_MEMORY_BYTES, memory_bytes);
    put32(file + SEGMENT(n) + S_FLAGS, flags);
}

// A program of one text and one data segment.
static void
good(void)
{
    for (u32 i = 0; i < sizeof(file); i++)
        file[i] = 0;
    elf_put_header(file, 0x08048010, 2);
    put_segment(0, 0x08048000, 0x500, 0x500, 5);
    put_segment(1, 0x08049500, 0x100, 0x2000, 6);
}

static int
take(void)
{
    return elf_read(file, sizeof(file), &program);
}

START_TEST(a_program)
{
    good();
    ck_assert_int_eq(take(), 0);
    ck_assert_uint_eq(program.entry, 0x08048010);
    ck_assert_uint_eq(program.segments, 2);
    ck_assert_uint_eq(program.segment[0].va, 0x08048000);
    ck_assert_uint_eq(program.segment[0].offset, 0x1000);
    ck_assert_uint_eq(program.segment[0].writable, 0);
    ck_assert_uint_eq(program.segment[1].file_bytes, 0x100);
    ck_assert_uint_eq(program.segment[1].memory_bytes, 0x2000);
    ck_assert_uint_eq(program.segment[1].writable, 1);
}
END_TEST

// Each of these single changes makes it unfit.
START_TEST(wrong_numbers)
{
    static const struct {
        u32 at, value, half;
    } wrong[] = {
        {0, 0x464c457e, 0},     // magic
        {4, 2, 1},              // 64 bits
        {5, 2, 1},              // big-endian
        {TYPE, 3, 1},           // a shared object
        {TYPE, 1, 1},           // not linked
        {MACHINE, 62, 1},       // x86-64
        {20, 2, 0},             // version
        {ENTRY, 0x08048500, 0}, // behind the text
        {ENTRY, 0x08047fff, 0}, // before it
        {ENTRY, 0x08049500, 0}, // in the data
        {ENTRY, 0, 0},
        {SEGMENTS, 0, 1},
        {SEGMENTS, 0xffff, 1}, // beyond the file
        {SEGMENTS_OFFSET, ELF_HEAD_BYTES, 0},
        {SEGMENTS_OFFSET, 0xfffffff0, 0},
        {SEGMENT_BYTES, 31, 1},
        {SEGMENT(0) + S_TYPE, 2, 0},           // dynamic
        {SEGMENT(1) + S_TYPE, 3, 0},           // wants an interpreter
        {SEGMENT(0) + S_FILE_BYTES, 0x501, 0}, // more than memory
        {SEGMENT(0) + S_OFFSET, 0x7ffffff0, 0},
        {SEGMENT(0) + S_OFFSET, 0xffffff00, 0},
        {SEGMENT(1) + S_VA, 0, 0},
        {SEGMENT(1) + S_VA, USER_BASE - 1, 0},
        {SEGMENT(1) + S_VA, ELF_ADDRESS_END - 0x1fff, 0},
        {SEGMENT(1) + S_VA, ELF_ADDRESS_END, 0},
        {SEGMENT(1) + S_VA, KERNEL_BASE, 0},
        {SEGMENT(1) + S_VA, 0xfffff000, 0},
        {SEGMENT(1) + S_VA, 0x08048400, 0}, // overlaps the text
        {SEGMENT(1) + S_VA, 0x08048fff, 0}, // shares its page
        {SEGMENT(1) + S_MEMORY_BYTES, 0x80000000, 0},
        {SEGMENT(1) + S_MEMORY_BYTES, 0xffffffff, 0},
        {SEGMENT(1) + S_MEMORY_BYTES, 0, 0}, // but bytes in the file
    };

    for (u32 i = 0; i < ARRAY_LEN(wrong); i++) {
        good();
        if (wrong[i].half)
            put16(file + wrong[i].at,
                  wrong[i].value |
                      (wrong[i].at < 16 ? file[wrong[i].at + 1] << 8 : 0));
        else
            put32(file + wrong[i].at, wrong[i].value);
        ck_assert_msg(take() == E_FORMAT, "change %u is accepted", i);
    }
}
END_TEST

// The highest and the lowest place a segment may have.
START_TEST(edges)
{
    good();
    put_segment(1, ELF_ADDRESS_END - 0x2000, 0x100, 0x2000, 6);
    ck_assert_int_eq(take(), 0);
    good();
    put_segment(1, USER_BASE, 0x100, 0x2000, 6);
    ck_assert_int_eq(take(), 0);
    good();
    put_segment(1, 0x20000000, 0, 0, 6); // empty: nothing to load
    ck_assert_int_eq(take(), 0);
    ck_assert_uint_eq(program.segments, 1);
}
END_TEST

// A file of any length up to its headers is not a program.
START_TEST(truncated)
{
    good();
    for (u32 bytes = 0; bytes < SEGMENT(2); bytes++) {
        u8 *part = malloc(bytes + 1); // so that valgrind sees a read behind it

        for (u32 i = 0; i < bytes; i++)
            part[i] = file[i];
        ck_assert_int_eq(elf_read(part, bytes, &program), E_FORMAT);
        free(part);
    }
    ck_assert_int_eq(elf_read(file, SEGMENT(2), &program), 0);
}
END_TEST

START_TEST(too_many_segments)
{
    good();
    for (u32 n = 0; n <= ELF_SEGMENTS_MAX; n++)
        put_segment(n, 0x08048000 + n * 0x1000, 16, 0x500, 5);
    put16(file + SEGMENTS, ELF_SEGMENTS_MAX);
    ck_assert_int_eq(take(), 0);
    put16(file + SEGMENTS, ELF_SEGMENTS_MAX + 1);
    ck_assert_int_eq(take(), E_FORMAT);
}
END_TEST

// Whatever is accepted after random damage lies where it may.
START_TEST(noise)
{
    srand(5);
    for (int round = 0; round < 20000; round++) {
        good();
        for (int n = rand() % 4; n >= 0; n--)
            file[rand() % SEGMENT(2)] = (u8)rand();
        if (take() < 0)
            continue;
        for (u32 i = 0; i < program.segments; i++) {
            const struct elf_segment *s = &program.segment[i];

            ck_assert_uint_ge(s->va, USER_BASE);
            ck_assert_uint_le((u64)s->va + s->memory_bytes, ELF_ADDRESS_END);
            ck_assert_uint_le(s->file_bytes, s->memory_bytes);
            ck_assert_uint_le((u64)s->offset + s->file_bytes, 0x7fffffff);
        }
    }
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("elf");
    TCase *tcase = tcase_create("elf");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, a_program);
    tcase_add_test(tcase, wrong_numbers);
    tcase_add_test(tcase, edges);
    tcase_add_test(tcase, truncated);
    tcase_add_test(tcase, too_many_segments);
    tcase_add_test(tcase, noise);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);

    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

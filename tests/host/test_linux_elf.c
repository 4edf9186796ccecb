// test_linux_elf.c -- is every bad program refused, and a good one mapped as it says?
#include <stdlib.h>
#include <string.h>

#include "linux/task/elf_load.h"
#include "linux/errno.h"
#include "elf_bytes.h"
#include "suite.h"

#define FILE_BYTES 0x6000u
#define PT_LOAD 1u
#define PT_INTERP 3u

struct part {
    u32 type, offset, va, pa, file_bytes, memory_bytes, flags, align;
};

static u8 head[PAGE_SIZE];
static struct part parts[4];
static struct image image;
static u64 file_bytes;

// What image_map() asked for.
static struct {
    u32 at, bytes, prot, flags, first;
    int of_file;
} mapped[8];
static u32 maps;
static u32 cleared_at, cleared;

int
memory_map(struct memory *m, u32 at, u32 bytes, u32 prot, u32 flags,
           struct inode *inode, u32 first)
{
    (void)m;
    ck_assert_uint_lt(maps, 8);
    mapped[maps].at = at;
    mapped[maps].bytes = bytes;
    mapped[maps].prot = prot;
    mapped[maps].flags = flags;
    mapped[maps].first = first;
    mapped[maps++].of_file = inode != NULL;
    return (int)at;
}

int
memory_out(struct memory *m, u32 to, const void *from, u32 bytes)
{
    (void)m, (void)from;
    if (cleared == 0 || to != cleared_at + cleared) {
        cleared_at = to;
        cleared = 0;
    }
    cleared += bytes;
    return 0;
}

// Text and data with bss, as ld makes them.
static void
good(void)
{
    memset(head, 0, sizeof(head));
    elf_put_header(head, 0x8048100, 2);
    memset(parts, 0, sizeof(parts));
    parts[0] =
        (struct part){PT_LOAD, 0, 0x8048000, 0, 0x1234, 0x1234, 5, 0x1000};
    parts[1] =
        (struct part){PT_LOAD, 0x1300, 0x804a300, 0, 0x200, 0x2900, 6, 0x1000};
    file_bytes = FILE_BYTES;
    maps = cleared = 0;
}

static int
verdict(void)
{
    int err = image_head(&image, head, sizeof(head), file_bytes);

    return err < 0 ? err : image_check(&image, (const u8 *)parts, file_bytes);
}

#define REFUSED() ck_assert_int_eq(verdict(), -ENOEXEC)
#define BROKEN() ck_assert_int_eq(verdict(), -EFAULT)

START_TEST(good_program)
{
    struct inode *inode = (void *)head;
    struct memory *m = calloc(1, sizeof(*m));

    good();
    ck_assert_int_eq(verdict(), 0);
    ck_assert_uint_eq(image.entry, 0x8048100);
    ck_assert_uint_eq(image.parts_va, 0x8048034);
    ck_assert_uint_eq(image.end, 0x804d000);
    ck_assert_int_eq(image_map(&image, (const u8 *)parts, m, inode), 0);
    ck_assert_uint_eq(maps, 3);
    ck_assert_uint_eq(mapped[0].at, 0x8048000);
    ck_assert_uint_eq(mapped[0].bytes, 0x2000);
    ck_assert_uint_eq(mapped[0].prot, PROT_READ | PROT_EXEC);
    ck_assert_uint_eq(mapped[1].at, 0x804a000);
    ck_assert_uint_eq(mapped[1].bytes, 0x1000);
    ck_assert_uint_eq(mapped[1].first, 1);
    ck_assert_uint_eq(mapped[1].prot, PROT_READ | PROT_WRITE);
    ck_assert_int_eq(mapped[2].of_file, 0);
    ck_assert_uint_eq(mapped[2].at, 0x804b000);
    ck_assert_uint_eq(mapped[2].bytes, 0x2000);
    ck_assert_uint_eq(cleared_at, 0x804a500);
    ck_assert_uint_eq(cleared, 0xb00);
    ck_assert_uint_eq(m->brk_start, 0x804d000);
    ck_assert_uint_eq(m->brk, 0x804d000);
    free(m);
}
END_TEST

START_TEST(pie)
{
    good();
    put16(head + 16, 3);
    put32(head + 24, 0x100);
    parts[0].va = 0;
    parts[1].va = 0x2300;
    ck_assert_int_eq(verdict(), 0);
    ck_assert_uint_eq(image.bias, IMAGE_BASE);
    ck_assert_uint_eq(image.entry, IMAGE_BASE + 0x100);
    ck_assert_uint_eq(image.parts_va, IMAGE_BASE + 52);
}
END_TEST

// Each byte that must be as it is, and each length.
START_TEST(bad_heads)
{
    static const u32 needed[] = {0, 1, 2, 3, 4, 5, 6, 16, 18, 20, 42};

    for (u32 i = 0; i < ARRAY_LEN(needed); i++) {
        good();
        head[needed[i]] ^= 0x80;
        REFUSED();
    }
    good();
    for (u32 bytes = 0; bytes < IMAGE_HEAD_BYTES; bytes++)
        ck_assert_int_eq(image_head(&image, head, bytes, file_bytes), -ENOEXEC);
}
END_TEST

START_TEST(foreign)
{
    good();
    put16(head + 18, 62); // x86-64
    REFUSED();
    good();
    head[4] = 2; // 64 bits
    REFUSED();
    good();
    put16(head + 16, 1); // an object file
    REFUSED();
}
END_TEST

START_TEST(headers)
{
    good();
    put16(head + 44, 0);
    REFUSED();
    good();
    put16(head + 44, IMAGE_PARTS_MAX + 1);
    REFUSED();
    good();
    put32(head + 28, FILE_BYTES - 63); // the last one ends behind the file
    REFUSED();
    good();
    put32(head + 28, 0xffffffe0);
    REFUSED();
    good();
    parts[0].type = parts[1].type = 0; // nothing to load
    BROKEN();
}
END_TEST

START_TEST(truncated)
{
    good();
    file_bytes = 0x14ff; // one byte of the data is missing
    BROKEN();
    file_bytes = 0x1500;
    ck_assert_int_eq(verdict(), 0);
    good();
    parts[1].offset = 0xfffff300;
    BROKEN();
}
END_TEST

START_TEST(huge)
{
    good();
    parts[1].memory_bytes = 0xffffffff;
    BROKEN();
    good();
    parts[1].memory_bytes = IMAGE_END - parts[1].va;
    ck_assert_int_eq(verdict(), 0);
    parts[1].memory_bytes++;
    BROKEN();
    good();
    parts[1].memory_bytes = parts[1].file_bytes - 1;
    BROKEN();
    good();
    parts[1].va = 0x80000300; // the kernel's
    BROKEN();
    good();
    parts[0].va = 0; // below what is ever mapped
    BROKEN();
    good();
    put16(head + 16, 3);
    parts[1].va = 0xfffff300; // wraps with the bias
    BROKEN();
}
END_TEST

START_TEST(overlapping)
{
    good();
    parts[1].va = 0x8048300; // inside the text
    BROKEN();
    good();
    parts[1].va = 0x8047300; // before it
    parts[1].memory_bytes = parts[1].file_bytes;
    BROKEN();
    good();
    parts[1].va = 0x8049300; // one page, but other bytes of the file
    parts[1].offset = 0x2300;
    BROKEN();
    parts[1].offset = 0x1300; // the same page of the file
    ck_assert_int_eq(verdict(), 0);
    parts[0].memory_bytes++; // but it was cleared
    BROKEN();
    good();
    parts[1].va = 0x804a301; // not where the file's page has it
    BROKEN();
    good();
    parts[1].align = 0x1001;
    BROKEN();
}
END_TEST

START_TEST(dynamic)
{
    good();
    put16(head + 44, 3);
    parts[2] = (struct part){PT_INTERP, 0x200, 0, 0, 19, 19, 4, 1};
    ck_assert_int_eq(verdict(), 0);
    ck_assert_uint_eq(image.interpreter_at, 0x200);
    ck_assert_uint_eq(image.interpreter_bytes, 19);
    parts[2].offset = FILE_BYTES - 18;
    REFUSED();
    parts[2].offset = 0x200;
    parts[2].file_bytes = 4097;
    REFUSED();
}
END_TEST

// Whatever the headers say: what passes maps only the program's own addresses,
// in order and once.
START_TEST(random_headers)
{
    static const u32 odd[] = {0,          1,          0xfff,      0x1000,
                              0x8048000,  0x7fffffff, 0x80000000, 0xfffff000,
                              0xffffffff, 0x7f7df000, 0x56000000};

    srand(1);
    for (u32 round = 0; round < 20000; round++) {
        u32 at = 0;

        good();
        if (rand() % 2)
            put16(head + 16, 3);
        for (u32 n = 0; n < 3; n++) {
            u32 *w = (u32 *)parts + rand() % 16;

            *w = rand() % 2 ? odd[(u32)rand() % ARRAY_LEN(odd)]
                            : *w + (u32)rand() % 0x3000 - 0x1000;
        }
        if (verdict() < 0)
            continue;
        struct memory m = {0};

        maps = cleared = 0;
        ck_assert_int_eq(image_map(&image, (const u8 *)parts, &m, NULL), 0);
        for (u32 n = 0; n < maps; n++) {
            ck_assert_uint_ge(mapped[n].at, MEMORY_BASE);
            ck_assert_uint_le((u64)mapped[n].at + mapped[n].bytes, IMAGE_END);
            ck_assert_uint_ge(mapped[n].at + PAGE_SIZE, at);
            at = mapped[n].at + mapped[n].bytes;
        }
        ck_assert_uint_le(at, m.brk);
    }
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {good_program,   pie,         bad_heads,
                                  foreign,        headers,     truncated,
                                  huge,           overlapping, dynamic,
                                  random_headers, NULL};
    const struct suite suite = {.name = "linux_elf", .test = tests};

    return suite_run(&suite);
}

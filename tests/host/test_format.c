// test_format.c -- is what survives a power cut still laid out as format 2?
//
// format_v2.h compares every field with a literal at compile time; compiling
// this file is the first half of the test.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format_v2.h"
#include "suite.h"

struct field {
    const char *type;
    const char *name;
    u32 offset;
    u32 bytes;
};

static const struct field field[] = {
#define F(type, name, offset, bytes) {#type, #name, offset, bytes},
    FORMAT_V2_FIELDS(F)
#undef F
};

static const struct {
    const char *type;
    u32 bytes;
} type[] = {
#define S(name, bytes) {#name, bytes},
    FORMAT_V2_STRUCTS(S)
#undef S
};

// Do the fields in format_v2.h cover their structs without a hole, so that
// none is missing there and no padding is left to the compiler?
START_TEST(no_holes)
{
    u32 f = 0;

    for (u32 t = 0; t < ARRAY_LEN(type); t++) {
        u32 next = 0;

        for (; f < ARRAY_LEN(field) && strcmp(field[f].type, type[t].type) == 0;
             f++) {
            ck_assert_msg(field[f].offset == next, "a hole before %s.%s",
                          field[f].type, field[f].name);
            next += field[f].bytes;
        }
        ck_assert_msg(next == type[t].bytes, "a hole at the end of %s",
                      type[t].type);
    }
    ck_assert_uint_eq(f, ARRAY_LEN(field));
}
END_TEST

// Does the same header hold for the kernel's machine?  (tests run in the root)
START_TEST(same_on_i386)
{
    ck_assert_int_eq(
        system("gcc -m32 -std=c11 -ffreestanding -nostdinc "
               "-isystem \"$(gcc -print-file-name=include)\" -I. -x c "
               "-fsyntax-only tests/host/format_v2.h"),
        0);
}
END_TEST

static u32
count_in_header(const char *what)
{
    char line[256];
    u32 count = 0;
    FILE *file = fopen("tender/format.h", "r");

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof(line), file) != NULL)
        count += strncmp(line, what, strlen(what)) == 0;
    fclose(file);
    return count;
}

// Is every struct and constant of tender/format.h frozen?
START_TEST(all_frozen)
{
    u32 defined = 0;

#define C(name, value) defined += count_in_header("#define " #name " ");
    FORMAT_V2_CONSTANTS(C)
#undef C
    ck_assert_uint_eq(count_in_header("struct "), ARRAY_LEN(type));
    // All but the guard of the header.
    ck_assert_uint_eq(count_in_header("#define "), defined + 1);
}
END_TEST

// Do ids keep their parts, and are they never negative?
START_TEST(ids)
{
    rid id = rid_make(KIND_LINUX, 4095, 16383);

    ck_assert_uint_eq(id, 0x4bffffffu);
    ck_assert_uint_eq(rid_kind(id), KIND_LINUX);
    ck_assert_uint_eq(rid_generation(id), 4095);
    ck_assert_uint_eq(rid_index(id), 16383);
    ck_assert_uint_eq(rid_make(KIND_REAL_MEMORY, 1, 2), 0x04004002u);
    ck_assert_uint_eq(KIND_ID(KIND_SYSTEM), rid_make(KIND_SYSTEM, 0, 0));
    ck_assert_int_gt((int)rid_make(31, 4095, 16383), 0);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {no_holes, same_on_i386, all_frozen, ids, NULL};
    const struct suite suite = {.name = "format", .test = test};

    return suite_run(&suite);
}

// test_error.c -- has every error one number and one sentence?
#include <string.h>

#include "suite.h"
#include "tender/error.h"

static const int number[] = {
#define E(name, value, sentence) name,
    ERROR_LIST(E)
#undef E
};
#define ERRORS (sizeof(number) / sizeof(number[0]))

// Are the numbers -1, -2 and so on, and no two sentences the same?
START_TEST(each)
{
    for (size_t i = 0; i < ERRORS; i++) {
        ck_assert_int_eq(number[i], -1 - (int)i);
        ck_assert_uint_gt(strlen(error_sentence(number[i])), 9);
        for (size_t other = 0; other < i; other++)
            ck_assert_str_ne(error_sentence(number[i]),
                             error_sentence(number[other]));
    }
    ck_assert_str_eq(error_sentence(E_RIGHT),
                     "neither owned nor opened by the caller");
}
END_TEST

// Is there a sentence for what is no error?
START_TEST(none)
{
    const int other[] = {0, 1, -1 - (int)ERRORS, -0x7fffffff};

    for (int i = 0; i < 4; i++)
        ck_assert_str_eq(error_sentence(other[i]),
                         "an error without a sentence");
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {each, none, NULL};
    const struct suite suite = {.name = "error", .test = test};

    return suite_run(&suite);
}

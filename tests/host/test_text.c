// test_text.c -- strings, memory and formatted text, at their edges
#include "fake.h"
#include "suite.h"
#include "tender/text.h"

#define INT_MAX 0x7fffffff
#define INT_MIN (-INT_MAX - 1)
#define UINT_MAX 0xffffffffu
#define ULLONG_MAX 0xffffffffffffffffull

static char line[300];

static u32
format(u32 size, const char *format, ...) __attribute__((format(printf, 2, 3)));

static u32
format(u32 size, const char *format, ...)
{
    va_list list;
    u32 length;

    memset(line, '#', sizeof(line));
    va_start(list, format);
    length = text_vformat(line, size, format, list);
    va_end(list);
    return length;
}

#define CK_FORMAT(expected, ...)                                               \
    do {                                                                       \
        ck_assert_uint_eq(format(sizeof(line), __VA_ARGS__),                   \
                          sizeof(expected) - 1);                               \
        ck_assert_str_eq(line, expected);                                      \
    } while (0)

START_TEST(numbers)
{
    CK_FORMAT("0 -1 2147483647", "%d %d %d", 0, -1, INT_MAX);
    CK_FORMAT("-2147483648", "%d", INT_MIN);
    CK_FORMAT("4294967295 0", "%u %u", UINT_MAX, 0u);
    CK_FORMAT("deadbeef", "%x", 0xdeadbeefu);
    CK_FORMAT("18446744073709551615", "%llu", ULLONG_MAX);
    CK_FORMAT("4294967296", "%llu", 1ull << 32);
    CK_FORMAT("0", "%llu", 0ull);
    CK_FORMAT("100%", "%u%%", 100u);
}
END_TEST

// Names that come from outside do not move the cursor of who reads of them.
START_TEST(plain)
{
    char to[8];

    ck_assert_str_eq(text_plain(to, "a b~", sizeof(to)), "a b~");
    ck_assert_str_eq(text_plain(to, "\033[2J\n\177\233", sizeof(to)),
                     "?[2J???");
    ck_assert_str_eq(text_plain(to, "\n3456789", sizeof(to)), "?345678");
}
END_TEST

START_TEST(fields)
{
    CK_FORMAT("    7|7    |00007", "%5u|%-5u|%05u", 7u, 7u, 7u);
    CK_FORMAT("  -7|-7  |-007", "%4d|%-4d|%04d", -7, -7, -7);
    CK_FORMAT("0000beef", "%08x", 0xbeefu);
    CK_FORMAT("123456", "%3u", 123456u);
    CK_FORMAT("  ab|ab  |abcde", "%4s|%-4s|%4s", "ab", "ab", "abcde");
    CK_FORMAT("  x|x  |x", "%3c|%-3c|%c", 'x', 'x', 'x');
    CK_FORMAT("||", "|%s|", "");
    CK_FORMAT("", "%s", "");
}
END_TEST

// Does a line that does not fit end with 0, and touch nothing behind?
START_TEST(cut_off)
{
    ck_assert_uint_eq(format(4, "%s", "abcdef"), 3);
    ck_assert_str_eq(line, "abc");
    ck_assert_int_eq(line[4], '#');
    ck_assert_uint_eq(format(4, "abc"), 3);
    ck_assert_str_eq(line, "abc");
    ck_assert_uint_eq(format(1, "%d", 5), 0);
    ck_assert_str_eq(line, "");
    ck_assert_int_eq(line[1], '#');
    ck_assert_uint_eq(format(3, "%8u", 1u), 2);
    ck_assert_str_eq(line, "  ");
}
END_TEST

static void
format_into_nothing(void *arg)
{
    (void)arg;
    text_format(line, 0, "x");
}

START_TEST(no_room_at_all)
{
    ck_assert_int_eq(fake_run(format_into_nothing, NULL), FAKE_FAILED);
}
END_TEST

START_TEST(saying)
{
    char long_text[400];

    fake_text_clear();
    say("one %s\n", "two");
    say("%d\n", 3);
    ck_assert_str_eq(fake_text(), "one two\n3\n");
    memset(long_text, 'y', sizeof(long_text));
    long_text[sizeof(long_text) - 1] = '\0';
    fake_text_clear();
    say("%s", long_text);
    ck_assert_uint_eq(text_length(fake_text()), 255);
}
END_TEST

START_TEST(copying_text)
{
    text_copy(line, "abc", 4);
    ck_assert_str_eq(line, "abc");
    memset(line, '#', 8);
    text_copy(line, "abc", 3);
    ck_assert_str_eq(line, "ab");
    ck_assert_int_eq(line[3], '#');
    text_copy(line, "abc", 1);
    ck_assert_str_eq(line, "");
}
END_TEST

START_TEST(equal)
{
    ck_assert_int_ne(text_equal("", ""), 0);
    ck_assert_int_ne(text_equal("ab", "ab"), 0);
    ck_assert_int_eq(text_equal("ab", "abc"), 0);
    ck_assert_int_eq(text_equal("abc", "ab"), 0);
    ck_assert_int_eq(text_equal("", "a"), 0);
    ck_assert_int_eq(text_equal("ab", "aB"), 0);
    ck_assert_uint_eq(text_length(""), 0);
    ck_assert_uint_eq(text_length("four"), 4);
}
END_TEST

// All alignments and lengths, with a guard byte on either side.
START_TEST(copying_memory)
{
    static void *(*volatile copy[2])(void *, const void *, size_t) = {memcpy,
                                                                      memmove};
    u8 from[40];
    u8 to[48];

    for (u32 i = 0; i < sizeof(from); i++)
        from[i] = (u8)(i + 1);
    for (u32 k = 0; k < 16 * 24 * 2; k++) {
        u32 at_from = k % 4;
        u32 at_to = k / 4 % 4 + 1;
        u32 n = k / 16 % 24;

        memset(to, 0xee, sizeof(to));
        ck_assert_ptr_eq(copy[k / (16 * 24)](to + at_to, from + at_from, n),
                         to + at_to);
        ck_assert_uint_eq(to[at_to - 1], 0xee);
        ck_assert_uint_eq(to[at_to + n], 0xee);
        for (u32 i = 0; i < n; i++)
            ck_assert_uint_eq(to[at_to + i], from[at_from + i]);
    }
}
END_TEST

START_TEST(overlapping)
{
    void *(*volatile move)(void *, const void *, size_t) = memmove;
    u8 bytes[64];

    for (u32 k = 0; k < 24 * 24 * 24; k++) {
        u32 from = k % 24;
        u32 to = k / 24 % 24;
        u32 n = k / (24 * 24);

        for (u32 i = 0; i < sizeof(bytes); i++)
            bytes[i] = (u8)i;
        move(bytes + to, bytes + from, n);
        for (u32 i = 0; i < n; i++)
            ck_assert_uint_eq(bytes[to + i], from + i);
        ck_assert_uint_eq(bytes[to + n], to + n);
    }
}
END_TEST

START_TEST(filling_and_comparing)
{
    void *(*volatile fill)(void *, int, size_t) = memset;
    int (*volatile compare)(const void *, const void *, size_t) = memcmp;
    u8 bytes[40];

    for (u32 k = 0; k < 4 * 20; k++) {
        u32 at = k % 4 + 1;
        u32 n = k / 4;

        for (u32 i = 0; i < sizeof(bytes); i++)
            bytes[i] = 0x11;
        fill(bytes + at, 0x1fe, n);
        for (u32 i = 0; i < sizeof(bytes); i++)
            ck_assert_uint_eq(bytes[i], i >= at && i < at + n ? 0xfe : 0x11);
    }
    ck_assert_int_eq(compare("abc", "abd", 2), 0);
    ck_assert_int_lt(compare("abc", "abd", 3), 0);
    ck_assert_int_gt(compare("\xff", "\x01", 1), 0);
    ck_assert_int_eq(compare("a", "b", 0), 0);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {numbers,
                                 fields,
                                 plain,
                                 cut_off,
                                 no_room_at_all,
                                 saying,
                                 copying_text,
                                 equal,
                                 copying_memory,
                                 overlapping,
                                 filling_and_comparing,
                                 NULL};
    const struct suite suite = {.name = "text", .test = test};

    return suite_run(&suite);
}

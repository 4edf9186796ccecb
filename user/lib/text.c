// text.c -- memory, strings and numbers
#include "tender.h"

void *
memcpy(void *to, const void *from, size_t bytes)
{
    u8 *t = to;
    const u8 *f = from;

    while (bytes-- != 0)
        *t++ = *f++;
    return to;
}

void *
memmove(void *to, const void *from, size_t bytes)
{
    u8 *t = to;
    const u8 *f = from;

    if (t <= f)
        return memcpy(to, from, bytes);
    while (bytes-- != 0)
        t[bytes] = f[bytes];
    return to;
}

void *
memset(void *to, int value, size_t bytes)
{
    u8 *t = to;

    while (bytes-- != 0)
        *t++ = (u8)value;
    return to;
}

int
memcmp(const void *a, const void *b, size_t bytes)
{
    const u8 *x = a;
    const u8 *y = b;

    for (; bytes != 0; bytes--, x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}

u32
text_length(const char *text)
{
    const char *end = text;

    while (*end != 0)
        end++;
    return (u32)(end - text);
}

int
text_equal(const char *a, const char *b)
{
    for (; *a == *b; a++, b++)
        if (*a == 0)
            return 1;
    return 0;
}

int
text_begins(const char *text, const char *start)
{
    for (; *start != 0; text++, start++)
        if (*text != *start)
            return 0;
    return 1;
}

void
text_copy(char *to, const char *from, u32 size)
{
    u32 length = MIN(text_length(from), size - 1);

    memcpy(to, from, length);
    to[length] = 0;
}

// Take one word out of the line, closing gaps that quotes leave.  Returns
// where the rest of the line begins, NULL if a quote is not closed.
static char *
take_word(char *from)
{
    char *to = from;
    char quote = 0;

    for (; *from != 0 && (quote != 0 || *from != ' '); from++) {
        if (quote == 0 && (*from == '"' || *from == '\''))
            quote = *from;
        else if (quote != 0 && *from == quote)
            quote = 0;
        else
            *to++ = *from;
    }
    if (quote != 0)
        return NULL;
    if (*from != 0)
        from++;
    *to = 0;
    return from;
}

int
text_split(char *line, char *part[], u32 max)
{
    u32 words = 0;

    for (;;) {
        while (*line == ' ')
            line++;
        part[words] = NULL;
        if (*line == 0)
            return (int)words;
        if (words + 1 >= max)
            return E_TOO_LONG;
        part[words++] = line;
        line = take_word(line);
        if (line == NULL)
            return E_FORMAT;
    }
}

void
text_join(char *to, u32 size, char *part[])
{
    u32 length = 0;

    to[0] = 0;
    for (u32 i = 0; part[i] != NULL; i++)
        length += text_format(to + length, size - length, "%s%s",
                              i == 0 ? "" : " ", part[i]);
}

static u32
digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (u32)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (u32)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (u32)(c - 'A') + 10;
    return 16;
}

int
number_parse(const char *text, u32 *value)
{
    u32 base = 10;
    u32 number = 0;

    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
    }
    if (*text == 0)
        return E_ARGUMENT;
    for (; *text != 0; text++) {
        u32 digit = digit_value(*text);

        if (digit >= base || number > (0xffffffffu - digit) / base)
            return E_ARGUMENT;
        number = number * base + digit;
    }
    *value = number;
    return 0;
}

u32
argument(int argc, char **argv, int index, u32 least, u32 otherwise)
{
    u32 value;

    if (index >= argc)
        return otherwise;
    if (number_parse(argv[index], &value) < 0 || value < least) {
        print("%s: argument %d is \"%s\", but it must be a number of at least "
              "%u.\n",
              argv[0], index, argv[index], least);
        process_exit(2);
    }
    return value;
}

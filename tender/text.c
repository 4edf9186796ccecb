// text.c -- strings, memory and formatted text
#include "tender/text.h"

#include "tender/machine.h"

void *
memcpy(void *to, const void *from, size_t bytes)
{
    u8 *t = to;
    const u8 *f = from;

    if ((((word)t | (word)f) & 3) == 0) {
        for (; bytes >= 4; bytes -= 4, t += 4, f += 4)
            *(u32 *)(void *)t = *(const u32 *)(const void *)f;
    }
    while (bytes-- != 0)
        *t++ = *f++;
    return to;
}

void *
memset(void *to, int value, size_t bytes)
{
    u8 *t = to;
    u32 fill = (u8)value * 0x01010101u;

    if (((word)t & 3) == 0) {
        for (; bytes >= 4; bytes -= 4, t += 4)
            *(u32 *)(void *)t = fill;
    }
    while (bytes-- != 0)
        *t++ = (u8)value;
    return to;
}

void *
memmove(void *to, const void *from, size_t bytes)
{
    u8 *t = to;
    const u8 *f = from;

    if (t <= f || t >= f + bytes)
        return memcpy(to, from, bytes);
    while (bytes-- != 0)
        t[bytes] = f[bytes];
    return to;
}

int
memcmp(const void *a, const void *b, size_t bytes)
{
    const u8 *x = a;
    const u8 *y = b;

    for (; bytes != 0; bytes--, x++, y++)
        if (*x != *y)
            return *x < *y ? -1 : 1;
    return 0;
}

u32
text_length(const char *text)
{
    u32 n = 0;

    while (text[n] != 0)
        n++;
    return n;
}

int
text_equal(const char *a, const char *b)
{
    while (*a != 0 && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

void
text_copy(char *to, const char *from, u32 size)
{
    u32 i = 0;

    ASSERT(size > 0);
    for (; i + 1 < size && from[i] != 0; i++)
        to[i] = from[i];
    to[i] = 0;
}

const char *
text_plain(char *to, const char *from, u32 size)
{
    text_copy(to, from, size);
    for (char *p = to; *p != 0; p++)
        if (*p < ' ' || *p > '~')
            *p = '?';
    return to;
}

// Where formatted characters go: counts those that no longer fit.
struct sink {
    char *to;
    u32 size;
    u32 length;
};

static void
put(struct sink *sink, char c)
{
    if (sink->length + 1 < sink->size)
        sink->to[sink->length] = c;
    sink->length++;
}

struct field {
    int width;
    int left;
    char pad;
};

static void
put_field(struct sink *sink, const struct field *field, const char *text)
{
    int pad = field->width - (int)text_length(text);
    int sign = field->pad == '0' && *text == '-';

    if (sign)
        put(sink, *text++);
    for (; !field->left && pad > 0; pad--)
        put(sink, field->pad);
    while (*text != 0)
        put(sink, *text++);
    for (; pad > 0; pad--)
        put(sink, ' ');
}

// Divide by a small number without the compiler's 64-bit division.
static u32
divide(u64 *value, u32 by)
{
    u64 rest = 0;
    u64 quotient = 0;

    for (int bit = 63; bit >= 0; bit--) {
        rest = rest << 1 | (*value >> bit & 1);
        quotient <<= 1;
        if (rest >= by) {
            rest -= by;
            quotient |= 1;
        }
    }
    *value = quotient;
    return (u32)rest;
}

static void
put_number(struct sink *sink, const struct field *field, u64 value, u32 base,
           int negative)
{
    char text[24];
    char *p = text + sizeof(text);

    *--p = 0;
    do {
        if (value >> 32 == 0) { // the usual, quick case
            u32 low = (u32)value;

            *--p = "0123456789abcdef"[low % base];
            value = low / base;
        } else {
            *--p = "0123456789abcdef"[divide(&value, base)];
        }
    } while (value != 0);
    if (negative)
        *--p = '-';
    put_field(sink, field, p);
}

static const char *
read_field(const char *format, struct field *field)
{
    field->left = 0;
    field->pad = ' ';
    field->width = 0;
    for (;; format++) {
        if (*format == '-')
            field->left = 1;
        else if (*format == '0')
            field->pad = '0';
        else
            break;
    }
    for (; *format >= '0' && *format <= '9'; format++)
        field->width = field->width * 10 + (*format - '0');
    return format;
}

u32
text_vformat(char *to, u32 size, const char *format, va_list list)
{
    struct sink sink = {to, size, 0};
    struct field field;

    ASSERT(size > 0);
    for (; *format != 0; format++) {
        if (*format != '%') {
            put(&sink, *format);
            continue;
        }
        format = read_field(format + 1, &field);
        if (*format == 's') {
            const char *text = va_arg(list, const char *);

            put_field(&sink, &field, text);
        } else if (*format == 'c') {
            char text[2] = {(char)va_arg(list, int), 0};

            put_field(&sink, &field, text);
        } else if (*format == 'd' || *format == 'i') {
            int value = va_arg(list, int);

            put_number(&sink, &field, value < 0 ? 0u - (u32)value : (u32)value,
                       10, value < 0);
        } else if (*format == 'u' || *format == 'x') {
            put_number(&sink, &field, va_arg(list, u32),
                       *format == 'u' ? 10 : 16, 0);
        } else if (format[0] == 'l' && format[1] == 'l') {
            format += 2;
            put_number(&sink, &field, va_arg(list, unsigned long long),
                       *format == 'x' ? 16 : 10, 0);
        } else {
            ASSERT(*format == '%');
            put(&sink, '%');
        }
    }
    to[MIN(sink.length, size - 1)] = 0;
    return MIN(sink.length, size - 1);
}

u32
text_format(char *to, u32 size, const char *format, ...)
{
    va_list list;
    u32 length;

    va_start(list, format);
    length = text_vformat(to, size, format, list);
    va_end(list);
    return length;
}

void
say(const char *format, ...)
{
    char line[256];
    va_list list;

    va_start(list, format);
    u32 length = text_vformat(line, sizeof(line), format, list);
    va_end(list);
    machine_log(line, length);
    machine_put(line, length);
}

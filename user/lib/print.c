// print.c -- formatted text
#include "tender.h"

// Where the characters go; the length also counts those that do not fit.
struct output {
    char *to;
    u32 size;
    u32 length;
};

// One conversion: what stands between '%' and its letter.
struct conversion {
    u32 width;
    int left; // fill behind the text, not before it
    char fill;
    int wide; // ll
    char letter;
};

static void
put(struct output *out, char c)
{
    if (out->length + 1 < out->size)
        out->to[out->length] = c;
    out->length++;
}

static void
put_text(struct output *out, const struct conversion *how, const char *text)
{
    u32 length = text_length(text);
    u32 fill = how->width > length ? how->width - length : 0;

    if (how->fill == '0' && *text == '-')
        put(out, *text++);
    for (; !how->left && fill != 0; fill--)
        put(out, how->fill);
    while (*text != 0)
        put(out, *text++);
    for (; fill != 0; fill--)
        put(out, ' ');
}

u32
divide(u64 *value, u32 by)
{
    u32 high = (u32)(*value >> 32);
    u32 low = (u32)*value;
    u32 rest = high % by;

    // rest < by, so the quotient of rest:low by `by` fits 32 bits.
    high /= by;
    __asm__("divl %2" : "+a"(low), "+d"(rest) : "r"(by) : "cc");
    *value = (u64)high << 32 | low;
    return rest;
}

static void
put_number(struct output *out, const struct conversion *how, u64 value,
           u32 base, int negative)
{
    char text[24];
    u32 at = sizeof(text) - 1;

    text[at] = 0;
    do
        text[--at] = "0123456789abcdef"[divide(&value, base)];
    while (value != 0);
    if (negative)
        text[--at] = '-';
    put_text(out, how, text + at);
}

// Read a conversion; returns where its letter stands.
static const char *
read_conversion(const char *format, struct conversion *how)
{
    how->left = 0;
    how->fill = ' ';
    how->width = 0;
    how->wide = 0;
    for (;; format++) {
        if (*format == '-')
            how->left = 1;
        else if (*format == '0')
            how->fill = '0';
        else
            break;
    }
    for (; *format >= '0' && *format <= '9'; format++)
        how->width = how->width * 10 + (u32)(*format - '0');
    for (; *format == 'l'; format++)
        how->wide++;
    how->letter = *format;
    return format;
}

u32
text_vformat(char *to, u32 size, const char *format, va_list list)
{
    struct output out = {to, size, 0};
    struct conversion how;

    for (; *format != 0; format++) {
        if (*format != '%') {
            put(&out, *format);
            continue;
        }
        format = read_conversion(format + 1, &how);
        if (how.letter == 's') {
            put_text(&out, &how, va_arg(list, const char *));
        } else if (how.letter == 'c') {
            char text[2] = {(char)va_arg(list, int), 0};

            put_text(&out, &how, text);
        } else if (how.letter == 'd' || how.letter == 'i') {
            int value = va_arg(list, int);

            put_number(&out, &how, value < 0 ? 0u - (u32)value : (u32)value, 10,
                       value < 0);
        } else if (how.letter == 'u' || how.letter == 'x') {
            u64 value = how.wide == 2 ? va_arg(list, u64) : va_arg(list, u32);

            put_number(&out, &how, value, how.letter == 'u' ? 10 : 16, 0);
        } else if (how.letter == 0) {
            break; // the format ends with a '%'
        } else {
            put(&out, how.letter);
        }
    }
    out.length = MIN(out.length, size - 1);
    to[out.length] = 0;
    return out.length;
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
print(const char *format, ...)
{
    char text[PRINT_BYTES];
    va_list list;
    u32 length;

    va_start(list, format);
    length = text_vformat(text, sizeof(text), format, list);
    va_end(list);
    console_write(text, length);
}

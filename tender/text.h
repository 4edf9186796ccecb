// text.h -- strings, memory and formatted text
#ifndef TENDER_TEXT_H
#define TENDER_TEXT_H

#include <stdarg.h>

#include "tender/types.h"

void *memcpy(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);

u32 text_length(const char *text);
int text_equal(const char *a, const char *b);

// Copy with the final 0, cut off to fit size bytes.
void text_copy(char *to, const char *from, u32 size);

// The same for people: what is no printable character becomes a question mark.
// Returns to.
const char *text_plain(char *to, const char *from, u32 size);

// Format into to[size], always ended with 0; returns the length it has.
// Knows %s %c %d %i %u %x %llu %llx %%, a width, a minus sign, a leading 0.
u32 text_format(char *to, u32 size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
u32 text_vformat(char *to, u32 size, const char *format, va_list list);

// Print a line for people: formatted, through machine_put().
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif

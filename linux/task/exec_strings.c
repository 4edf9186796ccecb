// exec_strings.c -- arguments and environment on their way to a new program
//
// They lie in pages of the pool, one behind the other, each with its 0.
#include "linux/errno.h"
#include "linux/task/exec_parts.h"
#include "tender/text.h"

#define STRINGS_MAX (EXEC_PAGES * PAGE_SIZE)

// Where the next byte goes and how many fit there; a new page when one is
// needed. 0, -E2BIG, -ENOMEM.
static int
room(struct linux *l, struct exec_strings *s, char **at, u32 *bytes)
{
    u32 n = s->bytes / PAGE_SIZE;

    if (s->bytes == STRINGS_MAX)
        return -E2BIG;
    if (s->page[n] == 0)
        s->page[n] = pages_new_raw(&l->pages);
    if (s->page[n] == 0)
        return -ENOMEM;
    *at = (char *)pages_at(&l->pages, s->page[n]) + s->bytes % PAGE_SIZE;
    *bytes = PAGE_SIZE - s->bytes % PAGE_SIZE;
    return 0;
}

int
exec_strings_add(struct linux *l, struct exec_strings *s, const char *text)
{
    u32 left = text_length(text) + 1;

    while (left > 0) {
        char *at;
        u32 bytes;
        int err = room(l, s, &at, &bytes);

        if (err < 0)
            return err;
        bytes = MIN(bytes, left);
        memcpy(at, text, bytes);
        s->bytes += bytes;
        text += bytes;
        left -= bytes;
    }
    return 0;
}

static int
add_user(struct task *t, struct exec_strings *s, u32 from)
{
    for (;;) {
        char *at;
        u32 bytes;
        int err = room(t->linux, s, &at, &bytes);

        if (err < 0)
            return err;
        int length = memory_string(t->memory, at, from, bytes);

        if (length >= 0) {
            s->bytes += (u32)length + 1;
            return 0;
        }
        if (length != -ENAMETOOLONG)
            return length;
        err = memory_in(t->memory, at, from, bytes);
        if (err < 0)
            return err;
        s->bytes += bytes;
        from += bytes;
    }
}

int
exec_strings_user(struct task *t, struct exec_strings *s, u32 pointers)
{
    int count = 0;
    u32 at;

    if (pointers == 0)
        return 0;
    for (;; pointers += 4, count++) {
        int err = memory_in(t->memory, &at, pointers, sizeof(at));

        if (err < 0)
            return err;
        if (at == 0)
            return count;
        err = add_user(t, s, at);
        if (err < 0)
            return err;
    }
}

void
exec_strings_drop(struct linux *l, struct exec_strings *s)
{
    for (u32 n = 0; n < EXEC_PAGES; n++)
        if (s->page[n] != 0)
            pages_drop(&l->pages, s->page[n]);
}

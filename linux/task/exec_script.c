// exec_script.c -- `#!`: a program that is executed by another
//
//     #!/bin/sh -x          ./script a b      becomes      /bin/sh -x ./script a b
//
// At most one argument, blanks and all. The front of the arguments grows
// downwards in a page: the newest are first.
#include "linux/errno.h"
#include "linux/task/exec_parts.h"
#include "tender/text.h"

#define LINE_MAX 256u

static int
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

// The line behind `#!`, without blanks at its ends, as a string. NULL: it has
// no end.
static char *
line_of(char *head, u32 bytes)
{
    u32 most = MIN(bytes, LINE_MAX);
    u32 end = 2;
    u32 at = 2;

    while (end < most && head[end] != '\n' && head[end] != 0)
        end++;
    if (end == most && (bytes > LINE_MAX || bytes == PAGE_SIZE))
        return NULL;
    while (end > at && is_blank(head[end - 1]))
        end--;
    head[end] = 0;
    while (is_blank(head[at]))
        at++;
    return head[at] == 0 ? NULL : head + at;
}

static int
put_in_front(struct exec *x, const char *text)
{
    u32 bytes = text_length(text) + 1;

    if (bytes > x->front_at)
        return -E2BIG;
    x->front_at -= bytes;
    memmove((char *)pages_at(&x->linux->pages, x->front) + x->front_at, text,
            bytes);
    x->args++;
    return 0;
}

// The first argument goes: the script's path takes its place.
static void
drop_first(struct exec *x)
{
    struct pages *pages = &x->linux->pages;
    const char *front = pages_at(pages, x->front);
    const struct exec_strings *s = x->strings;

    if (x->args == 0)
        return;
    x->args--;
    if (x->front_at < PAGE_SIZE) {
        x->front_at += text_length(front + x->front_at) + 1;
        return;
    }
    while (((char *)pages_at(
               pages, s->page[x->skip / PAGE_SIZE]))[x->skip % PAGE_SIZE] != 0)
        x->skip++;
    x->skip++;
}

int
exec_script(struct exec *x)
{
    char *head = pages_at(&x->linux->pages, x->head);
    char *argument;
    char *line;
    int err = 0;

    if (x->head_bytes < 2 || head[0] != '#' || head[1] != '!')
        return 0;
    line = line_of(head, x->head_bytes);
    if (line == NULL)
        return -ENOEXEC;
    if (x->front == 0 && (x->front = pages_new(&x->linux->pages)) == 0)
        return -ENOMEM;
    for (argument = line; *argument != 0 && !is_blank(*argument);)
        argument++;
    if (*argument != 0)
        *argument++ = 0;
    while (is_blank(*argument))
        argument++;
    drop_first(x);
    // From the second script on the first string is that script's path.
    err = put_in_front(x, x->path);
    if (err == 0 && *argument != 0)
        err = put_in_front(x, argument);
    if (err == 0)
        err = put_in_front(x, line);
    if (err < 0)
        return err;
    x->path = (char *)pages_at(&x->linux->pages, x->front) + x->front_at;
    return 1;
}

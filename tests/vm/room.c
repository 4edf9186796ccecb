// room.c -- how much memory is free, and sentences that come once
#include "room.h"

#include <stdlib.h>
#include <string.h>

#include "checked.h"

unsigned
free_pages(struct vm *vm)
{
    const char *at = strstr(vm_command(vm, "mem"), "\nfree ");

    if (at == NULL)
        vm_fail(vm, "mem does not tell the free pages.");
    return (unsigned)atoi(at + strlen("\nfree "));
}

// Who has just ended is buried by whoever runs next: give it a moment.
void
same_free(struct vm *vm, unsigned before, const char *after)
{
    unsigned now = 0;

    for (int i = 0; i < 20; i++) {
        now = free_pages(vm);
        if (now == before)
            return;
        vm_run(vm, 100);
    }
    vm_fail(vm, "%u pages were free and %u are after %s.", before, now, after);
}

int
count_lines(const char *text, const char *pattern)
{
    char *lines = checked_lines(text, pattern);
    int count = 0;

    for (const char *p = lines; (p = strchr(p, '\n')) != NULL; p++)
        count++;
    free(lines);
    return count;
}

void
one_sentence(struct vm *vm, const char *line, const char *pattern)
{
    const char *output = vm_command(vm, line);

    if (count_lines(output, pattern) != 1)
        vm_fail(vm, "\"%s\" did not show one line \"%s\" but: %s", line,
                pattern, output);
}

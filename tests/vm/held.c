// held.c -- what the kernel holds for Linux programs: is it as before?
#include "held.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOKS 30 // for things that go on after a program has ended
#define STATUS "linux cat /proc/tender/status"

static long
number_in(struct vm *vm, const char *text, const char *name)
{
    const char *at = strstr(text, name);

    if (at == NULL)
        vm_fail(vm, "\"%s\" is missing.", name);
    return atol(at + strlen(name));
}

struct held
held_now(struct vm *vm)
{
    struct held held;
    const char *text = vm_command(vm, STATUS);

    // Objects may lie more scattered than before, in more pages.
    held.pages = number_in(vm, text, "linux_pages: ") -
                 number_in(vm, text, "linux_heap_pages: ");
    held.objects = number_in(vm, text, "linux_objects: ");
    text = vm_command(vm, "res");
    held.tasks = number_in(vm, text, " linux ");
    held.executions = number_in(vm, text, " execution ");
    held.spaces = number_in(vm, text, " vspace ");
    return held;
}

void
held_tell(const struct held *held, const char *when)
{
    printf("%s: %ld pages, %ld objects, %ld tasks, %ld executions, %ld "
           "spaces\n",
           when, held->pages, held->objects, held->tasks, held->executions,
           held->spaces);
    fflush(stdout);
}

void
held_same(struct vm *vm, const struct held *before, const char *after)
{
    struct held now = {0};

    for (int i = 0; i < LOOKS; i++) {
        now = held_now(vm);
        if (memcmp(&now, before, sizeof(now)) == 0)
            return;
        vm_run(vm, 200);
    }
    vm_command(vm, "linux find / -xdev"); // for the transcript
    held_tell(before, "before");
    held_tell(&now, after);
    vm_fail(vm, "The kernel does not hold as much as before.");
}

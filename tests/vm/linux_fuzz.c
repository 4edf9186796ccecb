// linux_fuzz.c -- random Linux calls beside programs that check themselves
#include "linux_fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checked.h"
#include "room.h"

#define LOOKS 30 // for things that go on after a program has ended
#define STATUS "linux cat /proc/tender/status"
#define SPARE_SECONDS 60 // beside what it is told to take

// What the kernel holds for Linux programs.
struct held {
    long pages, objects, tasks;
};

static long
number_in(struct vm *vm, const char *text, const char *name)
{
    const char *at = strstr(text, name);

    if (at == NULL)
        vm_fail(vm, "\"%s\" is missing.", name);
    return atol(at + strlen(name));
}

static struct held
held_now(struct vm *vm)
{
    struct held held;
    const char *text = vm_command(vm, STATUS);

    // Objects may lie more scattered than before, in more pages.
    held.pages = number_in(vm, text, "linux_pages: ") -
                 number_in(vm, text, "linux_heap_pages: ");
    held.objects = number_in(vm, text, "linux_objects: ");
    text = vm_command(vm, "res linux");
    held.tasks = count_lines(text, "^0x48");
    return held;
}

static void
same(struct vm *vm, const struct held *before, const char *after)
{
    struct held now = {0};

    for (int i = 0; i < LOOKS; i++) {
        now = held_now(vm);
        if (memcmp(&now, before, sizeof(now)) == 0)
            return;
        vm_run(vm, 200);
    }
    vm_command(vm, "linux find / -xdev"); // for the transcript
    vm_fail(vm,
            "%ld pages, %ld objects, %ld tasks before; %ld, %ld, %ld after %s.",
            before->pages, before->objects, before->tasks, now.pages,
            now.objects, now.tasks, after);
}

static void
run(struct vm *vm, struct watch *watch, unsigned seconds, unsigned seed)
{
    char line[80];

    snprintf(line, sizeof(line), "/disk/tests/fuzz %u %u", seconds, seed);
    vm_type(vm, line);
    if (vm_wait(vm, "fuzz: seed [0-9]+: .*\n", seconds + SPARE_SECONDS) == NULL)
        vm_fail(vm, "fuzz did not end.");
    checked_watch(watch, watch_read(watch));
    vm_prompt(vm);
}

static void
sound(struct vm *vm)
{
    char line[300];

    snprintf(line, sizeof(line), "build/tools/nvcheck %s", vm_nv(vm));
    if (system(line) != 0)
        vm_fail(vm, "nvcheck: the memory is not sound.");
}

static void
all_go_on(struct watch *watch)
{
    checked_programs_go_on(watch);
    checked_watch(watch, watch_wait(watch, "keep: pass [0-9]+ ok"));
}

void
linux_fuzz(const char *name, unsigned seconds, unsigned seed)
{
    struct vm *vm = checked_vm(name);
    struct watch *watch = watch_new(vm);
    struct held before;
    unsigned save;

    checked_programs(vm, "counter 50 &", "fill 2 &");
    vm_command(vm, "/disk/tests/keep keep &");
    checked_watch(watch, watch_wait(watch, "keep: pass [0-9]+ ok"));
    run(vm, watch, 2, 1); // what is made at the first use, stays
    before = held_now(vm);
    vm_command(vm, "saver 1000000 1500 &");
    run(vm, watch, seconds, seed);
    vm_command(vm, "kill %7");
    same(vm, &before, "fuzz");
    all_go_on(watch);
    save = checked_save(vm);
    vm_cut(vm);
    sound(vm);
    checked_resume(vm, watch, save);
    all_go_on(watch);
    run(vm, watch, 2, seed + 1);
    same(vm, &before, "fuzz after a restore");
    vm_no_loss(vm);
    vm_free(vm);
}

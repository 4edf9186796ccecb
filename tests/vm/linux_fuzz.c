// linux_fuzz.c -- random Linux calls beside programs that check themselves
#include "linux_fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checked.h"
#include "held.h"

#define TREE "linux sh -c 'find / -xdev | sort | md5sum'"
#define SPARE_SECONDS 60 // beside what it is told to take
#define ALL_SECONDS 300  // after so many each call has succeeded

static void
run(struct vm *vm, struct watch *watch, unsigned seconds, unsigned seed)
{
    char line[80];

    snprintf(line, sizeof(line), "/disk/tests/fuzz %u %u", seconds, seed);
    vm_type(vm, line);
    const char *end =
        vm_wait(vm, "fuzz: seed [0-9]+: .*\n", seconds + SPARE_SECONDS);

    if (end == NULL)
        vm_fail(vm, "fuzz did not end.");
    if (seconds >= ALL_SECONDS && strstr(end, " 0 calls wrong") == NULL)
        vm_fail(vm, "A call that can succeed never did (or one that cannot).");
    checked_watch(watch, watch_read(watch));
    vm_prompt(vm);
}

void
linux_sound(struct vm *vm)
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

// A number for which files there are; to be freed. Other programs print, too.
static char *
tree_now(struct vm *vm)
{
    return checked_lines(vm_command(vm, TREE), "[0-9a-f]{32}");
}

// As many of everything as before, and the same files.
static void
all_same(struct vm *vm, const struct held *before, const char *tree,
         const char *after)
{
    char *now;

    held_same(vm, before, after);
    held_tell(before, after);
    now = tree_now(vm);
    if (tree[0] == 0 || strcmp(now, tree) != 0) {
        vm_command(vm, "linux find / -xdev"); // for the transcript
        vm_fail(vm, "There are other files than before.");
    }
    free(now);
}

void
linux_fuzz(const char *name, unsigned seconds, unsigned seed)
{
    struct vm *vm = checked_vm(name);
    struct watch *watch = watch_new(vm);
    struct held before;
    char *tree;
    unsigned save;

    checked_programs(vm, "counter 50 &", "fill 2 &");
    vm_command(vm, "/disk/tests/keep keep &");
    checked_watch(watch, watch_wait(watch, "keep: pass [0-9]+ ok"));
    run(vm, watch, 2, 1); // what is made at the first use, stays
    tree = tree_now(vm);
    before = held_now(vm);
    held_tell(&before, "before");
    vm_command(vm, "saver 1000000 1500 &");
    run(vm, watch, seconds, seed);
    vm_command(vm, "kill %7");
    all_same(vm, &before, tree, "after fuzz");
    all_go_on(watch);
    save = checked_save(vm);
    vm_cut(vm);
    linux_sound(vm);
    checked_resume(vm, watch, save);
    all_go_on(watch);
    run(vm, watch, 2, seed + 1);
    all_same(vm, &before, tree, "after a restore and fuzz");
    free(tree);
    vm_no_loss(vm);
    vm_free(vm);
}

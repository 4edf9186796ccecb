// demo.c -- a power cut before your eyes, in under a minute, with commentary
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "vm.h"

#define COMMENT "\033[1;33m"
#define CUT "\033[1;31m"
#define PLAIN "\033[0m"

static bool coloured;
static size_t shown; // of the transcript

static void
colour(const char *code)
{
    if (coloured)
        fputs(code, stdout);
}

__attribute__((format(printf, 1, 2))) static void
say(const char *format, ...)
{
    va_list args;

    colour(COMMENT);
    fputs("\n## ", stdout);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    colour(PLAIN);
    putchar('\n');
    fflush(stdout);
}

// Show what the console showed since the last time.
static void
show(struct vm *vm)
{
    size_t length = vm_length(vm);

    fwrite(vm_text(vm) + shown, 1, length - shown, stdout);
    fflush(stdout);
    shown = length;
}

static void
watch_for(struct vm *vm, int ms)
{
    for (; ms > 0; ms -= 50) {
        vm_run(vm, 50);
        show(vm);
    }
}

static void
command(struct vm *vm, const char *line)
{
    vm_command(vm, line);
    show(vm);
}

static struct vm_boot
boot(struct vm *vm)
{
    struct vm_boot boot = vm_boot(vm);

    show(vm);
    return boot;
}

static void
cut(struct vm *vm)
{
    vm_cut(vm);
    show(vm);
    colour(CUT);
    printf("\n*** the power is gone (QEMU was killed with SIGKILL) ***\n");
    colour(PLAIN);
}

static void
must_be(struct vm *vm, const struct vm_boot *boot, enum vm_outcome outcome)
{
    if (boot->outcome != outcome)
        vm_fail(vm, "Not what this demonstration is about: %s", boot->line);
}

static void
first_part(struct vm *vm)
{
    struct vm_boot first;

    say("A machine with 64 MiB of memory that keeps its contents without "
        "power.\n## It is empty, so the kernel starts cold.");
    first = boot(vm);
    must_be(vm, &first, VM_COLD);
    say("Continuous-operation control: from now on all memory of the kernel "
        "and of the\n## programs is kept as plates. Nothing is saved yet.");
    command(vm, "occ enable");
    say("Some programs. None of them knows about saving: counter counts, life "
        "computes\n## the same board in two ways, ping sends numbered "
        "messages, fpu uses the\n## floating-point registers, fill checks a "
        "pattern in 2 MiB.");
    command(vm, "counter 500 &");
    command(vm, "life 100 quiet &");
    command(vm, "ping &");
    command(vm, "fpu &");
    command(vm, "fill 2 &");
    watch_for(vm, 2500);
    say("One save. Only pages written since the last save are copied; this is "
        "the first.");
    command(vm, "save");
    say("The programs go on. What they do from here on is not saved ...");
    watch_for(vm, 2500);
    say("... and now the power is cut, in the middle of whatever is going on.");
    cut(vm);
}

static void
second_part(struct vm *vm)
{
    struct vm_boot next;

    say("The power is back. The kernel finds a complete save, and everything "
        "goes on from\n## there: look at the counter, and at the jobs the "
        "shell still knows.");
    next = boot(vm);
    must_be(vm, &next, VM_RESTORED);
    watch_for(vm, 2000);
    command(vm, "jobs");
    say("A cut during this very boot does no harm either: restoring can be "
        "begun again.");
    cut(vm);
    vm_on(vm);
    vm_run(vm, 500);
    cut(vm);
    next = boot(vm);
    must_be(vm, &next, VM_RESTORED);
    watch_for(vm, 1000);
    say("A second save right after another: only what changed meanwhile is "
        "copied.");
    command(vm, "save");
    command(vm, "save");
    watch_for(vm, 1000);
    say("An orderly shutdown needs no save: memory stays as it is, and the "
        "next boot goes\n## on from this point, not from the save before it.");
    vm_type(vm, "shutdown");
    vm_end(vm);
    show(vm);
    next = boot(vm);
    must_be(vm, &next, VM_CONTINUED);
    watch_for(vm, 2000);
}

int
main(void)
{
    struct vm *vm = vm_new(&(struct vm_options){.name = "demo"});

    coloured = isatty(1) != 0;
    first_part(vm);
    second_part(vm);
    vm_no_loss(vm);
    say("Nothing was lost but what came after a save and before its power "
        "cut; all checks\n## of the programs held. Try it yourself: make run. "
        "The power switch is Ctrl-A X.\n## All that was shown: %s",
        vm_log(vm));
    vm_free(vm);
    return 0;
}

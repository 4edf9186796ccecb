// demo_show.c -- how the demonstration presents what it does
#include "demo.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define COMMENT "\033[1;33m"
#define CUT "\033[1;31m"
#define PLAIN "\033[0m"

static size_t shown; // of the transcript

static void
colour(const char *code)
{
    if (isatty(1))
        fputs(code, stdout);
}

void
demo_say(const char *format, ...)
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

void
demo_another(void)
{
    shown = 0;
}

// Show what the console showed since the last time.
void
demo_show(struct vm *vm)
{
    size_t length = vm_length(vm);

    fwrite(vm_text(vm) + shown, 1, length - shown, stdout);
    fflush(stdout);
    shown = length;
}

void
demo_watch_for(struct vm *vm, int ms)
{
    for (; ms > 0; ms -= 50) {
        vm_run(vm, 50);
        demo_show(vm);
    }
}

void
demo_command(struct vm *vm, const char *line)
{
    vm_command(vm, line);
    demo_show(vm);
}

struct vm_boot
demo_boot(struct vm *vm)
{
    struct vm_boot boot = vm_boot(vm);

    demo_show(vm);
    return boot;
}

void
demo_cut(struct vm *vm)
{
    vm_cut(vm);
    demo_show(vm);
    colour(CUT);
    printf("\n*** the power is gone (QEMU was killed with SIGKILL) ***\n");
    colour(PLAIN);
}

void
demo_must_be(struct vm *vm, const struct vm_boot *boot, enum vm_outcome outcome)
{
    if (boot->outcome != outcome)
        vm_fail(vm, "Not what this demonstration is about: %s", boot->line);
}

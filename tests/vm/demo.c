// demo.c -- a power cut before your eyes, in about a minute, with commentary
#include "demo.h"

static void
first_part(struct vm *vm)
{
    struct vm_boot first;

    demo_say("A machine with 64 MiB of memory that keeps its contents without "
             "power.\n## It is empty, so the kernel starts cold.");
    first = demo_boot(vm);
    demo_must_be(vm, &first, VM_COLD);
    demo_say(
        "Continuous-operation control: from now on all memory of the kernel "
        "and of the\n## programs is kept as plates. Nothing is saved yet.");
    demo_command(vm, "occ enable");
    demo_say(
        "Some programs. None of them knows about saving: counter counts, life "
        "computes\n## the same board in two ways, ping sends numbered "
        "messages, fpu uses the\n## floating-point registers, fill checks a "
        "pattern in 2 MiB.");
    demo_command(vm, "counter 500 &");
    demo_command(vm, "life 100 quiet &");
    demo_command(vm, "ping &");
    demo_command(vm, "fpu &");
    demo_command(vm, "fill 2 &");
    demo_watch_for(vm, 2500);
    demo_say(
        "One save. Only pages written since the last save are copied; this is "
        "the first.");
    demo_command(vm, "save");
    demo_say("The programs go on. What they do from here on is not saved ...");
    demo_watch_for(vm, 2500);
    demo_say(
        "... and now the power is cut, in the middle of whatever is going on.");
    demo_cut(vm);
}

static void
second_part(struct vm *vm)
{
    struct vm_boot next;

    demo_say(
        "The power is back. The kernel finds a complete save, and everything "
        "goes on from\n## there: look at the counter, and at the jobs the "
        "shell still knows.");
    next = demo_boot(vm);
    demo_must_be(vm, &next, VM_RESTORED);
    demo_watch_for(vm, 2000);
    demo_command(vm, "jobs");
    demo_say(
        "A cut during this very boot does no harm either: restoring can be "
        "begun again.");
    demo_cut(vm);
    vm_on(vm);
    vm_run(vm, 500);
    demo_cut(vm);
    next = demo_boot(vm);
    demo_must_be(vm, &next, VM_RESTORED);
    demo_watch_for(vm, 1000);
    demo_say(
        "A second save right after another: only what changed meanwhile is "
        "copied.");
    demo_command(vm, "save");
    demo_command(vm, "save");
    demo_watch_for(vm, 1000);
    demo_say(
        "An orderly shutdown needs no save: memory stays as it is, and the "
        "next boot goes\n## on from this point, not from the save before it.");
    vm_type(vm, "shutdown");
    vm_end(vm);
    demo_show(vm);
    next = demo_boot(vm);
    demo_must_be(vm, &next, VM_CONTINUED);
    demo_watch_for(vm, 2000);
}

int
main(void)
{
    struct vm *vm = vm_new(&(struct vm_options){.name = "demo"});

    first_part(vm);
    second_part(vm);
    vm_no_loss(vm);
    demo_say(
        "Nothing was lost but what came after a save and before its power "
        "cut; all checks\n## of the programs held. Try it yourself: make run. "
        "The power switch is Ctrl-A X.\n## All that was shown: %s",
        vm_log(vm));
    vm_free(vm);
    demo_linux();
    return 0;
}

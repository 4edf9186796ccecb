// vm_arguments.c -- the command line a machine is started with
#include "vm_inside.h"

#include <stdio.h>
#include <stdlib.h>

#define ARGUMENTS_MAX 48

static const char *argument[ARGUMENTS_MAX];
static int arguments;

static void
add(const char *text)
{
    argument[arguments++] = text;
}

// An option with its value, if it has one.
static void
add_option(const char *option, const char *value)
{
    if (value == NULL)
        return;
    add(option);
    add(value);
}

// Memory, and where plates are kept.
static void
add_store(struct vm *vm)
{
    const struct vm_options *o = &vm->options;

    if (o->ram || o->store != VM_NV)
        add("--volatile");
    else
        add_option("--nv", vm->nv);
    if (o->store == VM_PLATES) {
        add_option("--plates", vm->plates);
        add_option("--plates-fault", o->fault);
        add_option("--throttle-plates", o->throttle);
    }
}

const char *const *
vm_arguments(struct vm *vm)
{
    const struct vm_options *o = &vm->options;
    const char *program = getenv("VM"); // a stand-in, to test this harness
    static char mem[12];

    arguments = 0;
    snprintf(mem, sizeof(mem), "%u", o->mem_mib);
    add(program != NULL ? program : "tools/vm");
    add_store(vm);
    add_option("--mem", mem);
    add_option("--disk", o->disk);
    snprintf(vm->append, sizeof(vm->append), "%s%s",
             o->store == VM_NV ? "" : "plate=disk ",
             o->append == NULL ? "" : o->append);
    if (vm->append[0] != 0)
        add_option("--append", vm->append);
    if (o->qmp)
        add_option("--qmp", vm->qmp);
    if (o->extra != NULL)
        add(o->extra);
    for (const char *const *p = o->more; p != NULL && *p != NULL; p++)
        add(*p);
    add(NULL);
    return argument;
}

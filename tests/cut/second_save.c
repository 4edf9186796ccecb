// second_save.c -- the simplest record: one save, the second of a machine
#include "tests/cut/second_save.h"

#include <stdio.h>

#define SECONDS 60.0

const char *
record_second_save(struct record *r, const char *name)
{
    static char lacks[256];
    struct engine *e = engine_new(
        &(struct engine_options){.name = name, .grub = true, .tracing = true});
    int save = engine_watch(e, "save");

    if (!engine_on(e)) {
        snprintf(lacks, sizeof(lacks), "%s", engine_fault(e));
        engine_free(e);
        return lacks;
    }
    engine_go(e);
    if (engine_wait(e, SECONDS) != AT_COLD)
        vm_fail(e->vm, "No cold start.");
    engine_go(e);
    vm_expect(e->vm, "^tender> ");
    vm_command(e->vm, "occ enable");
    vm_command(e->vm, "save");
    engine_stop_at(e, save, STOP_HOLD, STOP_TRACE | STOP_RETURN, 0);
    vm_type(e->vm, "save");
    if (engine_wait(e, SECONDS) != save)
        vm_fail(e->vm, "No save.");
    if (record_take(r, e, SECONDS) != AT_RETURN)
        vm_fail(e->vm, "The save did not return.");
    engine_free(e);
    return NULL;
}

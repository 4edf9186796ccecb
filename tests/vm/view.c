// view.c -- what a user can look at, before and after a power cut
#include "view.h"

#include <stdlib.h>
#include <string.h>

#include "checked.h"

#define JOB "\\[[0-9]+\\] 0x[0-9a-f]+ .*"
#define HISTORY "^ +[0-9]+  .*"
#define ID_AND_OWNER "^0x[0-9a-f]{8}  0x[0-9a-f]{8}"
#define NAME "process/[^ ]+$"

struct view
view_look(struct vm *vm)
{
    struct view view;
    char *list;

    view.jobs = checked_lines(vm_command(vm, "jobs"), JOB);
    list = strdup(vm_command(vm, "res process"));
    view.processes = checked_lines(list, ID_AND_OWNER);
    view.names = checked_lines(list, NAME);
    free(list);
    view.history = checked_lines(vm_command(vm, "history"), HISTORY);
    return view;
}

void
view_same(struct vm *vm, const struct view *before, const struct view *after)
{
    if (strlen(before->jobs) < 100 || strlen(before->processes) < 160 ||
        strlen(before->names) < 80)
        vm_fail(vm, "Jobs or processes are not shown.");
    if (strcmp(before->jobs, after->jobs) != 0)
        vm_fail(vm, "The jobs were\n%sand are\n%s", before->jobs, after->jobs);
    if (strcmp(before->processes, after->processes) != 0)
        vm_fail(vm, "The processes were\n%sand are\n%s", before->processes,
                after->processes);
    if (strcmp(before->names, after->names) != 0)
        vm_fail(vm, "The processes were called\n%sand are\n%s", before->names,
                after->names);
    if (strncmp(before->history, after->history, strlen(before->history)) != 0)
        vm_fail(vm, "The history was\n%sand is\n%s", before->history,
                after->history);
}

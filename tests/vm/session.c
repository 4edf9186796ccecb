// session.c -- a Linux shell on a machine: begin it, type, look at what it says
#include "session.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHECKER "build/tools/nvcheck"
#define CHECKED "build/vm/session-check"
#define PROGRAMS "build/image/linux/bin/"

struct vm *
session_vm(const char *name, enum vm_store store)
{
    return vm_new(&(struct vm_options){
        .name = name, .store = store, .mem_mib = SESSION_MIB});
}

void
session_shell(struct vm *vm)
{
    vm_type(vm, "linux");
    vm_expect(vm, SESSION_PROMPT);
}

void
session_begin(struct vm *vm)
{
    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "enabled");
    session_shell(vm);
    session_says(vm, "stty cols 1000", "");
}

const char *
session_command(struct vm *vm, const char *line)
{
    static char *output;
    size_t start, end;
    const char *text;

    vm_run(vm, 0);
    start = vm_length(vm);
    vm_type(vm, line);
    vm_expect(vm, "\n"); // of the echo
    vm_expect(vm, SESSION_PROMPT);
    text = vm_text(vm);
    for (end = vm_length(vm); end > start && text[end - 1] != '\n'; end--)
        continue;
    start += strcspn(text + start, "\n") + 1;
    free(output);
    output = strndup(text + start, end > start ? end - start : 0);
    return output;
}

void
session_shows(struct vm *vm, const char *line, const char *pattern)
{
    const char *output = session_command(vm, line);
    regex_t regex;
    int found;

    if (regcomp(&regex, pattern, REG_EXTENDED | REG_NEWLINE | REG_NOSUB) != 0)
        vm_fail(vm, "Not a regular expression: %s", pattern);
    found = regexec(&regex, output, 0, NULL, 0);
    regfree(&regex);
    if (found != 0)
        vm_fail(vm, "\"%s\" did not show \"%s\" but \"%s\".", line, pattern,
                output);
}

void
session_says(struct vm *vm, const char *line, const char *exactly)
{
    const char *output = session_command(vm, line);

    if (strcmp(output, exactly) != 0)
        vm_fail(vm, "\"%s\" said \"%s\", not \"%s\".", line, output, exactly);
}

static void
skipped(const char *program, const char *left_out)
{
    printf("skipped: %s: %s is not in the image; 'make userland' tries to get "
           "it\n",
           left_out, program);
    fflush(stdout);
}

bool
session_possible(const char *program, const char *left_out)
{
    char path[200];

    snprintf(path, sizeof(path), PROGRAMS "%s", program);
    if (access(path, X_OK) == 0)
        return true;
    skipped(program, left_out);
    return false;
}

bool
session_has(struct vm *vm, const char *program, const char *left_out)
{
    char line[80];

    snprintf(line, sizeof(line), "which %s || echo no", program);
    if (strcmp(session_command(vm, line), "no\n") != 0)
        return true;
    skipped(program, left_out);
    return false;
}

unsigned
session_save(struct vm *vm)
{
    unsigned number;

    vm_type(vm, "save");
    number = session_saved(vm);
    vm_expect(vm, SESSION_PROMPT);
    return number;
}

void
session_when(struct vm *vm, const char *condition, const char *command)
{
    char line[200];

    snprintf(line, sizeof(line),
             "( (until %s; do sleep 0.1; done; sleep 0.2; exec %s) & )",
             condition, command);
    session_says(vm, line, "");
}

unsigned
session_saved(struct vm *vm)
{
    return (unsigned)atoi(vm_expect(vm, "tender: saved ([0-9]+):"));
}

void
session_cut(struct vm *vm)
{
    char command[300];

    vm_cut(vm);
    if (access(vm_plates(vm), F_OK) == 0) {
        checked_disk(vm);
        return;
    }
    snprintf(command, sizeof(command), CHECKER " %s >" CHECKED, vm_nv(vm));
    if (system(command) != 0)
        vm_fail(vm, "The checker finds fault with it: see " CHECKED);
    unlink(CHECKED);
}

void
session_restored(struct vm *vm, unsigned save)
{
    struct vm_boot boot = vm_decision(vm);

    if (boot.outcome != VM_RESTORED || boot.save != save)
        vm_fail(vm, "Not restored from save %u: %s", save, boot.line);
}

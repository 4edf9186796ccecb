// vm_console.c -- talk with a machine: expect a line, type, wait for the prompt
#include "vm_inside.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

#define PROMPT "^tender> "
#define SPONTANEOUS_S 1.0 // in which a shell that has no line yet begins one
#define SETTLE_MS 100.0   // until a prompt drawn twice is there twice

// Remember the match and move the mark behind it.
static bool
find(struct vm *vm, regex_t *regex)
{
    const char *from = vm->text.text + vm->mark;
    bool line_start = vm->mark == 0 || from[-1] == '\n';
    regmatch_t m[2];
    int group = regex->re_nsub > 0 ? 1 : 0;

    if (regexec(regex, from, 2, m, line_start ? 0 : REG_NOTBOL) != 0)
        return false;
    if (m[group].rm_so < 0)
        group = 0;
    free(vm->match);
    vm->match = strndup(from + m[group].rm_so,
                        (size_t)(m[group].rm_eo - m[group].rm_so));
    vm->mark += (size_t)m[0].rm_eo;
    return true;
}

const char *
vm_wait(struct vm *vm, const char *pattern, double seconds)
{
    double until = now() + seconds;
    bool found, more = true;
    regex_t regex;

    if (regcomp(&regex, pattern, REG_EXTENDED | REG_NEWLINE) != 0)
        vm_fail(vm, "Not a regular expression: %s", pattern);
    while (!(found = find(vm, &regex)) && more && now() < until)
        more = vm_pump(vm, until - now());
    regfree(&regex);
    return found ? vm->match : NULL;
}

const char *
vm_expect(struct vm *vm, const char *pattern)
{
    const char *found = vm_wait(vm, pattern, VM_PATIENCE);

    if (found == NULL && vm->pid == 0)
        vm_fail(vm, "The machine ended (%d) before the console showed \"%s\".",
                vm->status, pattern);
    if (found == NULL)
        vm_fail(vm, "The console did not show \"%s\" within %.0f s.", pattern,
                VM_PATIENCE);
    return found;
}

void
vm_keys(struct vm *vm, const char *keys)
{
    size_t length = strlen(keys);

    if (vm->pid != 0 && write(vm->in, keys, length) != (ssize_t)length)
        vm_run(vm, 100); // it is ending: whoever waits for it will see
}

void
vm_type(struct vm *vm, const char *line)
{
    vm_keys(vm, line);
    vm_keys(vm, "\n");
}

void
vm_prompt(struct vm *vm)
{
    if (vm_wait(vm, PROMPT, SPONTANEOUS_S) != NULL)
        return;
    vm_keys(vm, "\025"); // Ctrl-U empties the line and draws it again
    vm_expect(vm, PROMPT);
    vm_run(vm, SETTLE_MS);
    vm->mark = vm->text.length;
}

const char *
vm_command(struct vm *vm, const char *line)
{
    vm_run(vm, 0);
    size_t start = vm->mark = vm->text.length;

    vm_type(vm, line);
    vm_expect(vm, PROMPT);
    free(vm->match);
    vm->match = strndup(vm->text.text + start, vm->mark - start);
    return vm->match;
}

#define DECISION                                                               \
    "^(tender: (cold start|continued from shutdown|restored save [0-9]+|"      \
    "refused: ).*)\n"

static struct vm_boot
read_decision(const char *line)
{
    struct vm_boot boot = {.outcome = VM_REFUSED};
    static const struct {
        const char *start;
        enum vm_outcome outcome;
    } lines[] = {
        {"tender: cold start", VM_COLD},
        {"tender: continued from shutdown", VM_CONTINUED},
        {"tender: restored save ", VM_RESTORED},
    };

    snprintf(boot.line, sizeof(boot.line), "%s", line);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        if (strncmp(line, lines[i].start, strlen(lines[i].start)) == 0)
            boot.outcome = lines[i].outcome;
    sscanf(line, "tender: restored save %u", &boot.save);
    return boot;
}

struct vm_boot
vm_decision(struct vm *vm)
{
    vm_on(vm);
    return read_decision(vm_expect(vm, DECISION));
}

bool
vm_decided(struct vm *vm, struct vm_boot *boot)
{
    const char *line;

    vm->mark = vm->boot_start;
    line = vm_wait(vm, DECISION, 0);
    if (line != NULL)
        *boot = read_decision(line);
    return line != NULL;
}

struct vm_boot
vm_boot(struct vm *vm)
{
    struct vm_boot boot = vm_decision(vm);

    if (boot.outcome == VM_COLD)
        vm_expect(vm, PROMPT);
    else if (boot.outcome != VM_REFUSED)
        vm_prompt(vm);
    return boot;
}

bool
vm_text_is_bad(const char *text)
{
    return strstr(text, "LOST") != NULL || strstr(text, "DOUBLED") != NULL ||
           strstr(text, "WRONG") != NULL || strstr(text, "panic") != NULL;
}

void
vm_no_loss(struct vm *vm)
{
    vm_run(vm, 0);
    if (vm_text_is_bad(vm->text.text))
        vm_fail(vm, "The console shows LOST, DOUBLED, WRONG or panic.");
}

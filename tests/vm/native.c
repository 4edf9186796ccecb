// native.c -- run a script of many cases on both sides, keep what each case said
#include "native.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

#define PROGRAMS "build/userland/linux/bin"
#define LINE 2000
#define TYPED_MOST 159u // LINE_BYTES of user/lib/tender.h
#define SIGNALS 64

bool
native_can(void)
{
    return geteuid() == 0 && access(PROGRAMS "/busybox", X_OK) == 0;
}

// --- the list ---

static struct native *
parse(const char *text)
{
    struct native *list = NULL, **last = &list;

    for (const char *at = strstr(text, "@@ "), *next; at != NULL; at = next) {
        struct native *one = calloc(1, sizeof(*one));

        next = strstr(at + 1, "\n@@ ");
        next = next == NULL ? NULL : next + 1;
        if (one == NULL)
            abort();
        one->name = strndup(at + 3, strcspn(at + 3, " \n"));
        one->text = next == NULL ? strndup(at, strcspn(at, "\n"))
                                 : strndup(at, (size_t)(next - at));
        *last = one;
        last = &one->next;
    }
    return list;
}

void
native_free(struct native *list)
{
    while (list != NULL) {
        struct native *next = list->next;

        free(list->name);
        free(list->text);
        free(list);
        list = next;
    }
}

// --- here ---

static void
put_files(char *to, const struct native_run *run, const char *folder)
{
    char copy[LINE], *rest = copy;

    snprintf(copy, sizeof(copy), "%s", run->files);
    for (char *word; (word = strsep(&rest, " ")) != NULL;)
        if (*word != 0) {
            size_t length = strlen(to);

            snprintf(to + length, LINE - length, " %s%s%s",
                     folder == NULL ? "" : folder, folder == NULL ? "" : "/",
                     word);
        }
    if (run->part != NULL) {
        strcat(to, " ");
        strcat(to, run->part);
    }
}

// As a program is started in Tender: no files but three, all signals as they
// are, few variables.
static void
become_script(const char *line)
{
    static char *const environment[] = {"PATH=/nowhere", NULL};
    static const long as_it_is[32]; // of the kernel's struct sigaction: SIG_DFL
    char *const argv[] = {"sh", "-c", (char *)line, NULL};
    sigset_t none;

    // Not by signal(): the C library keeps two for itself, which make leaves
    // ignored.
    for (int number = 1; number <= SIGNALS; number++)
        syscall(SYS_rt_sigaction, number, &as_it_is, NULL, 8);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    close_range(3, ~0u, 0);
    setsid();
    execve(PROGRAMS "/busybox", argv, environment);
    _exit(127);
}

static char *
file_text(const char *path)
{
    FILE *f = fopen(path, "r");
    char *text = NULL;
    size_t bytes = 0;

    if (f == NULL || getdelim(&text, &bytes, 0, f) < 0)
        text = strdup("");
    if (f != NULL)
        fclose(f);
    return text;
}

static pid_t
start_here(const struct native_run *run)
{
    char line[LINE], here[200];

    if (getcwd(here, sizeof(here)) == NULL)
        abort();
    mkdir("build/native", 0777);
    snprintf(line, sizeof(line),
             "exec %s/" PROGRAMS "/busybox sh %s/tests/linux/%s "
             "%s/build/native/%s %s/" PROGRAMS,
             here, here, run->script, here, run->name, here);
    put_files(line, run, run->folder);
    pid_t child = fork();

    if (child == 0)
        become_script(line);
    if (child < 0)
        abort();
    return child;
}

static struct native *
end_here(const struct native_run *run, pid_t child)
{
    char path[300];

    if (waitpid(child, NULL, 0) < 0)
        abort();
    snprintf(path, sizeof(path), "build/native/%s/results", run->name);
    char *text = file_text(path);
    struct native *list = parse(text);

    free(text);
    return list;
}

// --- there ---

static bool
has_ended(struct vm *vm, const struct native_run *run)
{
    char line[300];

    snprintf(line, sizeof(line), "linux /bin/tail -n 1 /tmp/%s/results",
             run->name);
    return strstr(vm_command(vm, line), "\n@@ end\n") != NULL;
}

// How many cases it has done.
static unsigned
progress(struct vm *vm, const struct native_run *run)
{
    char line[300];
    unsigned cases = 0;

    snprintf(line, sizeof(line), "linux /bin/wc -l /tmp/%s/times", run->name);
    const char *said = strchr(vm_command(vm, line), '\n');

    if (said == NULL || sscanf(said, "%u", &cases) != 1)
        return 0;
    return cases;
}

static void
cut_once(struct vm *vm, const struct native_run *run)
{
    struct vm_boot boot;

    if (strstr(vm_command(vm, "save"), "saved") == NULL)
        vm_fail(vm, "Not saved.");
    if (has_ended(vm, run))
        vm_fail(vm, "%s ended before all cuts.", run->name);
    vm_run(vm, (unsigned)rand() % 300);
    vm_cut(vm);
    boot = vm_boot(vm);
    if (boot.outcome != VM_RESTORED)
        vm_fail(vm, "Not restored: %s", boot.line);
}

// Save, cut the power, boot, so often, at equal distances in the list of cases.
static void
cut(struct vm *vm, const struct native_run *run, unsigned cases, double until)
{
    srand(run->cuts);
    for (unsigned i = 1; i <= run->cuts; i++) {
        while (progress(vm, run) < cases * i / (run->cuts + 2)) {
            if (now() > until)
                vm_fail(vm, "%s does not come to cut %u.", run->name, i);
            vm_run(vm, (unsigned)rand() % 300);
        }
        cut_once(vm, run);
    }
}

static void
run_there(struct vm *vm, const struct native_run *run, unsigned cases)
{
    double until = now() + run->seconds;
    char line[LINE];

    snprintf(line, sizeof(line), "linux /bin/sh /disk/tests/%s /tmp/%s /bin",
             run->script, run->name);
    put_files(line, run, run->disk_folder);
    strcat(line, " &");
    if (strlen(line) > TYPED_MOST)
        vm_fail(vm, "The shell would cut off: %s", line);
    if (run->cuts > 0)
        vm_command(vm, "occ enable");
    vm_command(vm, line);
    cut(vm, run, cases, until);
    vm_run(vm, 1000);
    while (!has_ended(vm, run)) {
        if (now() > until)
            vm_fail(vm, "%s does not end.", run->name);
        vm_run(vm, 2000);
    }
}

// Both sides at once; but where the power is to be cut, it must be known before
// how many cases there are.
void
native_run(struct vm *vm, const struct native_run *run, struct native **here,
           struct native **there)
{
    pid_t child = start_here(run);
    unsigned cases = 0;
    char line[300];

    if (run->cuts > 0) {
        *here = end_here(run, child);
        for (const struct native *one = *here; one != NULL; one = one->next)
            cases++;
    }
    run_there(vm, run, cases);
    snprintf(line, sizeof(line), "linux /bin/cat /tmp/%s/results", run->name);
    *there = parse(vm_command(vm, line));
    if (run->cuts == 0)
        *here = end_here(run, child);
}

// --- compared ---

static const struct native *
find(const struct native *list, const char *name)
{
    while (list != NULL && strcmp(list->name, name) != 0)
        list = list->next;
    return list;
}

// The line of a file that begins with this name, without it.
static char *
reason_of(const char *known, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = known; at != NULL && *at != 0;) {
        const char *end = at + strcspn(at, "\n");

        if (strncmp(at, name, length) == 0 && at[length] == ':')
            return strndup(at + length + 1, (size_t)(end - at) - length - 1);
        at = *end == 0 ? end : end + 1;
    }
    return NULL;
}

static void
put_side(FILE *report, const char *side, const char *text)
{
    fprintf(report, "%s:\n", side);
    while (*text != 0) {
        size_t length = strcspn(text, "\n");

        fprintf(report, "    %.*s\n", (int)length, text);
        text += length + (text[length] != 0);
    }
}

unsigned
native_compare(FILE *report, const struct native *here,
               const struct native *there, const char *known, unsigned *cases,
               unsigned *differ)
{
    char *reasons = file_text(known);
    unsigned open = 0;

    *cases = *differ = 0;
    for (; here != NULL; here = here->next) {
        const struct native *other = find(there, here->name);
        char *reason;

        *cases += strcmp(here->name, "end") != 0;
        if (other != NULL && strcmp(here->text, other->text) == 0)
            continue;
        reason = reason_of(reasons, here->name);
        ++*differ;
        open += reason == NULL;
        fprintf(report, "\n%s:%s\n", here->name,
                reason == NULL ? " NOT EXPLAINED" : reason);
        put_side(report, "  here", here->text);
        put_side(report, "  Tender", other == NULL ? "absent" : other->text);
        free(reason);
    }
    free(reasons);
    return open;
}

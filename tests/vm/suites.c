// suites.c -- other people's test suites, here and in Tender, test by test
//
//   suites [--cut] [NAME...]      NAME: one of the suites below (all)
//
// The reports say what each test said, what differs, and why as far as
// tests/linux/known-suites knows. --cut: the power is cut ten times in the
// middle of each suite.
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "native.h"

#define IMAGE "build/suites.img"
#define REPORT "build/suites/%s.txt"
#define SUITES_HAD "build/userland/suites"
#define KNOWN "tests/linux/known-suites"
#define CUTS 10
#define SECONDS 3600 // only bounds hangs

static const struct {
    const char *name, *script;
    const char *file; // which is there if the suite could be had
} suites[] = {{"ash_test", "busybox.sh", "ash_test"},
              {"testsuite", "busybox.sh", "testsuite"},
              {"bc", "busybox.sh", "testsuite"},
              {"lua", "others.sh", "lua"},
              {"lua53", "others.sh", "lua53"},
              {"lua53on54", "others.sh", "lua53"},
              {"speedtest1", "others.sh", "speedtest1"}};

#define SUITES (sizeof(suites) / sizeof(suites[0]))

// How many lines of all cases begin so.
static unsigned
count(const struct native *list, const char *start)
{
    unsigned found = 0;

    for (; list != NULL; list = list->next)
        for (const char *at = list->text; (at = strstr(at, start)) != NULL;)
            found += *at++ == start[0];
    return found;
}

// How many cases ended with status 0.
static unsigned
ended_well(const struct native *list)
{
    unsigned found = 0;

    for (; list != NULL; list = list->next) {
        size_t length = strcspn(list->text, "\n");

        found += length > 2 && strncmp(list->text + length - 2, " 0", 2) == 0;
    }
    return found;
}

static void
tell_side(FILE *report, const char *side, const struct native *list)
{
    fprintf(report,
            "%s: %u ok, %u bad, %u ended with 0; tests of programs: %u passed, "
            "%u failed, %u skipped\n",
            side, count(list, " ok\n"), count(list, " bad\n"), ended_well(list),
            count(list, "| PASS: "), count(list, "| FAIL: "),
            count(list, "| SKIPPED: "));
}

static void
tell_all(FILE *report, const struct native *here, const struct native *there)
{
    fprintf(report, "\nAll of it, here:\n");
    for (; here != NULL; here = here->next)
        fprintf(report, "%s\n", here->text);
    fprintf(report, "\nAll of it, in Tender:\n");
    for (; there != NULL; there = there->next)
        fprintf(report, "%s\n", there->text);
}

static struct vm *
machine(const char *name)
{
    const struct vm_options options = {
        .name = name, .disk = IMAGE, .mem_mib = 512};
    struct vm *vm = vm_new(&options);

    if (vm_boot(vm).outcome != VM_COLD)
        vm_fail(vm, "No cold start.");
    return vm;
}

static bool
had(const char *name, const char *file)
{
    char path[100];

    snprintf(path, sizeof(path), SUITES_HAD "/%s", file);
    if (access(path, F_OK) == 0)
        return true;
    printf("skipped: %s: it could not be had; 'make userland' and then 'make "
           "suites' tries again\n",
           name);
    return false;
}

// How many differences are not explained.
static unsigned
run(const struct native_run *what)
{
    struct native *here, *there;
    unsigned cases, differ, open;
    double start = now();
    char path[100];

    snprintf(path, sizeof(path), REPORT, what->name);
    FILE *report = fopen(path, "w");

    if (report == NULL)
        abort();
    struct vm *vm = machine(what->name);

    native_run(vm, what, &here, &there);
    fprintf(report, "%s, %u power cuts\n", what->part, what->cuts);
    tell_side(report, "here", here);
    tell_side(report, "Tender", there);
    open = native_compare(report, here, there, KNOWN, &cases, &differ);
    fprintf(report, "\n%u cases, %u differ, %u of them not explained\n", cases,
            differ, open);
    printf("%s, %u power cuts: %u cases, %u differ, %u of them not explained, "
           "%.0f s: %s\n",
           what->part, what->cuts, cases, differ, open, now() - start, path);
    fflush(stdout);
    tell_all(report, here, there);
    fclose(report);
    vm_no_loss(vm);
    native_free(here);
    native_free(there);
    vm_free(vm);
    return cases < 10 ? 1 : open;
}

static bool
wanted(const char *name, char **names)
{
    bool any = *names != NULL;

    for (; *names != NULL; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return !any;
}

int
main(int argc, char **argv)
{
    bool cuts = argc > 1 && strcmp(argv[1], "--cut") == 0;
    char **names = argv + 1 + cuts;
    char folder[300];
    unsigned open = 0;

    if (getcwd(folder, sizeof(folder) - 20) == NULL)
        return 2;
    strcat(folder, "/build/userland");
    mkdir("build/suites", 0777);
    for (size_t i = 0; i < SUITES; i++) {
        char name[40];
        const struct native_run what = {.name = name,
                                        .script = suites[i].script,
                                        .files = "suites",
                                        .folder = folder,
                                        .disk_folder = "/disk",
                                        .part = suites[i].name,
                                        .seconds = SECONDS,
                                        .cuts = cuts ? CUTS : 0};

        snprintf(name, sizeof(name), "%s%s", what.part, cuts ? "-cut" : "");
        if (wanted(what.part, names) && had(what.part, suites[i].file))
            open += run(&what);
    }
    return open == 0 ? 0 : 1;
}

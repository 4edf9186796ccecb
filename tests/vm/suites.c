// suites.c -- other people's test suites, here and in Tender, test by test
//
//   suites [--cut] [NAME]      NAME: busybox (all)
//
// The report says what differs, and why as far as tests/linux/known-suites
// knows. --cut: the power is cut ten times in the middle.
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "native.h"

#define IMAGE "build/suites.img"
#define REPORT "build/suites/report.txt"
#define KNOWN "tests/linux/known-suites"
#define CUTS 10

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

static void
tell_side(FILE *report, const char *side, const struct native *list)
{
    fprintf(report,
            "%s: shell: %u ok, %u bad; programs: %u passed, %u failed, %u "
            "skipped\n",
            side, count(list, " ok\n"), count(list, " bad\n"),
            count(list, "| PASS: "), count(list, "| FAIL: "),
            count(list, "| SKIPPED: "));
}

static unsigned
run(FILE *report, struct native_run *what)
{
    const struct vm_options options = {
        .name = "suites", .disk = IMAGE, .mem_mib = 256};
    struct vm *vm = vm_new(&options);
    struct native *here, *there;
    unsigned cases, differ, open;

    if (vm_boot(vm).outcome != VM_COLD)
        vm_fail(vm, "No cold start.");
    native_run(vm, what, &here, &there);
    fprintf(report, "%s, %u power cuts\n", what->name, what->cuts);
    tell_side(report, "here", here);
    tell_side(report, "Tender", there);
    open = native_compare(report, here, there, KNOWN, &cases, &differ);
    fprintf(report, "\n%u cases, %u differ, %u of them not explained\n", cases,
            differ, open);
    printf("%s: %u cases, %u differ, %u of them not explained: " REPORT "\n",
           what->name, cases, differ, open);
    vm_no_loss(vm);
    native_free(here);
    native_free(there);
    vm_free(vm);
    return cases < 10 ? 1 : open;
}

int
main(int argc, char **argv)
{
    bool cuts = argc > 1 && strcmp(argv[1], "--cut") == 0;
    char folder[300];
    struct native_run busybox = {.name = "busybox",
                                 .script = "busybox.sh",
                                 .files = "suites",
                                 .folder = folder,
                                 .disk_folder = "/disk",
                                 .seconds = 3600,
                                 .cuts = cuts ? CUTS : 0,
                                 .cut_ms = 5000};

    if (getcwd(folder, sizeof(folder) - 20) == NULL)
        return 2;
    strcat(folder, "/build/userland");
    mkdir("build/suites", 0777);
    FILE *report = fopen(REPORT, "w");

    if (report == NULL)
        return 2;
    unsigned open = run(report, &busybox);

    fclose(report);
    return open == 0 ? 0 : 1;
}

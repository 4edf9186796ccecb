// test_linux_native.c -- do busybox, Lua and SQLite print in Tender what they
// print on Linux?
//
// The cases of tests/linux/ run here and there by the same static programs.
#include <string.h>

#include "checked.h"
#include "native.h"
#include "session.h"

#define IMAGE "build/linux-tests.img"
#define SECONDS 600 // only bounds hangs, as CASE_SECONDS does
#define FILES "shell.cases files.cases text.cases"

static const char report_path[] = "build/test-logs/native-%s.txt";

static void
compare(const char *name, const char *files, unsigned cuts)
{
    struct native_run run = {.name = name,
                             .script = "run.sh",
                             .files = files,
                             .seconds = SECONDS,
                             .cuts = cuts};
    struct vm *vm = vm_new(
        &(struct vm_options){.name = name, .disk = IMAGE, .mem_mib = 256});
    struct native *here, *there;
    unsigned cases, differ;
    char path[100];

    snprintf(path, sizeof(path), report_path, name);
    checked_boot(vm, VM_COLD);
    native_run(vm, &run, &here, &there);
    FILE *report = fopen(path, "w");

    ck_assert_ptr_nonnull(report);
    unsigned open = native_compare(report, here, there, "tests/linux/known",
                                   &cases, &differ);

    fclose(report);
    printf("%u cases, %u differ, %u of them not explained: %s\n", cases, differ,
           open, path);
    if (cases < 10 || open > 0)
        vm_fail(vm, "%u cases; %u differ without a reason: %s", cases, open,
                path);
    vm_no_loss(vm);
    native_free(here);
    native_free(there);
    vm_free(vm);
}

// Does every case say the same?
START_TEST(same_as_here)
{
    char files[200] = FILES;

    if (session_possible("lua", "the cases of Lua"))
        strcat(files, " lua.cases");
    if (session_possible("sqlite3", "the cases of SQLite"))
        strcat(files, " sqlite.cases");
    compare("linux-native", files, 0);
}
END_TEST

// And when the power is cut three times meanwhile?
START_TEST(same_after_cuts)
{
    compare("linux-native-cut", "shell.cases", 3);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("linux_native");
    TCase *tcase = tcase_create("cases");

    if (!native_can()) {
        printf("skipped: the same here and in Tender: busybox could not be "
               "had, or not run by root\n");
        return 0;
    }
    tcase_set_timeout(tcase, SECONDS + CASE_SECONDS);
    tcase_add_test(tcase, same_as_here);
    tcase_add_test(tcase, same_after_cuts);
    suite_add_tcase(suite, tcase);
    return checked_main(suite);
}

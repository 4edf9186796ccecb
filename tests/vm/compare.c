// compare.c -- the plate stores against each other: what NV memory buys
//
//   compare [RUNS] [SYSTEM...]      5 runs of every system
//
// Each run takes every system once, in turn, so that a busy host touches all
// alike; a system runs in a process of its own, so that one which fails harms
// no other.  The tables go to build/compare/report.md, every value to
// values.csv, pictures beside them.  Exit code 1: some run failed.
#include "compare.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "vm.h"

#define RUNS 5
#define RUN_SECONDS 200 // one system; only bounds hangs
#define FAILURES 100
#define FAILED "failed: "

static const struct compare_system systems[] = {
    {.name = NV, .label = "NV memory"},
    {.name = DISK_FAST, .label = "disk, fast", .disk = true},
    {.name = DISK_SLOW, .label = "disk, 5400 rpm", .disk = true, .slow = true},
    {.name = SAVEVM, .label = "QEMU's savevm", .savevm = true},
    {.name = NV_COUNTED, .label = "NV, counted", .counted = true},
    {.name = DISK_COUNTED,
     .label = "disk, counted",
     .disk = true,
     .counted = true},
};

#define SYSTEMS (sizeof(systems) / sizeof(systems[0]))

static bool chosen[SYSTEMS];
static char failures[FAILURES][400];
static int failed;

// --- in the process of one system

static FILE *results;

static void
give_up(const char *sentence)
{
    fprintf(results, FAILED "%s\n", sentence);
    fflush(results);
    _exit(1);
}

__attribute__((noreturn)) static void
run_system(const struct compare_system *system, int out)
{
    results = fdopen(out, "w");
    if (results == NULL)
        _exit(1);
    vm_failed = give_up;
    alarm(RUN_SECONDS);
    if (system->savevm)
        compare_savevm(system, results);
    else
        compare_measure(system, results);
    fclose(results);
    _exit(0);
}

// --- in the process of all of them

// The values, until the end or a failure; the failure's text, or "".
static void
collect(const struct compare_system *system, int run, FILE *in, char *why,
        size_t room)
{
    char line[300];

    *why = 0;
    while (fgets(line, sizeof(line), in) != NULL) {
        char *rest = line, *measure = strsep(&rest, "\t");
        char *part = strsep(&rest, "\t"), *unit = strsep(&rest, "\t");

        if (strncmp(line, FAILED, strlen(FAILED)) == 0) {
            line[strcspn(line, "\n")] = 0;
            snprintf(why, room, "%s", line + strlen(FAILED));
            printf("\n%s\n", why);
            while (fgets(line, sizeof(line), in) != NULL)
                fputs(line, stdout);
        } else if (rest != NULL) {
            values_add(run, system->name, measure, part, unit,
                       strtod(rest, NULL));
        }
    }
}

static void
show_progress(const struct compare_system *system, double seconds)
{
    static const char *const measures[] = {"enable", "first", "restore"};

    printf(" %.0f s; medians so far:", seconds);
    for (int i = 0; i < 3; i++) {
        struct spread s = values_of(system->name, measures[i], "total");

        if (s.values > 0)
            printf(" %s %.4g ms%s", measures[i], s.median, i < 2 ? "," : "");
    }
    printf("\n");
}

static void
take(const struct compare_system *system, int run)
{
    char why[300];
    double start = now();
    int pipes[2], status;
    pid_t pid;
    FILE *in;

    fflush(NULL);
    if (pipe2(pipes, O_CLOEXEC) < 0 || (pid = fork()) < 0) {
        perror("compare");
        exit(1);
    }
    if (pid == 0)
        run_system(system, pipes[1]);
    close(pipes[1]);
    in = fdopen(pipes[0], "r");
    collect(system, run, in, why, sizeof(why));
    fclose(in);
    waitpid(pid, &status, 0);
    if (status == 0) {
        show_progress(system, now() - start);
        return;
    }
    if (*why == 0)
        snprintf(why, sizeof(why),
                 WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM
                     ? "not finished within %d s"
                     : "ended by status %d",
                 WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM
                     ? RUN_SECONDS
                     : status);
    printf("compare: run %d of %s FAILED: %s\n", run, system->label, why);
    if (failed < FAILURES)
        snprintf(failures[failed], sizeof(failures[0]), "run %d of %s: %s", run,
                 system->label, why);
    failed++;
}

static void
run_all(int runs)
{
    for (int run = 1; run <= runs; run++)
        for (size_t i = 0; i < SYSTEMS; i++) {
            if (!chosen[i] || (systems[i].counted && run > 1))
                continue;
            printf("compare: run %d of %d, %s ...", run, runs,
                   systems[i].label);
            fflush(stdout);
            take(&systems[i], run);
        }
}

static void
write_report(FILE *file, int runs, const char *calibration)
{
    fprintf(file,
            "# Plates in NV memory and on disk\n\n"
            "%d runs, interleaved; %d MiB of memory; counter, life, ping, fpu "
            "and fill (4 MiB)\nrunning; QEMU with TCG, all memory taken from "
            "the host beforehand. Absolute times change\nwith the host: look "
            "at ratios. Medians, in brackets the smallest and greatest.\n\n"
            "- %s\n",
            runs, COMPARE_MEM_MIB, calibration);
    for (int i = 0; i < failed && i < FAILURES; i++)
        fprintf(file, "- **failed**: %s\n", failures[i]);
    fprintf(file, "- %d runs of a system failed\n", failed);
    report_tables(file);
    report_targets(file);
}

// --- the arguments

__attribute__((noreturn)) static void
usage(void)
{
    fprintf(stderr, "usage: compare [RUNS] [SYSTEM...], systems:");
    for (size_t i = 0; i < SYSTEMS; i++)
        fprintf(stderr, " %s", systems[i].name);
    fprintf(stderr, "\n");
    exit(2);
}

static int
read_arguments(char *const *p)
{
    int runs = RUNS;
    bool any = false;

    if (*p != NULL && isdigit((unsigned char)**p)) {
        char *end;
        long number = strtol(*p++, &end, 10);

        if (*end != 0 || number < 1 || number > 1000)
            usage();
        runs = (int)number;
    }
    for (; *p != NULL; p++) {
        size_t i = 0;

        while (i < SYSTEMS && strcmp(systems[i].name, *p) != 0)
            i++;
        if (i == SYSTEMS)
            usage();
        chosen[i] = any = true;
    }
    for (size_t i = 0; i < SYSTEMS && !any; i++)
        chosen[i] = true;
    return runs;
}

int
main(int argc, char **argv)
{
    const char *calibration;
    FILE *report;
    int runs;

    (void)argc;
    runs = read_arguments(argv + 1);
    mkdir("build", 0777);
    mkdir(COMPARE_DIR, 0777);
    printf("compare: calibrating the modelled drive\n");
    calibration = drive_calibrate();
    if (calibration == NULL) {
        calibration = "the modelled drive could not be measured";
        failed++;
    }
    printf("compare: %s\n", calibration);
    run_all(runs);
    report = fopen(COMPARE_DIR "/report.md", "w");
    if (report == NULL || !values_write(COMPARE_DIR "/values.csv")) {
        perror(COMPARE_DIR);
        return 1;
    }
    write_report(report, runs, calibration);
    fclose(report);
    plot_all();
    printf("\n");
    write_report(stdout, runs, calibration);
    printf("\ncompare: " COMPARE_DIR "/report.md, values.csv, *.png\n");
    return failed > 0;
}

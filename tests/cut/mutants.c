// mutants.c -- are kernels broken on purpose found out?
//
//   mutants NAME...      none: the kernel as it is, in which nothing may be found
//
// Each kernel saves, and shuts down, in a machine that traces it; then power
// cuts are tried until something is lost: at the words of the root and the
// fences (M1, M2), at every event (M1), and in the recovery (second cuts).
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/cut/hunt.h"
#include "tests/vm/clock.h"

// "Found", in one line; what was tried, if not.
static int
try_kernel(const char *name)
{
    static struct hunt hunt;
    char elf[200];
    double started = now();

    snprintf(elf, sizeof(elf), "build/cut/mutants/%s.elf", name);
    if (strcmp(name, "none") == 0)
        snprintf(elf, sizeof(elf), "build/tender.elf");
    hunt.name = name;
    hunt.elf = elf;
    const struct mutant *m = hunt_kernel(&hunt);

    if (m != NULL)
        printf("mutants: %-18s found by %s after %llu boots (%.0f s): %s\n",
               name, hunt.id, (unsigned long long)hunt.boots, now() - started,
               m->why);
    else
        printf("mutants: %-18s nothing found in %llu images, %llu boots "
               "(%.0f s)\n",
               name, (unsigned long long)hunt.images,
               (unsigned long long)hunt.boots, now() - started);
    fflush(stdout);
    return (m != NULL) == (strcmp(name, "none") == 0);
}

struct tally {
    int passed, failed, skipped;
};

// One has ended: was it as it should be?
static void
wait_one(struct tally *tally)
{
    int status;

    if (waitpid(-1, &status, 0) < 0)
        return;
    if (WIFEXITED(status) && WEXITSTATUS(status) == MUTANT_SKIPPED)
        tally->skipped++;
    else if (status == 0)
        tally->passed++;
    else
        tally->failed++;
}

int
main(int argc, char **argv)
{
    const char *jobs = getenv("JOBS");
    int n = jobs != NULL ? atoi(jobs) : (int)sysconf(_SC_NPROCESSORS_ONLN);
    struct tally tally = {0, 0, 0};
    int running = 0;

    for (int i = 1; i < argc; i++) {
        if (running >= n && running > 0) {
            wait_one(&tally);
            running--;
        }
        fflush(stdout);
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            exit(try_kernel(argv[i]));
        }
        running++;
    }
    for (; running > 0; running--)
        wait_one(&tally);
    printf("%d passed, %d failed, %d skipped\n", tally.passed, tally.failed,
           tally.skipped);
    return tally.failed != 0;
}

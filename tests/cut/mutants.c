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

// One has ended: was it as it should be?
static int
wait_one(void)
{
    int status;

    return waitpid(-1, &status, 0) > 0 && status != 0;
}

int
main(int argc, char **argv)
{
    const char *jobs = getenv("JOBS");
    int n = jobs != NULL ? atoi(jobs) : (int)sysconf(_SC_NPROCESSORS_ONLN);
    int running = 0, wrong = 0;

    for (int i = 1; i < argc; i++) {
        if (running >= n && running > 0) {
            wrong += wait_one();
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
        wrong += wait_one();
    printf("%d passed, %d failed\n", argc - 1 - wrong, wrong);
    return wrong != 0;
}

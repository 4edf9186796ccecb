// mutants.c -- are kernels broken on purpose found out?
//
//   mutants NAME...    none: the kernel as it is, in which nothing may be found
//   mutants ID [gdb]   try one image again, of the record that is kept
//
// Each kernel saves, and shuts down, in a machine that traces it; then power
// cuts are tried until something is lost: M1 and M2 at the words of the root, the
// fences and some events between, in the recovery (second cuts), M1 at every event.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/cut/hunt.h"
#include "tests/vm/clock.h"

#define FAILED 78 // how a process ends whose machine failed
#define TRIES 4

// What all processes did.
struct tally {
    u64 kernels, found, losses; // losses: in the kernel as it is
    u64 events, images, distinct, boots;
};

static struct tally *tally;

static void
count(u64 *figure, u64 n)
{
    __atomic_add_fetch(figure, n, __ATOMIC_RELAXED);
}

static struct hunt *
name_kernel(const char *name)
{
    static struct hunt hunt;
    static char elf[200];

    snprintf(elf, sizeof(elf), "build/cut/mutants/%s.elf", name);
    if (strcmp(name, "none") == 0)
        snprintf(elf, sizeof(elf), "build/tender.elf");
    hunt.name = name;
    hunt.elf = elf;
    return &hunt;
}

static void
machine_failed(const char *sentence)
{
    printf("mutants: %.*s\n", (int)strcspn(sentence, "\n"), sentence);
    fflush(stdout);
    _exit(FAILED);
}

// "Found", in one line; what was tried, if not.
static int
try_kernel(const char *name)
{
    struct hunt *hunt = name_kernel(name);
    bool broken = strcmp(name, "none") != 0;
    double started = now();
    const struct mutant *m = hunt_kernel(hunt);

    if (m != NULL && strstr(hunt->id, ":uncut") != NULL)
        machine_failed(m->why); // no cut has shown anything
    if (m != NULL)
        printf("mutants: %-18s found by %s after %llu boots (%.0f s): %s\n",
               name, hunt->id, (unsigned long long)hunt->boots, now() - started,
               m->why);
    else
        printf("mutants: %-18s nothing found in %llu images, %llu boots "
               "(%.0f s)\n",
               name, (unsigned long long)hunt->images,
               (unsigned long long)hunt->boots, now() - started);
    fflush(stdout);
    count(&tally->kernels, 1);
    count(broken ? &tally->found : &tally->losses, m != NULL);
    count(&tally->events, hunt->events);
    count(&tally->images, hunt->images);
    count(&tally->distinct, hunt->distinct);
    count(&tally->boots, hunt->boots);
    return (m != NULL) != broken;
}

// A machine that does not come to its operation has shown nothing of the kernel:
// time is counted in instructions, so a busy host is a slow disk to it.
static int
try_often(const char *name)
{
    int status = 0;

    for (int i = 0; i < TRIES; i++) {
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            vm_failed = machine_failed;
            exit(try_kernel(name));
        }
        wait(&status);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != FAILED)
            break;
        printf("mutants: %-18s a machine failed (%d of %d)\n", name, i + 1,
               TRIES);
        fflush(stdout);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

struct ends {
    int passed, failed, skipped;
};

// One has ended: was it as it should be?
static void
wait_one(struct ends *ends)
{
    int status;

    if (waitpid(-1, &status, 0) < 0)
        return;
    if (WIFEXITED(status) && WEXITSTATUS(status) == MUTANT_SKIPPED)
        ends->skipped++;
    else if (status == 0)
        ends->passed++;
    else
        ends->failed++;
}

static void
try_all(int names, char **name, struct ends *ends)
{
    const char *jobs = getenv("JOBS");
    int n = jobs != NULL ? atoi(jobs) : (int)sysconf(_SC_NPROCESSORS_ONLN);
    int running = 0;

    for (int i = 0; i < names; i++) {
        if (running >= n && running > 0) {
            wait_one(ends);
            running--;
        }
        fflush(stdout);
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            exit(try_often(name[i]));
        }
        running++;
    }
    for (; running > 0; running--)
        wait_one(ends);
}

static int
again(char *id, bool gdb)
{
    char name[80];

    snprintf(name, sizeof(name), "%.*s", (int)strcspn(id, ":"), id);
    if (gdb)
        printf("It waits for gdb on port 1234.\n");
    fflush(stdout);
    int result = hunt_again(name_kernel(name), id, gdb);

    if (result == 2)
        printf("mutants: %s is of no record in build/cut/mutants/\n", id);
    return result;
}

int
main(int argc, char **argv)
{
    struct ends ends = {0, 0, 0};
    double started = now();

    if (argc > 1 && strchr(argv[1], ':') != NULL)
        return again(argv[1], argc > 2);
    tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (tally == MAP_FAILED)
        return 2;
    try_all(argc - 1, argv + 1, &ends);
    double seconds = now() - started;

    printf("mutants: %llu kernels, %llu broken ones found, %llu losses in the "
           "kernel as it is, %llu events, %llu images, %llu distinct, %llu "
           "boots, %.0f images/s, %.0f s\n",
           (unsigned long long)tally->kernels, (unsigned long long)tally->found,
           (unsigned long long)tally->losses, (unsigned long long)tally->events,
           (unsigned long long)tally->images,
           (unsigned long long)tally->distinct,
           (unsigned long long)tally->boots, (double)tally->images / seconds,
           seconds);
    printf("%d passed, %d failed, %d skipped\n", ends.passed, ends.failed,
           ends.skipped);
    return ends.failed != 0;
}

// explore.c -- cut the power at every event of an operation, in the real kernel
//
//   explore [OPTIONS] [SCENARIO...]   record and try; without: all scenarios
//   explore ID [gdb]                  try one again, of the record that is kept
//
//   --every N    inside copies and flushes only one event of N (1)
//   --kept       the records that are kept, if the kernel is still the same
//   --record     record only, try nothing
//   --all        also boot images that are proven to come to a known state
//   --whole N    of N images of each scenario the recovery is cut at every event
//   --report F   the table of figures, in a file, too
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/cut/campaign.h"
#include "tests/cut/report.h"
#include "tests/vm/clock.h"

struct options {
    u32 every, whole;
    bool kept, record, all;
    const char *report;
    int jobs;
};

// What the kernel has said.
static void
tell_output(const struct record *r)
{
    char line[160] = "";
    size_t length = 0;

    for (u64 i = 0; i < r->count; i++) {
        if (r->events[i].kind != CUT_OUTPUT)
            continue;
        char byte = (char)r->events[i].value;

        if (length < sizeof(line) - 1 && byte >= ' ')
            line[length++] = byte;
        if (byte != '\n')
            continue;
        line[length] = 0;
        printf("  %s\n", line);
        length = 0;
    }
}

static void
tell(const struct campaign *c)
{
    u32 kinds[CUT_KINDS] = {0};

    for (u64 i = 0; i < c->record.count; i++)
        kinds[c->record.events[i].kind]++;
    printf("%s: %llu events: %u stores, %u by the page walk, %u of frames, "
           "%u flushes, %u fences, %u bytes of output; nothing changed "
           "unseen\n",
           c->scenario->name, (unsigned long long)c->record.count,
           kinds[CUT_STORE], kinds[CUT_MMU], kinds[CUT_FRAME],
           kinds[CUT_FLUSH] + kinds[CUT_FLUSH_NOW] + kinds[CUT_FLUSH_ALL],
           kinds[CUT_FENCE], kinds[CUT_OUTPUT]);
    tell_output(&c->record);
}

static void
explore(const struct scenario *s, const struct options *o,
        struct report_row *row)
{
    struct campaign c = {.scenario = s,
                         .every = o->every,
                         .variants = 32,
                         .seconds = 6,
                         .second_cuts = 60,
                         .whole = o->whole,
                         .run_on = 300,
                         .boot_all = o->all};
    double started = now();
    const char *lacks = campaign_open(&c, !o->kept);

    if (lacks != NULL) {
        snprintf(row->skipped, sizeof(row->skipped), "%s", lacks);
    } else {
        row->events = c.record.count;
        tell(&c);
        if (!o->record)
            campaign_run(&c, o->jobs, &row->figures);
        record_free(&c.record);
    }
    row->seconds = now() - started;
    report_line(row);
}

// In a process of its own: one that fails ends no other.
static void
explore_apart(const struct scenario *s, const struct options *o,
              struct report_row *row)
{
    double started = now();
    int status;

    snprintf(row->name, sizeof(row->name), "%s", s->name);
    fflush(stdout);
    pid_t pid = fork();

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        explore(s, o, row);
        exit(0);
    }
    if (pid > 0 && waitpid(pid, &status, 0) == pid && status == 0)
        return;
    row->figures.failures++;
    row->seconds = now() - started;
    report_line(row);
}

static int
again(const char *id, bool gdb)
{
    struct campaign c = {.every = 1};
    char name[40] = "", path[80];

    sscanf(id, "%*[^:]:%39[^:]", name);
    c.scenario = scenario_find(name);
    if (c.scenario == NULL)
        return 2;
    scenario_path(c.scenario, path);
    if (!record_load(&c.record, path)) {
        printf("explore: there is no %s\n", path);
        return 2;
    }
    if (gdb)
        printf("It waits.  In another terminal type:\n"
               "    gdb build/tender.elf -ex 'target remote :1234'\n"
               "and there, for example:\n"
               "    hbreak kernel_main\n"
               "    continue\n");
    fflush(stdout);
    int result = campaign_again(&c, id, gdb);

    if (result == 2)
        printf("explore: %s is of another record than %s\n", id, path);
    return result;
}

// Returns the index of the first word that is no option.
static int
read_options(struct options *o, int argc, char **argv)
{
    const char *jobs = getenv("JOBS");
    int i = 1;

    o->every = 1;
    o->jobs = jobs != NULL ? atoi(jobs) : (int)sysconf(_SC_NPROCESSORS_ONLN);
    if (o->jobs < 1)
        o->jobs = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";

        if (strcmp(argv[i], "--kept") == 0) {
            o->kept = true;
        } else if (strcmp(argv[i], "--all") == 0) {
            o->all = true;
        } else if (strcmp(argv[i], "--record") == 0) {
            o->record = true;
        } else if (strcmp(argv[i], "--every") == 0) {
            o->every = (u32)atoi(value);
            i++;
        } else if (strcmp(argv[i], "--whole") == 0) {
            o->whole = (u32)atoi(value);
            i++;
        } else if (strcmp(argv[i], "--report") == 0) {
            o->report = value;
            i++;
        } else {
            fprintf(stderr, "explore: there is no option %s\n", argv[i]);
            exit(2);
        }
    }
    if (o->every == 0)
        o->every = 1;
    return i;
}

static bool
is_wanted(const struct scenario *s, int names, char **name)
{
    bool wanted = names == 0;

    for (int i = 0; i < names; i++)
        wanted |= strcmp(name[i], s->name) == 0;
    return wanted;
}

// A scenario still to come takes as long as those of its kind did.
static double
seconds_left(const struct scenario *const *wanted, unsigned n, unsigned done,
             const struct report_row *row)
{
    double seconds = 0;

    for (unsigned i = done; i < n; i++) {
        double sum = 0;
        unsigned alike = 0;

        for (unsigned k = 0; k < done; k++)
            if (wanted[k]->then == wanted[i]->then) {
                sum += row[k].seconds;
                alike++;
            }
        seconds += alike == 0 ? row[done - 1].seconds : sum / alike;
    }
    return seconds;
}

static void
keep_table(const char *path, const struct report_row *row, unsigned rows)
{
    FILE *file = path != NULL ? fopen(path, "w") : NULL;

    report_table(stdout, row, rows);
    if (file == NULL)
        return;
    report_table(file, row, rows);
    fclose(file);
}

int
main(int argc, char **argv)
{
    static const struct scenario *wanted[SCENARIOS_MAX];
    struct report_row *row =
        mmap(NULL, SCENARIOS_MAX * sizeof(*row), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct options options = {0};
    int first = read_options(&options, argc, argv);
    const struct scenario *s;
    u64 losses = 0;
    unsigned n = 0;

    if (first < argc && strchr(argv[first], ':') != NULL)
        return again(argv[first], first + 1 < argc);
    for (unsigned i = 0; (s = scenario_at(i)) != NULL; i++)
        if (is_wanted(s, argc - first, argv + first))
            wanted[n++] = s;
    for (unsigned i = 0; i < n; i++) {
        explore_apart(wanted[i], &options, &row[i]);
        losses += row[i].figures.failures;
        printf("explore: %u of %u scenarios, %llu losses, about %.0f s left\n",
               i + 1, n, (unsigned long long)losses,
               seconds_left(wanted, n, i + 1, row));
    }
    keep_table(options.report, row, n);
    if (losses != 0)
        printf("explore: build/tests/cut/explore ID tries one again\n");
    return losses != 0 || n == 0;
}

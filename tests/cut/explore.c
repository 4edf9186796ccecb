// explore.c -- cut the power at every event of an operation, in the real kernel
//
//   explore [OPTIONS] [SCENARIO...]   record and try; without: all scenarios
//   explore ID [gdb]                  try one again, of the record that is kept
//
//   --every N    inside copies and flushes only one event of N (1)
//   --kept       the records that are kept, if the kernel is still the same
//   --record     record only, try nothing
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/cut/campaign.h"
#include "tests/vm/clock.h"

struct options {
    u32 every;
    bool kept, record;
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
figures(const char *title, u64 events, const struct share_figures *f,
        double seconds)
{
    printf("%s: %llu events, %llu images, %llu distinct, %llu boots (%llu of "
           "second cuts), %llu used on, %.0f images/s, %llu losses, %.0f s\n",
           title, (unsigned long long)events, (unsigned long long)f->images,
           (unsigned long long)f->distinct, (unsigned long long)f->boots,
           (unsigned long long)f->second, (unsigned long long)f->used,
           (double)f->images / seconds, (unsigned long long)f->failures,
           seconds);
    fflush(stdout);
}

// Returns the events, or 0 if nothing works here.
static u64
explore(const struct scenario *s, const struct options *o,
        struct share_figures *sum)
{
    struct campaign c = {.scenario = s,
                         .every = o->every,
                         .variants = 32,
                         .seconds = 6,
                         .second_cuts = 60,
                         .run_on = 300};
    struct share_figures f = {0};
    double started = now();
    const char *lacks = campaign_open(&c, !o->kept);
    u64 events = c.record.count;

    if (lacks != NULL) {
        printf("skipped: %s: %s\n", s->name, lacks);
        return 0;
    }
    tell(&c);
    if (!o->record)
        campaign_run(&c, o->jobs, &f);
    figures(s->name, events, &f, now() - started);
    sum->images += f.images;
    sum->distinct += f.distinct;
    sum->boots += f.boots;
    sum->second += f.second;
    sum->used += f.used;
    sum->failures += f.failures;
    record_free(&c.record);
    return events;
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
    for (; i < argc && argv[i][0] == '-'; i++)
        if (strcmp(argv[i], "--kept") == 0)
            o->kept = true;
        else if (strcmp(argv[i], "--record") == 0)
            o->record = true;
        else if (strcmp(argv[i], "--every") == 0 && i + 1 < argc)
            o->every = (u32)atoi(argv[++i]);
    if (o->every == 0)
        o->every = 1;
    return i;
}

int
main(int argc, char **argv)
{
    struct share_figures sum = {0};
    struct options options = {0};
    int first = read_options(&options, argc, argv);
    double started = now();
    const struct scenario *s;
    u64 events = 0;

    if (first < argc && strchr(argv[first], ':') != NULL)
        return again(argv[first], first + 1 < argc);
    for (unsigned i = 0; (s = scenario_at(i)) != NULL; i++) {
        bool wanted = first == argc;

        for (int n = first; n < argc; n++)
            wanted |= strcmp(argv[n], s->name) == 0;
        if (wanted)
            events += explore(s, &options, &sum);
    }
    if (events == 0 && sum.failures == 0)
        return 0;
    figures("explore", events, &sum, now() - started);
    if (sum.failures != 0)
        printf("explore: build/tests/cut/explore ID tries one again\n");
    return sum.failures != 0;
}

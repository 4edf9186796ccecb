// report.c -- what the tests call: run a case or one id of it, and say what failed
#define _GNU_SOURCE
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cutter.h"
#include "fake.h"

// --- ids ---

static const char *
parse_cut(const char *id, struct cut_wanted *wanted)
{
    int end = 0;

    if (sscanf(id, "m1.%u%n", &wanted->k, &end) == 1 && end > 0) {
        wanted->model = CUT_ORDERED;
        return id + end;
    }
    if (sscanf(id, "m2.%u.r%u%n", &wanted->p, &wanted->i, &end) == 2 &&
        end > 0) {
        wanted->model = CUT_CACHED;
        return id + end;
    }
    return NULL;
}

// Set what is wanted.  Returns whether this case is.
static int
parse_id(struct cutter *cutter, const char *id)
{
    size_t name = strlen(cutter->c->name);

    if (id == NULL)
        return 1;
    if (strncmp(id, cutter->c->name, name) != 0 || id[name] != ':')
        return 0;
    cutter->talk = 1;
    cutter->level[1].wanted.model = CUT_NONE;
    id = parse_cut(id + name + 1, &cutter->level[0].wanted);
    if (id != NULL && *id == '+')
        id = parse_cut(id + 1, &cutter->level[1].wanted);
    if (id == NULL || *id != '\0')
        fake_fail("CUT_ID is no CASE:CUT or CASE:CUT+CUT (see cut.h)");
    return 1;
}

// --- reports ---

static int
is_set(const char *name, const char *value)
{
    const char *found = getenv(name);

    return found != NULL && strcmp(found, value) == 0;
}

// Say which line of the program an address belongs to.
static void
locate(u32 pc, char *where, int size)
{
    char command[96];
    FILE *pipe;

    where[0] = '\0';
    snprintf(command, sizeof(command),
             "addr2line -fspe /proc/%d/exe 0x%x 2>/dev/null", (int)getpid(),
             pc - 1);
    pipe = popen(command, "r");
    if (pipe == NULL)
        return;
    if (fgets(where, size, pipe) != NULL)
        where[strcspn(where, "\n")] = '\0';
    pclose(pipe);
}

static void
add_places(struct cutter *cutter)
{
    struct cut_report *report = &cutter->shared->report;

    for (u32 i = 0; i < MIN(report->failures, CUT_FAILURES); i++)
        for (u32 depth = 0; depth < 2; depth++) {
            size_t length = strlen(report->failure[i].sentence);
            u32 pa = cutter->shared->where[i][depth].pa;
            char where[160];

            if (cutter->shared->where[i][depth].pc == 0)
                continue;
            locate(cutter->shared->where[i][depth].pc, where, sizeof(where));
            snprintf(report->failure[i].sentence + length,
                     sizeof(report->failure[i].sentence) - length,
                     pa != 0 ? "; %s after 0x%08x was stored by %s"
                             : "; %s before 0x%08x the fence of %s",
                     depth == 0 ? "cut" : "cut again", pa, where);
        }
}

u32
cut_run(const struct cut_case *c, struct cut_report *report)
{
    struct cutter cutter = {.c = c,
                            .pairs = !c->once && !is_set("CUT_PAIRS", "no"),
                            .skip_nothing = is_set("CUT_ALL", "yes")};

    *report = (struct cut_report){0};
    if (!parse_id(&cutter, getenv("CUT_ID")))
        return 0;
    cut_case_run(&cutter, (struct mutation){0, 0});
    add_places(&cutter);
    *report = cutter.shared->report;
    cut_case_end(&cutter);
    return report->failures;
}

void
cut_check(const struct cut_case *c)
{
    static struct cut_report report;

    cut_run(c, &report);
    fprintf(stderr,
            "%s: %u stores, %u flushes, %u fences: %u runs, %u second cuts, "
            "%u more proven the same, %u fences sampled\n",
            c->name, report.stores, report.flushes, report.fences,
            report.images, report.pairs, report.skipped, report.sampled);
    for (u32 i = 0; i < MIN(report.failures, CUT_FAILURES); i++)
        fprintf(stderr, "CUT_ID=%s: %s\n", report.failure[i].id,
                report.failure[i].sentence);
    if (report.failures != 0)
        ck_abort_msg("%u cuts lost something, the first is CUT_ID=%s: %s",
                     report.failures, report.failure[0].id,
                     report.failure[0].sentence);
}

// --- planted bugs ---

static int
notices(const struct cut_case *c, struct mutation mutation)
{
    struct cutter cutter = {.c = c, .first_only = 1};
    int found;

    cut_case_run(&cutter, mutation);
    found = cutter.shared->report.failures != 0;
    cut_case_end(&cutter);
    return found;
}

void
cut_mutate(const struct cut_case *c, struct cut_mutants *unnoticed)
{
    static struct cut_report report;

    if (cut_run(c, &report) != 0)
        ck_abort_msg("%s fails without a planted bug: %s", c->name,
                     report.failure[0].id);
    *unnoticed = (struct cut_mutants){report.flushes, report.fences, 0, 0};
    for (u32 n = 1; n <= report.flushes; n++)
        if (!notices(c, (struct mutation){.flush = n}))
            unnoticed->flush |= 1ull << (n - 1);
    for (u32 n = 1; n <= report.fences; n++)
        if (!notices(c, (struct mutation){.fence = n}))
            unnoticed->fence |= 1ull << (n - 1);
}

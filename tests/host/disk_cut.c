// disk_cut.c -- cut the power at every sector write of an operation
#define _GNU_SOURCE
#include "disk_cut.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "disk_tree.h"

#define BLOCKS 2560u
#define JOBS_MAX 16u
#define STRIPE 8u       // cuts that one process takes at a time
#define LOOK_CLOSER 199 // one of so many images that need no run gets one
#define DEPTHS 2u

struct wanted {
    u32 cut;
    char name[32];
};

static struct cutter {
    const struct disk_case *c;
    struct disk_cut_report *report; // shared by the processes
    struct disk_tree *tree[DEPTHS];
    char id[DEPTHS][48];
    struct wanted wanted[DEPTHS];
    u32 depths; // of what is wanted; 0: everything
    u32 skipped;
    int skip_nothing;
    int pairs;
    int pairs_now; // not when a known image is run again
    u64 now_us;
} cutter;

static struct booted booted;

// --- failures ---

static void
failed(u32 depth, const char *sentence)
{
    struct disk_cut_report *report = cutter.report;
    u32 at = __atomic_fetch_add(&report->failures, 1, __ATOMIC_RELAXED);

    if (at >= DISK_CUT_FAILURES)
        return;
    snprintf(report->failure[at].id, sizeof(report->failure[at].id),
             "%s:%s%s%s", cutter.c->name, cutter.id[0], depth == 0 ? "" : "+",
             depth == 0 ? "" : cutter.id[depth]);
    snprintf(report->failure[at].sentence, sizeof(report->failure[at].sentence),
             "%s", sentence);
}

static void
count(u32 *counter)
{
    __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

// --- one image ---

// Boot, and look; -> the version kept.
static int
recover(void)
{
    u32 writes = medium_figures.writes;

    if (kernel_boot(&booted, NV_AUTO) < 0)
        disk_boot_failed();
    if (booted.decision.outcome == OUTCOME_REFUSE)
        fake_fail("refused: %s", booted.decision.why);
    disk_whole("after the boot");
    if (booted.decision.outcome == OUTCOME_COLD)
        return 0;
    if (medium_figures.writes != writes)
        fake_fail("a restore wrote to the plate disk");
    return (int)peek_word(&kernel()->version);
}

static void
enable_if_off(void)
{
    int made = kernel_control(SYSTEM_OCC_ENABLE);

    if (made != E_OCC_ON)
        disk_must(made);
}

static void walk_again(int kept);

// Everything must be right, then after one more save, then after a cut.
static void
save_again(int kept)
{
    u32 version;

    if (kept == 0)
        disk_must(place_create(2, 1));
    enable_if_off();
    places_write();
    version = peek_word(&kernel()->version);
    disk_must(kernel_save());
    disk_cut_promise();
    disk_whole("after the next save");
    if (cutter.pairs_now)
        walk_again(kept);
    places_write();
    disk_boot(&booted, OUTCOME_RESTORE);
    disk_whole("after the next boot");
    if (peek_word(&kernel()->version) != version)
        fake_fail("another version than %u came back", version);
}

static void
run_first(void *arg)
{
    int *result = arg;
    int kept = recover();

    if (cutter.pairs_now)
        medium_record();
    save_again(kept);
    *result = kept;
}

static void
run_second(void *arg)
{
    int *result = arg;
    int kept = recover();
    u32 version;

    enable_if_off();
    places_write();
    version = peek_word(&kernel()->version);
    disk_must(kernel_save());
    disk_boot(&booted, OUTCOME_RESTORE);
    disk_whole("after the save behind two cuts");
    if (peek_word(&kernel()->version) != version)
        fake_fail("another version than %u came back", version);
    *result = kept;
}

// Run one image of the drive; what is wrong is a failure.
static int
run(u32 depth, u32 recordings)
{
    struct disk_cut_report *report = cutter.report;
    struct disk_tree *tree = cutter.tree[depth];
    int result = -1;
    enum fake_end end;

    host_disk_power_cut();
    fake.now_us = cutter.now_us;
    fake_text_clear();
    disk_tree_begin(tree);
    end = fake_run(depth == 0 ? run_first : run_second, &result);
    if (end != FAKE_RETURNED) {
        result = -1;
        failed(depth, end == FAKE_FAILED ? fake.sentence : "it stopped");
    }
    while (medium_recordings() > recordings)
        medium_forget();
    if (disk_tree_end(tree, result) < 0)
        failed(depth, "the run does not follow from what it read");
    count(depth == 0 ? &report->runs : &report->pairs);
    return result;
}

static void
judge(u32 depth, int result, u32 least)
{
    char sentence[80];

    if (result < 0 || (u32)result >= least)
        return;
    snprintf(sentence, sizeof(sentence), "%d is kept, but promised was %u",
             result, least);
    failed(depth, sentence);
}

static int
is_wanted(u32 depth, u32 cut, const char *name)
{
    const struct wanted *wanted = &cutter.wanted[depth];

    return cutter.depths <= depth ||
           (wanted->cut == cut && strcmp(wanted->name, name) == 0);
}

static void
try(u32 depth, u32 cut, u32 variant, u32 least)
{
    char name[32];
    int known = 0;
    int result;

    medium_variant_name(cut, variant, name);
    if (!is_wanted(depth, cut, name))
        return;
    snprintf(cutter.id[depth], sizeof(cutter.id[depth]), "%u.%s", cut, name);
    medium_cut(cut, variant);
    if (depth == 0)
        count(&cutter.report->images);
    known = disk_tree_find(cutter.tree[depth], &result);
    if (known && !cutter.skip_nothing &&
        (result < 0 || ++cutter.skipped % LOOK_CLOSER != 0)) {
        judge(depth, result, least); // what failed was reported
        return;
    }
    if (depth == 0)
        cutter.pairs_now =
            cutter.pairs && !cutter.c->once && (!known || cutter.skip_nothing);
    result = run(depth, depth + 1);
    if (cutter.depths > 0)
        fprintf(stderr, "  %s: %d\n", cutter.id[depth], result);
    judge(depth, result, least);
}

// --- all images ---

// The second cuts: of the save behind the first one.
static void
walk_again(int kept)
{
    void *memory = fake_snapshot();
    struct fake machine = fake;

    disk_tree_pause(cutter.tree[0]);
    disk_tree_clear(cutter.tree[1]);
    for (u32 cut = 0; cut <= medium_writes(); cut++) {
        u32 least = MAX(medium_noted(cut), (u32)kept);

        for (u32 i = 0; i < medium_variants(cut); i++)
            try(1, cut, i, least);
    }
    medium_forget();
    fake_restore(memory);
    fake_snapshot_free(memory);
    fake = machine;
    disk_tree_resume(cutter.tree[0]);
}

static void
walk(u32 job, u32 jobs)
{
    for (u32 cut = 0; cut <= medium_writes(); cut++) {
        if (cut / STRIPE % jobs != job)
            continue;
        for (u32 i = 0; i < medium_variants(cut); i++)
            try(0, cut, i, medium_noted(cut));
    }
}

static void
share_out(u32 jobs)
{
    pid_t pid[JOBS_MAX];
    int status;

    for (u32 i = 0; i < jobs; i++) {
        pid[i] = fork();
        if (pid[i] == 0) {
            fake_disown();
            walk(i, jobs);
            _exit(0);
        }
    }
    for (u32 i = 0; i < jobs; i++)
        if (waitpid(pid[i], &status, 0) != pid[i] || status != 0) {
            snprintf(cutter.id[0], sizeof(cutter.id[0]), "run");
            failed(0, "a process that ran recovery ended by itself");
        }
}

// --- one case ---

static void
set_up(void *arg)
{
    const struct disk_case *c = arg;

    disk_boot(&booted, OUTCOME_COLD);
    disk_must(place_create(2, 0));
    disk_must(place_create(2, 1));
    disk_must(place_create(1, 1));
    c->setup();
}

static void
operate(void *arg)
{
    const struct disk_case *c = arg;

    c->operation();
}

// 0, or -1 after noting why not.
static int
record(const struct disk_case *c)
{
    enum fake_end end;

    snprintf(cutter.id[0], sizeof(cutter.id[0]), "run");
    host_disk_open(c->blocks == 0 ? BLOCKS : c->blocks);
    if (fake_run(set_up, (void *)c) != FAKE_RETURNED) {
        failed(0, fake.sentence);
        return -1;
    }
    medium_record();
    end = fake_run(operate, (void *)c);
    medium_fail((struct medium_fault){.what = 0});
    if (end != FAKE_RETURNED && end != FAKE_STOPPED) {
        failed(0, fake.sentence);
        return -1;
    }
    cutter.report->writes = medium_writes();
    cutter.now_us = fake.now_us + 1000000;
    return 0;
}

static void
read_environment(const struct disk_case *c)
{
    const char *id = getenv("CUT_ID");
    const char *pairs = getenv("CUT_PAIRS");
    const char *all = getenv("CUT_ALL");
    size_t length = strlen(c->name);

    cutter.pairs = pairs == NULL || strcmp(pairs, "no") != 0;
    cutter.skip_nothing = all != NULL && strcmp(all, "yes") == 0;
    cutter.depths = 0;
    if (id == NULL || strncmp(id, c->name, length) != 0 || id[length] != ':')
        return;
    cutter.depths =
        (u32)MAX(0, sscanf(id + length + 1, "%u.%31[^+]+%u.%31[^+]",
                           &cutter.wanted[0].cut, cutter.wanted[0].name,
                           &cutter.wanted[1].cut, cutter.wanted[1].name) /
                        2);
    cutter.pairs = cutter.depths == 2;
}

u32
disk_cut_run(const struct disk_case *c, struct disk_cut_report *report)
{
    const char *jobs = getenv("CUT_JOBS");
    u32 number = jobs == NULL ? 2 : (u32)atoi(jobs);

    cutter.c = c;
    read_environment(c);
    cutter.report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (u32 i = 0; i < DEPTHS; i++) {
        if (cutter.tree[i] == NULL)
            cutter.tree[i] = disk_tree_new();
        disk_tree_clear(cutter.tree[i]);
    }
    if (record(c) == 0) {
        if (cutter.depths > 0 || number < 2)
            walk(0, 1);
        else
            share_out(MIN(number, JOBS_MAX));
    }
    *report = *cutter.report;
    munmap(cutter.report, sizeof(*report));
    fake_close();
    return report->failures;
}

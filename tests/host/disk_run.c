// disk_run.c -- run recovery on one image of the simulated drive
#include <stdio.h>
#include <string.h>

#include "disk_cutter.h"

#define LOOK_CLOSER 199 // one of so many images that need no run gets one

static struct booted booted;

// --- failures ---

void
disk_run_failed(u32 depth, const char *sentence)
{
    struct disk_cut_report *report = disk_cutter.report;
    u32 at = __atomic_fetch_add(&report->failures, 1, __ATOMIC_RELAXED);

    if (at >= DISK_CUT_FAILURES)
        return;
    snprintf(report->failure[at].id, sizeof(report->failure[at].id),
             "%s:%s%s%s", disk_cutter.c->name, disk_cutter.id[0],
             depth == 0 ? "" : "+", depth == 0 ? "" : disk_cutter.id[depth]);
    snprintf(report->failure[at].sentence, sizeof(report->failure[at].sentence),
             "%s", sentence);
}

static void
count(u32 *counter)
{
    __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

// --- damage ---

// Damage the newest save, in the first page of its header, if the one before it
// can be found: whether it did.
static int
damage_newest(void)
{
    struct disk_commit commit[2];
    u8 page[PAGE_SIZE] __attribute__((aligned(8)));
    u32 newest;

    for (u32 i = 0; i < 2; i++) {
        medium_peek(HOST_DISK_FIRST + (DISK_COMMIT_BLOCK + i) * BLOCK_SECTORS,
                    &commit[i]);
        if (commit[i].magic != DISK_COMMIT_MAGIC ||
            commit[i].crc != disk_commit_crc(&commit[i]))
            return 0;
    }
    newest = commit[1].generation > commit[0].generation;
    host_disk_peek(commit[newest].header[0], page);
    page[100] ^= 1;
    host_disk_poke(commit[newest].header[0], page);
    return 1;
}

// --- one image ---

// Boot, and look; -> the version kept.
static int
recover(void)
{
    u32 writes = medium_figures.writes;

    if (kernel_boot(&booted, NV_AUTO) < 0)
        fake_fail("boot: %s", fake.sentence);
    if (booted.decision.outcome == OUTCOME_REFUSE)
        fake_fail("refused: %s", booted.decision.why);
    disk_whole("after the boot");
    if (booted.decision.outcome == OUTCOME_COLD)
        return 0;
    if (medium_figures.writes != writes)
        fake_fail("a restore wrote to the plate disk");
    return (int)places_version();
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
    version = places_version();
    disk_must(kernel_save());
    disk_cut_promise();
    disk_whole("after the next save");
    if (disk_cutter.pairs_now)
        walk_again(kept);
    places_write();
    disk_boot(&booted, OUTCOME_RESTORE);
    disk_whole("after the next boot");
    if (places_version() != version)
        fake_fail("another version than %u came back", version);
}

static void
run_first(void *arg)
{
    int *result = arg;
    int kept = recover();

    if (disk_cutter.pairs_now)
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
    version = places_version();
    disk_must(kernel_save());
    disk_boot(&booted, OUTCOME_RESTORE);
    disk_whole("after the save behind two cuts");
    if (places_version() != version)
        fake_fail("another version than %u came back", version);
    *result = kept;
}

// Run one image of the drive; what is wrong is a failure.
static int
run(u32 depth, u32 recordings)
{
    struct disk_cut_report *report = disk_cutter.report;
    struct disk_tree *tree = disk_cutter.tree[depth];
    int result = -1;
    enum fake_end end;

    host_disk_power_cut();
    fake.now_us = disk_cutter.now_us;
    fake_text_clear();
    disk_tree_begin(tree);
    end = fake_run(depth == 0 ? run_first : run_second, &result);
    if (end != FAKE_RETURNED) {
        result = -1;
        disk_run_failed(depth,
                        end == FAKE_FAILED ? fake.sentence : "it stopped");
    }
    while (medium_recordings() > recordings)
        medium_forget();
    if (disk_tree_end(tree, result) < 0)
        disk_run_failed(depth, "the run does not follow from what it read");
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
    disk_run_failed(depth, sentence);
}

static int
is_wanted(u32 depth, u32 cut, const char *name)
{
    const struct disk_wanted *wanted = &disk_cutter.wanted[depth];

    return disk_cutter.depths <= depth ||
           (wanted->cut == cut && strcmp(wanted->name, name) == 0);
}

void
disk_run_try(u32 depth, u32 cut, u32 variant, u32 least)
{
    char name[32];
    int known = 0;
    int result;

    medium_variant_name(cut, variant, name);
    if (!is_wanted(depth, cut, name))
        return;
    snprintf(disk_cutter.id[depth], sizeof(disk_cutter.id[depth]), "%u.%s", cut,
             name);
    medium_cut(cut, variant);
    if (depth == 0)
        count(&disk_cutter.report->images);
    if (disk_cutter.c->damage != 0 && damage_newest())
        least -= MIN(least, disk_cutter.c->damage);
    known = disk_tree_find(disk_cutter.tree[depth], &result);
    if (known && (depth > 0 || !disk_cutter.skip_nothing) &&
        (result < 0 || ++disk_cutter.skipped % LOOK_CLOSER != 0)) {
        judge(depth, result, least); // what failed was reported
        return;
    }
    if (depth == 0)
        disk_cutter.pairs_now =
            disk_cutter.pairs && !disk_cutter.c->once && !known;
    result = run(depth, depth + 1);
    if (disk_cutter.depths > 0)
        fprintf(stderr, "  %s: %d\n", disk_cutter.id[depth], result);
    judge(depth, result, least);
}

// --- second cuts ---

// The second cuts: of the save behind the first one.
static void
walk_again(int kept)
{
    void *memory = fake_snapshot();
    struct fake machine = fake;

    disk_tree_pause(disk_cutter.tree[0]);
    disk_tree_clear(disk_cutter.tree[1]);
    for (u32 cut = 0; cut <= medium_writes(); cut++) {
        u32 least = MAX(medium_noted(cut), (u32)kept);

        for (u32 i = 0; i < medium_variants(cut); i++)
            disk_run_try(1, cut, i, least);
    }
    medium_forget();
    fake_restore(memory);
    fake_snapshot_free(memory);
    fake = machine;
    disk_tree_resume(disk_cutter.tree[0]);
}

// image.c -- run recovery on one crash image and judge what it left
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

#include "bytes.h"
#include "cutter.h"
#include "fake.h"
#include "mmu.h"

#define PAGE_WORDS (PAGE_SIZE / 4)
#define PATIENCE_S 10
#define LOOK_CLOSER 64 // after one of so many runs

struct run {
    const struct cut_case *c;
    int result;
};

static void
recover(void *arg)
{
    struct run *run = arg;

    run->result = run->c->recover(run->c->state);
}

static void
verify(void *arg)
{
    struct run *run = arg;

    run->result = run->c->verify(run->c->state);
}

static void
limit_time(int seconds)
{
    struct itimerval timer = {{0, 0}, {seconds, 0}};

    setitimer(ITIMER_VIRTUAL, &timer, NULL);
}

// Run one of the two; on failure fake.sentence says why.
static int
run_part(const char *name, void (*part)(void *), struct run *run)
{
    enum fake_end end = fake_run(part, run);

    if (end == FAKE_RETURNED && run->result < 0)
        snprintf(fake.sentence, sizeof(fake.sentence), "%s returned %d (%s)",
                 name, run->result, error_sentence(run->result));
    else if (end == FAKE_RESUMED || end == FAKE_STOPPED)
        snprintf(fake.sentence, sizeof(fake.sentence),
                 "%s ended in machine_%s()", name,
                 end == FAKE_RESUMED ? "resume" : "stop");
    return end == FAKE_RETURNED && run->result >= 0;
}

// Whether pages that the run wrote hold what the tracer says.
static int
shadow_is_right(u32 *pa)
{
    for (u32 i = 0; i < trace.touched_pages; i++) {
        u32 word = trace.touched[i] * PAGE_WORDS;
        size_t same =
            bytes_same(trace.memory + word, trace.shadow + word, PAGE_SIZE);

        *pa = word * 4 + (u32)same;
        if (same != PAGE_SIZE)
            return 0;
    }
    return 1;
}

// Recover and verify; the log of the recovery goes to record unless NULL.
static int
run_both(struct cutter *cutter, struct event_log *record, struct run *run)
{
    u32 pa = 0;
    int ok;

    fake_power_cut();
    fake.now_us = cutter->now_us;
    fake_text_clear();
    bytes_copy(cutter->c->state, cutter->state, cutter->c->state_bytes);
    if (record != NULL)
        record->events = 0;
    trace_track(1);
    trace_log(record);
    limit_time(cutter->c->patience_s != 0 ? cutter->c->patience_s : PATIENCE_S);
    ok = run_part("recover()", recover, run);
    trace_log(NULL);
    if (ok && record != NULL && !shadow_is_right(&pa)) {
        snprintf(fake.sentence, sizeof(fake.sentence),
                 "recover() stored to 0x%08x behind the tracer's back", pa);
        ok = 0;
    }
    ok = ok && run_part("verify()", verify, run);
    limit_time(0);
    mmu_drop_all();
    trace.tracking = 0;
    return ok;
}

// Make memory and shadow what they were before the run.
static void
put_back(const struct event_log *record)
{
    for (u32 i = record == NULL ? 0 : record->events; i-- > 0;)
        if (event_is_store(&record->event[i]))
            trace.shadow[record->event[i].word] = record->event[i].old;
    for (u32 i = 0; i < trace.touched_pages; i++) {
        u32 word = trace.touched[i] * PAGE_WORDS;

        bytes_copy(trace.memory + word, trace.shadow + word, PAGE_SIZE);
    }
}

// Whether the run left anything behind that nobody saw it store.
static int
is_put_back(void)
{
    size_t bytes = (size_t)fake.end_frame * PAGE_SIZE - NV_ROOT_PA;
    size_t same = bytes_same((u8 *)trace.memory + NV_ROOT_PA,
                             (u8 *)trace.shadow + NV_ROOT_PA, bytes);

    if (same != bytes)
        snprintf(fake.sentence, sizeof(fake.sentence),
                 "recover() stored to 0x%08zx behind the tracer's back",
                 NV_ROOT_PA + same);
    return same == bytes;
}

static void
count(u32 *counter)
{
    __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

// The images of the recovery just logged.
static void
cut_again(struct cutter *cutter, u32 kept)
{
    struct level *second = &cutter->level[1];
    u32 again = cutter->c->again;

    second->begin = 0;
    second->least = again == 0 ? kept : again;
    second->last_least = second->least;
    second->most = kept;
    ordered_walk(cutter, second);
    cached_walk(cutter, second);
}

// A point of fault model M2 is walked through even when only one of its images
// is wanted, because the runs before decide which one that is.
static int
is_wanted(const struct level *level)
{
    char id[sizeof(level->id)];

    if (level->wanted.model != CUT_CACHED)
        return 1;
    snprintf(id, sizeof(id), "m2.%u.r%u", level->wanted.p, level->wanted.i);
    return strcmp(id, level->id) == 0;
}

// Make room for one more failure, in the order of the ids.  Returns where, or
// CUT_FAILURES if those there are all come before.
static u32
make_room(struct cut_shared *shared, const char *id)
{
    struct cut_report *report = &shared->report;
    u32 at = MIN(report->failures, CUT_FAILURES);

    for (; at > 0 && strverscmp(report->failure[at - 1].id, id) > 0; at--)
        if (at < CUT_FAILURES) {
            report->failure[at] = report->failure[at - 1];
            shared->where[at][0] = shared->where[at - 1][0];
            shared->where[at][1] = shared->where[at - 1][1];
        }
    report->failures++;
    return at;
}

static void
note_failure(struct cut_shared *shared, u32 at, const char *id,
             const char *sentence, const struct level *levels, u32 depth)
{
    struct cut_report *report = &shared->report;

    if (at == CUT_FAILURES)
        return;
    snprintf(report->failure[at].id, sizeof(report->failure[at].id), "%s", id);
    snprintf(report->failure[at].sentence, sizeof(report->failure[at].sentence),
             "%s", sentence);
    for (u32 i = 0; i < 2; i++) {
        shared->where[at][i].pc = i <= depth ? levels[i].pc : 0;
        shared->where[at][i].pa = i <= depth ? levels[i].pa : 0;
    }
}

void
image_failed(struct cutter *cutter, const struct level *level,
             const char *sentence)
{
    struct cut_shared *shared = cutter->shared;
    char id[sizeof(shared->report.failure[0].id)];

    snprintf(id, sizeof(id), "%s:%s%s%s", cutter->c->name, cutter->level[0].id,
             level->depth == 0 ? "" : "+", level->depth == 0 ? "" : level->id);
    while (__atomic_exchange_n(&shared->lock, 1, __ATOMIC_ACQUIRE) != 0)
        continue;
    note_failure(shared, make_room(shared, id), id, sentence, cutter->level,
                 level->depth);
    __atomic_store_n(&shared->lock, 0, __ATOMIC_RELEASE);
}

static void
judge(const struct level *level, u32 kept, u32 least, int *ok)
{
    if (!*ok || (kept >= least && kept <= level->most))
        return;
    snprintf(fake.sentence, sizeof(fake.sentence), "%u is kept, but %s %u",
             kept, kept < least ? "promised was" : "there is only",
             kept < least ? least : level->most);
    *ok = 0;
}

int
image_run(struct cutter *cutter, struct level *level, u32 least, int pairs)
{
    struct cut_report *report = &cutter->shared->report;
    struct event_log *record = NULL;
    struct run run = {cutter->c, 0};
    char sentence[sizeof(fake.sentence)];
    int wanted = is_wanted(level);
    int ok;

    if (cutter->first_only &&
        __atomic_load_n(&report->failures, __ATOMIC_RELAXED) != 0)
        return -1;
    if (pairs && wanted && cutter->pairs && level->depth == 0)
        record = &cutter->level[1].log;
    ok = run_both(cutter, record, &run);
    judge(level, (u32)run.result, least, &ok);
    for (u32 depth = 0; depth <= level->depth; depth++)
        readset_add(&cutter->level[depth].set);
    put_back(record);
    if (ok && cutter->runs++ % LOOK_CLOSER == 0)
        ok = is_put_back();
    snprintf(sentence, sizeof(sentence), "%s", fake.sentence);
    count(level->depth == 0 ? &report->images : &report->pairs);
    if (cutter->talk && wanted)
        fprintf(stderr, "  %s%s: %s\n", level->depth == 0 ? "" : "+", level->id,
                ok ? "recovered" : sentence);
    if (!ok && wanted)
        image_failed(cutter, level, sentence);
    if (ok && record != NULL)
        cut_again(cutter, (u32)run.result);
    return ok ? run.result : -1;
}

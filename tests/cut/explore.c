// explore.c -- cut the power after every store of one save, in the real kernel
//
//   explore              record a save, try every image
//   explore ID           try one again, of the record that is kept, and show it
//   explore ID gdb       the same, with gdb
//
// An image must restore the save before the one that was cut, or that one; and
// that one always, once its line "saved" has appeared.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/cut/crash.h"
#include "tests/cut/record.h"
#include "tests/cut/second_save.h"
#include "tests/cut/share.h"
#include "tests/vm/clock.h"

#define SCENARIO "save"
#define RECORD "build/cut/" SCENARIO ".record"
#define BOOT_S 20.0
#define STEP 32             // events dealt out at once
#define RESTORED 0x1000000u // verdict: this and the save's number

struct job {
    struct record record;
    u64 acked; // after so many events the line "saved" was whole
    u32 save;  // the one that is cut
    u64 started;
};

static void
id_of(char *id, size_t size, const struct job *job, u64 events)
{
    snprintf(id, size, "%08x:%s:m1.%llu", job->record.build, SCENARIO,
             (unsigned long long)events);
}

// When was the line about the save on the console?
static void
find_acknowledgement(struct job *job)
{
    const struct record *r = &job->record;
    char line[200] = "";
    size_t length = 0;

    job->acked = r->count + 1;
    for (u64 i = 0; i < r->count; i++) {
        if (r->events[i].kind != CUT_OUTPUT)
            continue;
        if (length < sizeof(line) - 1)
            line[length++] = (char)r->events[i].value;
        if (r->events[i].value != '\n')
            continue;
        if (sscanf(line, "tender: saved %u", &job->save) == 1)
            job->acked = i + 1;
        memset(line, 0, sizeof(line));
        length = 0;
    }
}

// --- one image ---

static u32
try(struct crash *image, struct engine *e, double seconds)
{
    u32 save, pa;
    int at;

    if (e->resets % 256 == 255 && !crash_agrees(image, e, &pa))
        vm_fail(e->vm, "memory at %x is not what the image says", pa);
    at = crash_try(image, e, seconds);
    if (at < 0)
        return (u32)-at;
    const char *said = strstr(engine_said(e), "tender: restored save ");

    if (at != AT_RESUME || said == NULL ||
        sscanf(said, "tender: restored save %u", &save) != 1)
        return (u32)at + 100;
    return RESTORED | save;
}

static bool
is_right(const struct job *job, u64 events, u32 verdict)
{
    if (verdict == (RESTORED | job->save))
        return true;
    return verdict == (RESTORED | (job->save - 1)) && events < job->acked;
}

static void
try_once(struct share *s, const struct job *job, struct crash *image,
         struct engine *e, u64 events)
{
    u64 hash = crash_hash(image);
    u32 verdict;
    char id[96];

    share_count(&s->figures.images);
    if (!share_known(s, hash, &verdict)) {
        share_count(&s->figures.boots);
        verdict = try(image, e, BOOT_S);
        share_know(s, hash, verdict);
    }
    if (is_right(job, events, verdict))
        return;
    id_of(id, sizeof(id), job, events);
    if (verdict & RESTORED)
        share_fail(s, id, "restored save %u, expected %u%s",
                   verdict & ~RESTORED, job->save - (events < job->acked),
                   events < job->acked ? " or the next" : "");
    else
        share_fail(s, id, "came to %s: %.200s",
                   verdict < 100 ? "nothing"
                                 : engine_where(e, (int)verdict - 100),
                   engine_said(e));
}

static struct engine *
tester(int worker, bool gdb)
{
    char *name;

    if (asprintf(&name, "explore-%d", worker) < 0)
        abort();
    struct engine *e =
        engine_new(&(struct engine_options){.name = name, .gdb = gdb});

    if (!engine_on(e))
        vm_fail(e->vm, "%s", engine_fault(e));
    return e;
}

static struct crash *
first_image(const struct job *job, struct engine *e)
{
    struct crash *image = crash_new(job->record.base, job->record.bytes);

    engine_load(e, image->memory);
    return image;
}

// Numbers are how many events are in memory.
static void
work(struct share *s, int worker, void *data)
{
    const struct job *job = data;
    struct engine *e = tester(worker, false);
    struct crash *image = first_image(job, e);
    u64 from, to, applied = 0;

    while (share_next(s, &from, &to)) {
        for (u64 n = from; n < to; n++) {
            while (applied < n)
                crash_apply(image, &job->record.events[applied++]);
            crash_forget(image);
            try_once(s, job, image, e, n);
        }
    }
    engine_free(e);
}

static int
again(struct job *job, const char *id, bool gdb)
{
    struct elf *elf = elf_open("build/tender.elf");
    const char *number = strstr(id, ":m1.");
    struct crash *image;
    u64 events;
    u32 verdict;

    if (number == NULL || !record_load(&job->record, RECORD) ||
        strtoul(id, NULL, 16) != job->record.build) {
        printf("explore: %s is of another record than %s\n", id, RECORD);
        return 2;
    }
    if (elf_build(elf) != job->record.build) {
        printf("explore: %s is of another build than build/tender.elf\n", id);
        return 2;
    }
    elf_close(elf);
    events = strtoull(number + 4, NULL, 10);
    find_acknowledgement(job);
    if (gdb)
        printf("It waits.  In another terminal type:\n"
               "    gdb build/tender.elf -ex 'target remote :1234'\n"
               "and there, for example:\n"
               "    hbreak kernel_main\n"
               "    continue\n");
    fflush(stdout);
    struct engine *e = tester(0, gdb);

    image = first_image(job, e);
    for (u64 i = 0; i < events && i < job->record.count; i++)
        crash_apply(image, &job->record.events[i]);
    verdict = try(image, e, gdb ? 1e9 : BOOT_S);
    printf("%s\n%s: %s\n", engine_said(e), id,
           is_right(job, events, verdict) ? "right" : "wrong");
    engine_free(e);
    return !is_right(job, events, verdict);
}

static void
tell(const struct job *job)
{
    u32 kinds[CUT_KINDS] = {0};

    for (u64 i = 0; i < job->record.count; i++)
        kinds[job->record.events[i].kind]++;
    printf("explore: save %u: %llu events: %u stores, %u by the page walk, "
           "%u of frames, %u flushes, %u fences, %u bytes of output; nothing "
           "changed unseen\n",
           job->save, (unsigned long long)job->record.count, kinds[CUT_STORE],
           kinds[CUT_MMU], kinds[CUT_FRAME],
           kinds[CUT_FLUSH] + kinds[CUT_FLUSH_NOW] + kinds[CUT_FLUSH_ALL],
           kinds[CUT_FENCE], kinds[CUT_OUTPUT]);
}

int
main(int argc, char **argv)
{
    static struct job job;
    struct share_figures sum = {0};
    double started = now();
    const char *lacks;
    const char *jobs = getenv("JOBS");
    int n = jobs != NULL ? atoi(jobs) : (int)sysconf(_SC_NPROCESSORS_ONLN);

    if (argc > 1)
        return again(&job, argv[1], argc > 2);
    lacks = record_second_save(&job.record, "explore-record");
    if (lacks != NULL) {
        printf("skipped: %s\n", lacks);
        return 0;
    }
    find_acknowledgement(&job);
    record_keep(&job.record, RECORD);
    tell(&job);
    share_run(SCENARIO, n < 1 ? 1 : n, job.record.count + 1, STEP, work, &job,
              &sum);
    printf("explore: %llu images, %llu distinct, %llu boots, %llu failures, "
           "%.0f s\n",
           (unsigned long long)sum.images, (unsigned long long)sum.distinct,
           (unsigned long long)sum.boots, (unsigned long long)sum.failures,
           now() - started);
    if (sum.failures != 0)
        printf("explore: build/tests/cut/explore ID tries one again\n");
    return sum.failures != 0;
}

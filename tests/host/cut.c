// cut.c -- record a power-cut case and share its images out
#define _GNU_SOURCE
#include "cut.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bytes.h"
#include "cutter.h"
#include "fake.h"

#define LOG_EVENTS (32u << 20) // of setup and operation
#define JOBS_MAX 16

void
cut_promise(u32 kept)
{
    trace_note(EVENT_PROMISE, 0, kept, 0);
}

// --- recording ---

static void
setup(void *arg)
{
    const struct cut_case *c = arg;

    c->setup(c->state);
}

static void
operate(void *arg)
{
    const struct cut_case *c = arg;

    c->operation(c->state);
}

static int
not_recorded(struct cutter *cutter, const char *what)
{
    char sentence[sizeof(fake.sentence) + 64];

    snprintf(sentence, sizeof(sentence), "%s: %s", what, fake.sentence);
    snprintf(cutter->level[0].id, sizeof(cutter->level[0].id), "run");
    image_failed(cutter, &cutter->level[0], sentence);
    trace_log(NULL);
    return -1;
}

static void
count_events(struct cutter *cutter)
{
    const struct event_log *log = &cutter->level[0].log;
    struct cut_report *report = &cutter->shared->report;

    report->flushes = fake.flushes;
    report->fences = fake.fences;
    for (u32 e = cutter->level[0].begin; e < log->events; e++) {
        report->stores += (u32)event_is_store(&log->event[e]);
        if (log->event[e].word == EVENT_PROMISE)
            cutter->level[0].last_least = log->event[e].new;
    }
}

// Run the case without a cut, logging.  0, or -1 after noting why not.
static int
record(struct cutter *cutter, struct mutation mutation)
{
    struct level *first = &cutter->level[0];
    const struct cut_case *c = cutter->c;
    enum fake_end end;
    u32 missed_pa;

    trace_copy_shadow();
    trace_log(&first->log);
    if (fake_run(setup, (void *)c) != FAKE_RETURNED)
        return not_recorded(cutter, "setup() failed");
    trace_sync(&missed_pa);
    first->begin = first->log.events;
    bytes_copy(cutter->state, c->state, c->state_bytes);
    fake.flushes = 0;
    fake.fences = 0;
    fake.skip_flush = mutation.flush;
    fake.skip_fence = mutation.fence;
    end = fake_run(operate, (void *)c);
    if (end != FAKE_RETURNED && end != FAKE_STOPPED)
        return not_recorded(cutter, "operation() failed");
    if (trace_sync(&missed_pa) != 0) {
        snprintf(fake.sentence, sizeof(fake.sentence), "0x%08x", missed_pa);
        return not_recorded(
            cutter,
            "a store was not seen by the tracer (not traced, or of a struct "
            "that a function returned)");
    }
    trace_log(NULL);
    count_events(cutter);
    cutter->now_us = fake.now_us + 1000000;
    return 0;
}

// --- all images ---

static void
rewind_log(const struct event_log *log)
{
    for (u32 e = log->events; e-- > 0;)
        if (event_is_store(&log->event[e]))
            image_put(log->event[e].word, log->event[e].old);
}

static void
walk(struct cutter *cutter)
{
    ordered_walk(cutter, &cutter->level[0]);
    cached_walk(cutter, &cutter->level[0]);
}

static void
show_progress(const struct cutter *cutter)
{
    const struct cut_report *report = &cutter->shared->report;

    if (isatty(2))
        fprintf(stderr, "\r%s: %u of %u stores, %u + %u runs, %u failures ",
                cutter->c->name,
                MIN(cutter->shared->next_chunk * CUT_CHUNK, report->stores),
                report->stores, report->images, report->pairs,
                report->failures);
}

static void
share_out(struct cutter *cutter, u32 jobs)
{
    pid_t pid[JOBS_MAX];
    u32 left = jobs;
    int status;

    for (u32 i = 0; i < jobs; i++) {
        pid[i] = fork();
        if (pid[i] == 0) {
            fake_disown();
            walk(cutter);
            _exit(0);
        }
    }
    while (left > 0) {
        for (u32 i = 0; i < jobs; i++) {
            if (pid[i] == 0 || waitpid(pid[i], &status, WNOHANG) != pid[i])
                continue;
            pid[i] = 0;
            left--;
            if (status == 0)
                continue;
            snprintf(cutter->level[0].id, sizeof(cutter->level[0].id), "run");
            image_failed(cutter, &cutter->level[0],
                         "a process that ran recovery ended by itself");
        }
        usleep(5000);
        show_progress(cutter);
    }
    if (isatty(2))
        fprintf(stderr, "\r\033[K");
}

static u32
jobs_wanted(const struct cutter *cutter)
{
    const char *jobs = getenv("CUT_JOBS");
    u32 number = jobs == NULL ? 2 : (u32)atoi(jobs);

    return cutter->talk ? 0 : MIN(number, JOBS_MAX);
}

static void
cut_all(struct cutter *cutter)
{
    struct level *first = &cutter->level[0];
    u32 jobs = jobs_wanted(cutter);
    int kept;

    snprintf(first->id, sizeof(first->id), "m1.%u",
             cutter->shared->report.stores);
    kept = image_run(cutter, first, first->last_least, 0);
    rewind_log(&first->log);
    if (kept < 0)
        return;
    first->last_least = (u32)kept;
    cutter->shared->report.kept = (u32)kept;
    if (jobs == 0)
        walk(cutter);
    else
        share_out(cutter, jobs);
}

// --- one case ---

static void
on_time(int signal)
{
    (void)signal;
    fake_fail("recover() or verify() does not end");
}

static void
open_level(struct cutter *cutter, u32 depth, u32 events)
{
    struct level *level = &cutter->level[depth];

    level->depth = depth;
    level->most = UINT32_MAX;
    event_log_open(&level->log, events);
    readset_open(&level->set, cutter->c->pages);
    lines_open(&level->lines, cutter->c->pages, events);
}

static void
close_level(struct cutter *cutter, u32 depth)
{
    struct level *level = &cutter->level[depth];

    lines_close(&level->lines, cutter->c->pages, level->log.capacity);
    readset_close(&level->set);
    event_log_close(&level->log);
}

void
cut_case_run(struct cutter *cutter, struct mutation mutation)
{
    struct sigaction action = {.sa_handler = on_time, .sa_flags = SA_NODEFER};

    cutter->shared = mmap(NULL, sizeof(*cutter->shared), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    cutter->state = malloc(cutter->c->state_bytes + 1);
    sigaction(SIGVTALRM, &action, NULL);
    fake_open(cutter->c->pages);
    open_level(cutter, 0, LOG_EVENTS);
    open_level(cutter, 1, LOG_EVENTS);
    if (record(cutter, mutation) == 0)
        cut_all(cutter);
}

void
cut_case_end(struct cutter *cutter)
{
    close_level(cutter, 0);
    close_level(cutter, 1);
    free(cutter->state);
    munmap(cutter->shared, sizeof(*cutter->shared));
    fake_close();
}

// share.c -- many processes at one list of images
#define _GNU_SOURCE
#include "tests/cut/share.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/vm/clock.h"

#define SLOTS (1u << 22) // must be more than distinct images
#define LOOK_S 0.25

static double
seconds_between_lines(void)
{
    return isatty(1) ? LOOK_S : 10;
}

bool
share_next(struct share *s, u64 *from, u64 *to)
{
    *from = __atomic_fetch_add(&s->next, s->step, __ATOMIC_RELAXED);
    *to = *from + s->step < s->total ? *from + s->step : s->total;
    return *from < s->total;
}

// Where this hash is, or where it belongs.
static u64
find(struct share *s, u64 hash)
{
    u64 at = hash & (s->slots - 1);

    while (__atomic_load_n(&s->slot[at].hash, __ATOMIC_ACQUIRE) != hash) {
        u64 empty = 0;

        if (__atomic_compare_exchange_n(&s->slot[at].hash, &empty, hash, 0,
                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) ||
            empty == hash)
            return at;
        at = (at + 1) & (s->slots - 1);
    }
    return at;
}

bool
share_known(struct share *s, u64 hash, u32 *verdict)
{
    u64 at = find(s, hash | 1);

    if (!__atomic_load_n(&s->slot[at].known, __ATOMIC_ACQUIRE))
        return false;
    *verdict = s->slot[at].verdict;
    return true;
}

void
share_know(struct share *s, u64 hash, u32 verdict)
{
    u64 at = find(s, hash | 1);

    s->slot[at].verdict = verdict;
    if (__atomic_exchange_n(&s->slot[at].known, 1, __ATOMIC_ACQ_REL) == 0)
        share_count(&s->figures.distinct);
    if (s->figures.distinct > s->slots / 4 * 3) {
        fprintf(stderr, "share: more distinct images than SLOTS allows\n");
        exit(2);
    }
}

bool
share_first(struct share *s, u64 kind)
{
    for (unsigned i = 0; i < SHARE_KINDS; i++) {
        u64 empty = 0;

        if (__atomic_compare_exchange_n(&s->kind[i], &empty, kind, 0,
                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            return true;
        if (empty == kind)
            return false;
    }
    return false;
}

void
share_count(u64 *figure)
{
    __atomic_add_fetch(figure, 1, __ATOMIC_RELAXED);
}

void
share_fail(struct share *s, const char *id, const char *format, ...)
{
    u64 n = __atomic_fetch_add(&s->figures.failures, 1, __ATOMIC_RELAXED);
    va_list args;

    if (n >= SHARE_FAILURES)
        return;
    snprintf(s->failure[n].id, sizeof(s->failure[n].id), "%s", id);
    va_start(args, format);
    vsnprintf(s->failure[n].sentence, sizeof(s->failure[n].sentence), format,
              args);
    va_end(args);
}

// --- the parent ---

static void
progress(const struct share *s, double started, bool last)
{
    double seconds = now() - started;
    u64 given = s->next < s->total ? s->next : s->total;
    double left =
        given == 0 ? 0 : seconds * (double)(s->total - given) / (double)given;

    printf("%s%s: %llu of %llu, %llu images, %llu distinct, %llu proven, "
           "%llu boots, "
           "%llu failures, %.0f boots/s, %.0f s left%s",
           isatty(1) ? "\r" : "", s->title, (unsigned long long)given,
           (unsigned long long)s->total, (unsigned long long)s->figures.images,
           (unsigned long long)s->figures.distinct,
           (unsigned long long)s->figures.proven,
           (unsigned long long)s->figures.boots,
           (unsigned long long)s->figures.failures,
           (double)s->figures.boots / (seconds > 0 ? seconds : 1), left,
           isatty(1) && !last ? "  " : "\n");
    fflush(stdout);
}

static void
watch_workers(struct share *s, int running)
{
    double started = now(), printed = started;
    int status;

    while (running > 0) {
        pid_t pid = waitpid(-1, &status, WNOHANG);

        if (pid > 0) {
            running--;
            if (status != 0)
                share_fail(s, "worker", "a worker ended with %x",
                           (unsigned)status);
            continue;
        }
        if (now() - printed > seconds_between_lines()) {
            printed = now();
            progress(s, started, false);
        }
        usleep(20000);
    }
    progress(s, started, true);
}

static u64
conclude(struct share *s, struct share_figures *sum)
{
    u64 failures = s->figures.failures;

    for (u64 i = 0; i < failures && i < SHARE_FAILURES; i++)
        printf("  %s: %s\n", s->failure[i].id, s->failure[i].sentence);
    if (sum != NULL) {
        sum->images += s->figures.images;
        sum->distinct += s->figures.distinct;
        sum->proven += s->figures.proven;
        sum->boots += s->figures.boots;
        sum->second += s->figures.second;
        sum->used += s->figures.used;
        sum->failures += failures;
    }
    return failures;
}

u64
share_run(const char *title, int jobs, u64 total, u64 step,
          void (*work)(struct share *share, int worker, void *job), void *job,
          struct share_figures *sum)
{
    size_t bytes =
        sizeof(struct share) + SLOTS * sizeof(((struct share *)0)->slot[0]);
    struct share *s = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (s == MAP_FAILED)
        abort();
    s->title = title;
    s->total = total;
    s->step = step;
    s->slots = SLOTS;
    fflush(stdout);
    for (int i = 0; i < jobs; i++)
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            work(s, i, job);
            _exit(0);
        }
    watch_workers(s, jobs);
    u64 failures = conclude(s, sum);

    munmap(s, bytes);
    return failures;
}

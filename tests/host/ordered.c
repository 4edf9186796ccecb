// ordered.c -- fault model M1: memory holds exactly the first k stores
#include <stdio.h>

#include "cutter.h"

// One of so many skipped images is run, to see whether skipping was right.
static const u32 audit[2] = {256, 16384};

struct walk {
    u32 mine;    // the chunk this process has taken
    u32 last;    // the chunk of the last cut
    int current; // the last run tells what would happen here, too
    int kept;    // that is, this
    u32 skipped;
};

// Whether this process is to look at cut k.
static int
is_mine(struct cutter *cutter, struct level *level, struct walk *walk, u32 k)
{
    u32 chunk = k / CUT_CHUNK;

    if (level->wanted.model == CUT_ORDERED)
        return level->wanted.k == k;
    if (level->depth != 0)
        return 1;
    while (walk->mine == UINT32_MAX || walk->mine < chunk)
        walk->mine = __atomic_fetch_add(&cutter->shared->next_chunk, 1,
                                        __ATOMIC_RELAXED);
    if (chunk != walk->last)
        walk->current = 0;
    walk->last = chunk;
    return walk->mine == chunk;
}

static void
look(struct cutter *cutter, struct level *level, struct walk *walk, u32 k,
     int at_end)
{
    u32 least = at_end ? level->last_least : level->least;
    int skip = walk->current && !cutter->skip_nothing;
    int check = skip && ++walk->skipped % audit[level->depth] == 0;
    int kept;

    snprintf(level->id, sizeof(level->id), "m1.%u", k);
    if (skip && !check && (walk->kept < 0 || (u32)walk->kept >= least)) {
        __atomic_fetch_add(&cutter->shared->report.skipped, 1,
                           __ATOMIC_RELAXED);
        return;
    }
    if (!check)
        readset_clear(&level->set);
    kept = image_run(cutter, level, least, !check);
    if (check && kept != walk->kept && !cutter->first_only)
        image_failed(cutter, level,
                     "untraced reads: this image seemed to be the same as the "
                     "one before");
    walk->kept = kept;
    walk->current = 1;
}

void
ordered_walk(struct cutter *cutter, struct level *level)
{
    const struct event_log *log = &level->log;
    struct walk walk = {UINT32_MAX, UINT32_MAX, 0, -1, 0};
    u32 start = level->least;
    u32 k = 0;

    if (level->wanted.model == CUT_NONE || level->wanted.model == CUT_CACHED)
        return;
    for (u32 e = 0; e < log->events; e++) {
        const struct event *event = &log->event[e];

        if (e >= level->begin && event->word == EVENT_PROMISE)
            level->least = event->new;
        if (!event_is_store(event))
            continue;
        if (e >= level->begin) {
            if (is_mine(cutter, level, &walk, k))
                look(cutter, level, &walk, k, 0);
            k++;
        }
        image_put(event->word, event->new);
        level->pc = event->pc;
        level->pa = event->word * 4;
        if (walk.current && readset_has(&level->set, event->word))
            walk.current = 0;
    }
    if (is_mine(cutter, level, &walk, k))
        look(cutter, level, &walk, k, 1);

    level->least = start;
    for (u32 e = log->events; e-- > 0;)
        if (event_is_store(&log->event[e]))
            image_put(log->event[e].word, log->event[e].old);
}

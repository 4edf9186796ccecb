// cached.c -- fault model M2: each cache line holds a prefix of what is pending
//
// Until the next fence the lists of pending stores (lines.h) only grow, so the
// images just before each fence, and at the end, are all there are.
//
// At each of these points the image without any pending store is tried first.
// Then, as long as there are a line and a length whose last store changes a
// word that one of the runs here has read, that length is combined with all
// those of the other lines found before.  What is left out so differs from
// a tried image only in words its run did not read.
//
// With more than MANY images at a point the rest is sampled: all, each line
// lost, each line alone, and RANDOM random prefixes.
#include <stdio.h>
#include <stdlib.h>

#include "cutter.h"

#define MANY 512
#define RANDOM 200
#define ALONE 64    // lines that are lost, or kept, alone
#define LENGTHS 64  // of one line that are combined
#define CHOICES 256 // lines that are combined
#define PAIRED 16   // images of a point that are cut again

struct choice {
    u32 line;
    u32 lengths;
    u32 length[LENGTHS]; // the first one is 0
};

struct point {
    struct cutter *cutter;
    struct level *level;
    u32 number;
    u32 least;
    u32 images;
    u32 choices;
    struct choice choice[CHOICES];
    u64 random;
};

// --- the images of one point ---

// Let a line hold so many of its pending stores.
static void
put(const struct point *point, u32 line, u32 length)
{
    lines_put(&point->level->lines, &point->level->log, line, length);
}

static void
try(struct point *point)
{
    struct level *level = point->level;

    snprintf(level->id, sizeof(level->id), "m2.%u.r%u", point->number,
             point->images);
    image_run(point->cutter, level, point->least, point->images < PAIRED);
    point->images++;
}

// Try all combinations of the choices from number i on, but fixed is fixed.
static void
combine(struct point *point, u32 i, u32 fixed, u32 length)
{
    const struct choice *choice = &point->choice[i];
    u32 words[LINE_WORDS];

    if (i == point->choices) {
        try(point);
        return;
    }
    lines_save(choice->line, words);
    for (u32 j = 0; j < choice->lengths; j++) {
        u32 this = i == fixed ? length : choice->length[j];

        put(point, choice->line, this);
        combine(point, i + 1, fixed, length);
        lines_load(choice->line, words);
        if (i == fixed)
            break;
    }
}

static int
has_length(const struct choice *choice, u32 length)
{
    for (u32 i = 0; i < choice->lengths; i++)
        if (choice->length[i] == length)
            return 1;
    return 0;
}

static struct choice *
choice_of(struct point *point, u32 line)
{
    for (u32 i = 0; i < point->choices; i++)
        if (point->choice[i].line == line)
            return &point->choice[i];
    if (point->choices == CHOICES)
        return NULL;
    point->choice[point->choices] = (struct choice){line, 1, {0}};
    return &point->choice[point->choices++];
}

enum found { FOUND_NOTHING, FOUND_ONE, FOUND_TOO_MANY };

// Find a line and a length that no run has covered yet.
static enum found
find_new(struct point *point, struct choice **choice, u32 *length)
{
    const struct lines *l = &point->level->lines;
    const struct readset *set = &point->level->set;

    for (u32 i = 0; i < l->pendings; i++) {
        u32 line = l->pending[i];
        u32 n = 1;

        if ((readset_line(set, line) & l->words[line]) == 0)
            continue;
        *choice = choice_of(point, line);
        if (*choice == NULL)
            return FOUND_TOO_MANY;
        for (u32 e = l->head[line]; e != 0; e = l->next[e - 1], n++) {
            if (!readset_has(set, point->level->log.event[e - 1].word) ||
                has_length(*choice, n))
                continue;
            *length = n;
            return (*choice)->lengths == LENGTHS ? FOUND_TOO_MANY : FOUND_ONE;
        }
    }
    return FOUND_NOTHING;
}

// How many images a new length of one choice makes.
static u32
combinations(const struct point *point, const struct choice *new)
{
    u32 product = 1;

    for (u32 i = 0; i < point->choices; i++) {
        if (&point->choice[i] != new)
            product *= point->choice[i].lengths;
        if (product > MANY)
            break;
    }
    return product;
}

static u32
random_below(struct point *point, u32 limit)
{
    point->random ^= point->random << 13;
    point->random ^= point->random >> 7;
    point->random ^= point->random << 17;
    return (u32)(point->random >> 32) % limit;
}

// One line lost while all others are kept, and the other way round.
static void
sample_alone(struct point *point, u32 (*words)[LINE_WORDS])
{
    const struct lines *l = &point->level->lines;
    u32 step = point->choices / ALONE + 1;

    for (u32 i = 0; i < point->choices; i += step) {
        u32 line = point->choice[i].line;

        lines_load(line, words[l->place[line]]);
        try(point);
        put(point, line, UINT32_MAX);
    }
    for (u32 i = 0; i < l->pendings; i++)
        lines_load(l->pending[i], words[i]);
    for (u32 i = 0; i < point->choices; i += step) {
        u32 line = point->choice[i].line;

        put(point, line, UINT32_MAX);
        try(point);
        lines_load(line, words[l->place[line]]);
    }
}

static void
sample(struct point *point)
{
    const struct lines *l = &point->level->lines;
    u32(*words)[LINE_WORDS] = malloc(l->pendings * sizeof(*words));

    for (u32 i = 0; i < l->pendings; i++) {
        lines_save(l->pending[i], words[i]);
        put(point, l->pending[i], UINT32_MAX);
    }
    try(point);
    sample_alone(point, words);
    for (u32 n = 0; n < RANDOM; n++) {
        for (u32 i = 0; i < l->pendings; i++) {
            u32 line = l->pending[i];

            put(point, line, random_below(point, lines_length(l, line) + 1));
        }
        try(point);
        for (u32 i = 0; i < l->pendings; i++)
            lines_load(l->pending[i], words[i]);
    }
    free(words);
}

static void
explore(struct point *point)
{
    struct choice *choice;
    enum found found;
    u32 length;

    readset_clear(&point->level->set);
    try(point);
    while ((found = find_new(point, &choice, &length)) == FOUND_ONE) {
        if (point->images + combinations(point, choice) > MANY)
            break;
        combine(point, 0, (u32)(choice - point->choice), length);
        choice->length[choice->lengths++] = length;
    }
    if (found != FOUND_NOTHING) {
        __atomic_fetch_add(&point->cutter->shared->report.sampled, 1,
                           __ATOMIC_RELAXED);
        sample(point);
    }
}

// --- the walk ---

static int
is_mine(struct cutter *cutter, struct level *level, u32 point, u32 *mine)
{
    if (level->wanted.model == CUT_CACHED && level->wanted.p != point)
        return 0;
    if (level->wanted.model != CUT_ANY || level->depth != 0)
        return 1;
    while (*mine < point)
        *mine = __atomic_fetch_add(&cutter->shared->next_point, 1,
                                   __ATOMIC_RELAXED) +
                1;
    return *mine == point;
}

static void
look(struct cutter *cutter, struct level *level, u32 number, int at_end,
     u32 *mine)
{
    struct point *point;

    if (!is_mine(cutter, level, number, mine))
        return;
    point = malloc(sizeof(*point));
    *point = (struct point){.cutter = cutter,
                            .level = level,
                            .number = number,
                            .least = at_end ? level->last_least : level->least,
                            .random = 88172645463325252ull + number};
    explore(point);
    free(point);
}

void
cached_walk(struct cutter *cutter, struct level *level)
{
    const struct event_log *log = &level->log;
    struct lines *l = &level->lines;
    u32 start = level->least;
    u32 point = 0;
    u32 mine = 0;

    if (level->wanted.model == CUT_NONE || level->wanted.model == CUT_ORDERED)
        return;
    for (u32 e = 0; e < log->events; e++) {
        const struct event *event = &log->event[e];
        int is_fence =
            event->word == EVENT_FENCE || event->word == EVENT_FLUSH_ALL;

        if (is_fence && e >= level->begin) {
            level->pc = event->pc;
            level->pa = 0;
            look(cutter, level, ++point, 0, &mine);
        }
        if (event_is_store(event))
            lines_store(l, event->word, e);
        else if (event->word == EVENT_FLUSH)
            for (u32 i = 0; i < event->new; i++)
                lines_flush(l, event->old + i);
        else if (event->word == EVENT_FLUSH_ALL)
            lines_flush_all(l);
        else if (event->word == EVENT_PROMISE && e >= level->begin)
            level->least = event->new;
        if (is_fence)
            lines_fence(l, log);
    }
    look(cutter, level, ++point, 1, &mine);

    level->least = start;
    lines_forget(l);
    for (u32 e = log->events; e-- > 0;)
        if (event_is_store(&log->event[e]) && l->durable[e])
            image_put(log->event[e].word, log->event[e].old);
}

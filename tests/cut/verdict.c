// verdict.c -- has an image become the state before, or the state after?
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/cut/campaign.h"
#include "tests/cut/crash.h"

#define SECONDS 30.0

// --- references ---

static void
add_reference(struct campaign *c, u64 event, bool acknowledged, u32 save)
{
    if (c->references == REFERENCES)
        return;
    c->reference[c->references++] = (struct reference){
        .event = event, .acknowledged = acknowledged, .save = save};
}

// Before, after each line that acknowledges, at the end.
static void
find_events(struct campaign *c)
{
    u64 event = 0;
    u32 save;

    c->references = 0;
    add_reference(c, 0, true, c->scenario->saves_before);
    while ((event = record_acknowledged(&c->record, event, &save)) != 0)
        add_reference(c, event, true, save);
    add_reference(c, c->record.count, false, c->scenario->saves_after);
}

static void
boot(const struct campaign *c, struct crash *image, struct engine *e,
     struct state *state)
{
    int at = crash_try(image, e, SECONDS);

    (void)c;
    judge_look(e, at, state);
}

// The uncut image twice: what differs by itself must be known.
static bool
find_state(const struct campaign *c, struct crash *image, struct engine *e,
           struct reference *r)
{
    struct state *state = &r->state, again;

    boot(c, image, e, state);
    struct judge_copy *a = judge_copy(e);

    boot(c, image, e, &again);
    struct judge_copy *b = judge_copy(e);
    bool same = judge_same(state, &again);

    if (!same) {
        printf(
            "%s: two boots of one image differ (stops %d %d, saves %u %u):\n",
            c->scenario->name, state->at, again.at, state->save, again.save);
        judge_compare(e, a, b, stdout);
    }
    r->copy = a;
    judge_copy_free(b);
    return same;
}

// An acknowledgement holds from its line on, not only later; at both ends the
// scenario may also start cold or continue.
static bool
is_expected(const struct campaign *c, unsigned i)
{
    const struct reference *r = &c->reference[i];
    bool boots = r->state.at == AT_RESUME || r->state.at == AT_COLD;
    bool at_end = i == 0 || i + 1 == c->references;

    if (boots &&
        (at_end ? scenario_expects(c->scenario, i == 0,
                                   c->reference[0].state.save, r->state.save)
                : r->state.save == r->save))
        return true;
    printf("%s: the uncut image of event %llu came to stop %d, save %u instead "
           "of %u\n",
           c->scenario->name, (unsigned long long)r->event, r->state.at,
           r->state.save, r->save);
    return false;
}

// What a further save says there.
static bool
find_answer(struct campaign *c, struct crash *image, struct engine *e,
            unsigned i)
{
    const char *wrong = used_on(e, &c->reference[i].answer);

    crash_strange(image);
    if (wrong == NULL && c->reference[i].answer == USED_NOT)
        wrong = "a save says nothing that we know";
    if (wrong != NULL)
        printf("%s: the uncut image of event %llu: %s\n", c->scenario->name,
               (unsigned long long)c->reference[i].event, wrong);
    return wrong == NULL;
}

bool
verdict_references(struct campaign *c, struct engine *e)
{
    struct crash *image = crash_new(c->record.base, c->record.bytes);
    u64 applied = 0;
    bool right = true;

    engine_load(e, image->memory);
    find_events(c);
    for (unsigned i = 0; i < c->references && right; i++) {
        while (applied < c->reference[i].event)
            crash_apply(image, &c->record.events[applied++]);
        crash_forget(image);
        right = find_state(c, image, e, &c->reference[i]) &&
                is_expected(c, i) && find_answer(c, image, e, i);
    }
    crash_free(image);
    return right;
}

// --- verdicts ---

u32
verdict_of(const struct campaign *c, struct engine *e, int at)
{
    struct state state;

    if (at < 0)
        return VERDICT_LOST;
    if (at != AT_RESUME && at != AT_COLD)
        return VERDICT_STOP | (u32)at;
    judge_look(e, at, &state);
    for (unsigned i = c->references; i-- > 0;)
        if (judge_same(&state, &c->reference[i].state))
            return i;
    return VERDICT_STATE;
}

// How a state differs from the nearest reference.
static void
tell_difference(const struct campaign *c, struct engine *e, char *text,
                size_t size)
{
    struct judge_copy *is = judge_copy(e);
    unsigned least = ~0u;

    for (unsigned i = 0; i < c->references; i++) {
        char *lines = NULL;
        size_t length;
        FILE *file = open_memstream(&lines, &length);
        unsigned words = judge_compare(e, c->reference[i].copy, is, file);

        fclose(file);
        if (words < least)
            snprintf(text, size,
                     "neither before nor after; %u words differ from event "
                     "%llu:\n%.220s",
                     words, (unsigned long long)c->reference[i].event, lines);
        least = words < least ? words : least;
        free(lines);
    }
    judge_copy_free(is);
}

const char *
verdict_wrong(const struct campaign *c, u64 event, u32 verdict,
              struct engine *e)
{
    static char sentence[400];

    if (verdict == VERDICT_STATE) {
        tell_difference(c, e, sentence, sizeof(sentence));
        return sentence;
    }
    if (verdict >= VERDICT_STOP) {
        const char *said = engine_said(e);
        size_t length = strlen(said);

        snprintf(sentence, sizeof(sentence), "it came to %s: %.300s",
                 verdict == VERDICT_LOST
                     ? "nothing in time"
                     : engine_where(e, (int)(verdict & 0xff)),
                 said + (length > 300 ? length - 300 : 0));
        return sentence;
    }
    for (unsigned i = verdict + 1; i < c->references; i++)
        if (c->reference[i].acknowledged && c->reference[i].event <= event) {
            const struct state *promised = &c->reference[i].state;

            snprintf(sentence, sizeof(sentence),
                     promised->save != 0
                         ? "save %u came back, but save %u was acknowledged"
                         : "save %u came back, but a shutdown was acknowledged",
                     c->reference[verdict].state.save, promised->save);
            return sentence;
        }
    return NULL;
}

const char *
verdict_used(const struct campaign *c, const struct crash *image, u32 verdict,
             struct engine *e)
{
    static char sentence[400];
    enum used_answer want = c->reference[verdict].answer, answer;
    const char *when = "cut";
    const char *wrong = used_check(image->memory, image->bytes);

    if (wrong == NULL) {
        when = "come back";
        wrong = used_check(e->ram, e->bytes);
    }
    if (wrong == NULL) {
        when = "used on";
        wrong = used_on(e, &answer);
        if (wrong == NULL && answer != want)
            wrong = "a save says something else than in the uncut image";
        if (wrong == NULL)
            wrong = used_check(e->ram, e->bytes);
    }
    if (wrong == NULL)
        return NULL;
    snprintf(sentence, sizeof(sentence), "when it had %s: %.300s", when, wrong);
    return sentence;
}

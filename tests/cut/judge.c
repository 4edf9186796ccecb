// judge.c -- what a machine has become: all of its state, as one number
#include "tests/cut/judge.h"

#include <string.h>

#include "tests/cut/state.h"

static void
digest_page(void *data, const char *name, rid id, u32 page, const u32 *words)
{
    u64 *sum = data;
    u64 h = *sum ^ ((u64)id << 32 | page);
    bool special = strcmp(name, STATE_DATA) == 0;
    u32 first = state_first_alive(id, page);

    for (u32 i = first & ~1u; i < PAGE_SIZE / 4; i += 2) {
        u64 low = words[i], high = words[i + 1];

        if (i < first ||
            (special && state_is_excepted(name, page * PAGE_SIZE + i * 4)))
            low = 0;
        if (special && state_is_excepted(name, page * PAGE_SIZE + i * 4 + 4))
            high = 0;
        h = (h ^ (low | high << 32)) * 0xff51afd7ed558ccdull;
        h ^= h >> 32;
    }
    *sum = h;
}

void
judge_look(struct engine *e, int at, struct state *state)
{
    const char *said = engine_said(e);
    const char *line = strstr(said, "tender: restored save ");

    memset(state, 0, sizeof(*state));
    state->at = at;
    if (at != AT_RESUME && at != AT_COLD)
        return;
    if (line != NULL)
        sscanf(line, "tender: restored save %u", &state->save);
    if (!state_is_laid_out()) {
        snprintf(state->wrong, sizeof(state->wrong), "there is no root");
        return;
    }
    if (at == AT_RESUME)
        state_walk(digest_page, &state->digest);
}

bool
judge_same(const struct state *a, const struct state *b)
{
    return a->at == b->at && a->save == b->save && a->digest == b->digest &&
           strcmp(a->wrong, b->wrong) == 0;
}

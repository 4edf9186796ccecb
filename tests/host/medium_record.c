// medium_record.c -- what the simulated drive was told, in its order
#include "bytes.h"
#include "fake.h"
#include "medium_log.h"
#include "sectors.h"

// Nothing here may call memcpy() or memset(): they are traced.
#pragma GCC optimize("no-tree-loop-distribute-patterns")

struct medium_level *
medium_level(void)
{
    if (medium_state.levels == 0)
        fake_fail("a test wants a cut, but recorded nothing");
    return &medium_state.level[medium_state.levels - 1];
}

static void
rewind_log(u32 *map, const struct medium_log *log)
{
    for (u32 i = log->events; i-- > 0;)
        if (medium_is_write(&log->event[i]))
            map[log->event[i].sector] = log->event[i].old;
}

void
medium_record(void)
{
    struct medium_state *m = &medium_state;
    struct medium_level *level;

    if (m->recording || m->levels == MEDIUM_LEVELS)
        fake_fail("a test records within a recording");
    level = &m->level[m->levels++];
    m->recording = 1;
    bytes_copy(level->durable, m->now, m->sectors * sizeof(u32));
    rewind_log(level->durable, &m->pending);
    level->log.events = 0;
    for (u32 i = 0; i < m->pending.events; i++)
        medium_log_add(&level->log, m->pending.event[i]);
    level->begin = m->pending.events;
    m->pending.events = 0;
    m->recordings++;
}

u32
medium_recordings(void)
{
    return medium_state.levels;
}

u32
medium_writes(void)
{
    return medium_level()->log.events - medium_level()->begin;
}

void
medium_note(u32 kept)
{
    struct medium_event event = {MEDIUM_NOTED, 0, kept, 0};

    if (medium_state.recording)
        medium_log_add(medium_log_now(), event);
}

u32
medium_noted(u32 cut)
{
    const struct medium_level *level = medium_level();

    for (u32 i = level->begin + cut; i-- > level->begin;)
        if (level->log.event[i].sector == MEDIUM_NOTED)
            return level->log.event[i].new;
    return 0;
}

void
medium_record_end(void)
{
    if (!medium_state.recording)
        return;
    medium_state.recording = 0;
    medium_level()->kept = sectors_count();
}

void
medium_forget(void)
{
    struct medium_state *m = &medium_state;
    struct medium_level *level = medium_level();

    medium_record_end();
    bytes_copy(m->now, level->durable, m->sectors * sizeof(u32));
    for (u32 i = 0; i < level->log.events; i++)
        if (medium_is_write(&level->log.event[i]))
            m->now[level->log.event[i].sector] = level->log.event[i].new;
    m->pending.events = 0;
    m->watch++;
    m->levels--;
    m->recordings++;
}

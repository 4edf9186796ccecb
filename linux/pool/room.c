// room.c -- how much the pool can still have, and how much of it files may
//
// Files never take the last eighth: programs have it, so that those who filled
// the file system can go on and remove something.
#include "linux/pool/pages.h"

#define KEPT 8u // one of so many parts is not for files

static u32
frames_of_chunk(const struct pages *p)
{
    return CHUNK_PAGES * (1 + p->copies);
}

// What must stay free beside chunks.
static u32
frames_kept(const struct pages *p)
{
    return p->reserve == NULL ? 0 : pages_reserve(p) + PAGES_TABLES;
}

int
pages_fit(const struct pages *p, u32 chunks)
{
    return real_memory_check_room(
               p->vs->rm, 2, chunks * frames_of_chunk(p) + frames_kept(p)) == 0;
}

// Pages of chunks that there is memory for. It is counted again when the number
// of free frames is another one: what the next save will want changes with it.
static u32
still_to_come(struct pages *p)
{
    u32 free = p->vs->rm->head->free;
    u32 kept;

    if (free == p->counted_free)
        return p->to_come;
    kept = frames_kept(p);
    p->counted_free = free;
    p->to_come = MIN(free < kept ? 0 : (free - kept) / frames_of_chunk(p),
                     CHUNKS_MAX - p->room / CHUNK_ROOM) *
                 CHUNK_ROOM;
    return p->to_come;
}

static u32
kept_for_programs(struct pages *p)
{
    return MAX((p->room + still_to_come(p)) / KEPT, PAGES_SPARE);
}

u32
pages_left(struct pages *p)
{
    return p->room - p->used + still_to_come(p);
}

u32
pages_left_files(struct pages *p)
{
    u32 left = pages_left(p);

    return left - MIN(left, kept_for_programs(p));
}

// With paging, what native programs do not use lately makes room.
int
pages_room_files(struct pages *p)
{
    if (pages_left_files(p) > 0)
        return 1;
    u32 wanted = kept_for_programs(p) + 1;
    u32 here = MIN(p->room - p->used, wanted);

    return pages_fit(p, (wanted - here + CHUNK_ROOM - 1) / CHUNK_ROOM);
}

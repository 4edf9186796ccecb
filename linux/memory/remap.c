// remap.c -- mremap: an area grows, shrinks, or moves with its pages
#include "linux/errno.h"
#include "linux/memory/parts.h"

struct remap {
    u32 at, old; // where and how long it is
    u32 bytes;   // how long it is to be
    u32 flags;
    u32 to; // with MREMAP_FIXED
};

static int
overlap(const struct remap *r)
{
    return r->to < r->at + r->old && r->at < r->to + r->bytes;
}

static int
check_arguments(const struct remap *r)
{
    if ((r->flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED)) != 0)
        return -EINVAL;
    if (r->at % PAGE_SIZE != 0 || r->bytes == 0 || r->bytes > MEMORY_END)
        return -EINVAL;
    if (r->old == 0)
        return -EINVAL; // a second mapping of the same is not to be had
    if (r->old > MEMORY_END || r->at > MEMORY_END - r->old)
        return -EFAULT;
    if ((r->flags & MREMAP_FIXED) == 0)
        return 0;
    if ((r->flags & MREMAP_MAYMOVE) == 0 || r->to % PAGE_SIZE != 0 ||
        r->to < MEMORY_BASE || r->to > MEMORY_END - r->bytes || overlap(r))
        return -EINVAL;
    return 0;
}

// A place for what moves. -> address or -ENOMEM
static int
place_of(struct memory *m, const struct remap *r)
{
    u32 to;

    if (r->flags & MREMAP_FIXED) {
        int err = areas_free(m, r->to, r->to + r->bytes)
                      ? 0
                      : memory_unmap(m, r->to, r->bytes);

        return err < 0 ? err : (int)r->to;
    }
    to = areas_find(m, r->bytes);
    return to == 0 ? -ENOMEM : (int)to;
}

// The area, by now alone in its range, goes with its pages. When it shrinks,
// its end has been unmapped before.
static int
move(struct memory *m, struct area *a, const struct remap *r)
{
    int to = place_of(m, r);

    if (to < 0)
        return to;
    if (!map_make_range(m, (u32)to, (u32)to + (a->end - a->start)))
        return -ENOMEM;
    map_move(m, a->start, a->end, (u32)to);
    area_remove(m, a);
    a->start = (u32)to;
    a->end = (u32)to + r->bytes;
    area_insert(m, a);
    return to;
}

// Grow where it is, if what is behind it is free.
static int
grow(struct memory *m, struct area *a, const struct remap *r)
{
    u32 end = r->at + r->bytes;

    if (r->bytes > MEMORY_END || r->at > MEMORY_END - r->bytes ||
        a->end != r->at + r->old || !areas_free(m, a->end, end))
        return 0;
    m->mapped += end - a->end;
    a->end = end;
    return 1;
}

static int
remap(struct memory *m, struct remap *r)
{
    struct area *a = memory_area(m, r->at);
    int err;

    if (a == NULL || a->end < r->at + r->old)
        return -EFAULT;
    if (r->bytes < r->old) {
        err = memory_unmap(m, r->at + r->bytes, r->old - r->bytes);
        if (err < 0)
            return err;
        r->old = r->bytes;
    }
    err = area_limit(m, a, r->bytes - r->old);
    if (err < 0)
        return err;
    if ((r->flags & MREMAP_FIXED) == 0) {
        if (r->bytes == r->old || grow(m, a, r))
            return (int)r->at;
        if ((r->flags & MREMAP_MAYMOVE) == 0)
            return -ENOMEM;
    }
    err = areas_isolate(m, r->at, r->at + r->old);
    if (err < 0)
        return err;
    return move(m, memory_area(m, r->at), r);
}

int
memory_remap(struct memory *m, u32 at, u32 old_bytes, u32 bytes, u32 flags,
             u32 to)
{
    struct remap r = {.at = at,
                      .old = page_round(old_bytes),
                      .bytes = page_round(bytes),
                      .flags = flags,
                      .to = to};
    int result = check_arguments(&r);

    if (result < 0)
        return result;
    result = remap(m, &r);
    areas_merge(m, at, at + page_round(old_bytes));
    if (result >= 0)
        areas_merge(m, (u32)result, (u32)result + page_round(bytes));
    return result;
}

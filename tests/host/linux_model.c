// linux_model.c -- what a pool of Linux programs has in each version
#include "linux_model.h"

static u32
word_of(u32 what, u32 index, u32 version)
{
    return what << 24 | index << 16 | version << 2 | 1;
}

// The last version of [first, version] that wrote a page; 0: none.
static u32
written(int (*writes)(u32, u32), u32 index, u32 version, u32 first)
{
    while (version >= first && !writes(index, version))
        version--;
    return version >= first ? version : 0;
}

int
loose_is(u32 i, u32 version)
{
    return (version + i) % 3 != 0;
}

int
loose_is_written(u32 i, u32 version)
{
    return version == FIRST || (version + i) % 3 == 1 || i % 2 == 1;
}

u32
loose_refs(u32 i, u32 version)
{
    return 1 + (i + version) % 4;
}

u32
loose_word(u32 i, u32 version)
{
    return word_of('l', i, written(loose_is_written, i, version, FIRST));
}

int
has_child(u32 version)
{
    return (version - FIRST) % 3 != 0;
}

static u32
forked(u32 version)
{
    return version - (version - FIRST) % 3 + 1;
}

int
parent_writes(u32 page, u32 version)
{
    return version == FIRST || (page + version) % 4 == 0;
}

int
child_writes(u32 page, u32 version)
{
    return has_child(version) && (page + version) % 3 == 0;
}

u32
parent_word(u32 page, u32 version)
{
    return word_of('p', page, written(parent_writes, page, version, FIRST));
}

u32
child_word(u32 page, u32 version)
{
    u32 own = written(child_writes, page, version, forked(version));

    return own != 0 ? word_of('c', page, own)
                    : parent_word(page, forked(version) - 1);
}

// Both hold a private page that neither has written since the fork.
u32
own_refs(u32 page, u32 version)
{
    u32 since = forked(version);

    if (!has_child(version) ||
        written(parent_writes, page, version, since) != 0 ||
        written(child_writes, page, version, since) != 0)
        return 1;
    return 2;
}

u32
both_written(u32 version)
{
    return version % BOTH;
}

static int
both_is_written(u32 page, u32 version)
{
    return page == both_written(version);
}

u32
both_word(u32 page, u32 version)
{
    u32 last = written(both_is_written, page, version, FIRST);

    return last == 0 ? 0 : word_of('b', page, last);
}

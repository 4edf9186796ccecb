// medium_cut.c -- what the simulated drive may hold after a power cut
#include <stdio.h>

#include "bytes.h"
#include "fake.h"
#include "medium_log.h"
#include "sectors.h"

// Nothing here may call memcpy() or memset(): they are traced.
#pragma GCC optimize("no-tree-loop-distribute-patterns")

#define RANDOM_AT_CUT 4u
#define RANDOM_AT_FLUSH 64u

static const u32 torn_bytes[] = {4, 16, 64, 256, 480};

#define TEARS ARRAY_LEN(torn_bytes)

// The writes since the last flush, at one cut.
static struct shape {
    u32 recording; // its number, 0: nothing is known
    u32 cut;
    u32 first; // event
    u32 end;
    u32 writes;
    u32 requests; // they belong to
    u32 tail;     // writes of the last of them
    int at_flush;
    int at_request; // all of the last request has been written
} shape;

enum kind {
    ALL,
    NONE,
    BUT,
    ONLY,
    BACK,
    ODD,
    EVEN,
    MISS,
    SOLE,
    TORN,
    TEAR,
    RAND
};

static const char *const kind_name[] = {"all",  "none", "but",  "only",
                                        "back", "odd",  "even", "miss",
                                        "sole", "torn", "tear", "rand"};

struct variant {
    enum kind kind;
    u32 which;
    u32 bytes;
};

// --- which images there are ---

static void
look_at(u32 cut)
{
    struct medium_level *level = medium_level();
    const struct medium_event *event = level->log.event;

    if (shape.recording == medium_state.recordings && shape.cut == cut)
        return;
    if (cut > medium_writes())
        fake_fail("a cut behind %u writes, but there were %u", cut,
                  medium_writes());
    shape = (struct shape){.recording = medium_state.recordings, .cut = cut};
    shape.end = level->begin + cut;
    shape.first = shape.end;
    while (shape.first > 0 && event[shape.first - 1].sector != MEDIUM_FLUSHED)
        shape.first--;
    for (u32 i = shape.first, last = 0; i < shape.end; i++) {
        if (!medium_is_write(&event[i]))
            continue;
        shape.writes++;
        shape.requests += event[i].request != last;
        shape.tail = event[i].request != last ? 1 : shape.tail + 1;
        last = event[i].request;
    }
    shape.at_flush = shape.end == level->log.events ||
                     event[shape.end].sector == MEDIUM_FLUSHED;
    shape.at_request = shape.at_flush || shape.end == 0 ||
                       event[shape.end].request != event[shape.end - 1].request;
}

// If index is within the first `count`, this is it; else go on behind them.
static int
within(u32 *index, u32 count)
{
    if (*index < count)
        return 1;
    *index -= count;
    return 0;
}

// The image with this index; kind ALL and index 0 left over, or it is too great.
static struct variant
choose(u32 *index)
{
    u32 n = shape.writes;
    u32 requests = shape.at_request && shape.requests > 1 ? shape.requests : 0;
    u32 singles = shape.at_flush ? n : 0;

    if (within(index, 1))
        return (struct variant){ALL, 0, 0};
    if (n == 0)
        return (struct variant){ALL, 0, 0};
    if (within(index, 1))
        return (struct variant){NONE, 0, 0};
    if (within(index, requests))
        return (struct variant){BUT, *index, 0};
    if (within(index, requests))
        return (struct variant){ONLY, *index, 0};
    if (within(index, shape.at_request ? 3 : 0))
        return (struct variant){BACK + *index, 0, 0};
    if (within(index, singles))
        return (struct variant){MISS, *index, 0};
    if (within(index, singles))
        return (struct variant){SOLE, *index, 0};
    if (within(index, TEARS))
        return (struct variant){TORN, n - 1, torn_bytes[*index]};
    if (within(index, TEARS))
        return (struct variant){TEAR, n - 1, torn_bytes[*index]};
    if (within(index, singles))
        return (struct variant){TORN, *index, SECTOR_BYTES / 2};
    if (within(index, shape.at_flush ? RANDOM_AT_FLUSH : RANDOM_AT_CUT))
        return (struct variant){RAND, *index, 0};
    return (struct variant){ALL, 0, 0};
}

u32
medium_variants(u32 cut)
{
    u32 left = UINT32_MAX;

    look_at(cut);
    choose(&left);
    return UINT32_MAX - left;
}

static struct variant
variant_of(u32 cut, u32 index)
{
    if (index >= medium_variants(cut))
        fake_fail("cut %u has no image %u", cut, index);
    return choose(&index);
}

void
medium_variant_name(u32 cut, u32 index, char name[32])
{
    struct variant variant = variant_of(cut, index);
    const char *kind = kind_name[variant.kind];

    if (variant.bytes != 0)
        snprintf(name, 32, "%s%u.%u", kind, variant.which, variant.bytes);
    else if (variant.kind <= NONE ||
             (variant.kind >= BACK && variant.kind <= EVEN))
        snprintf(name, 32, "%s", kind);
    else
        snprintf(name, 32, "%s%u", kind, variant.which);
}

// --- making one ---

// A number that follows from these two, each bit as likely 0 as 1.
static u32
scatter(u32 a, u32 b)
{
    u64 x = ((u64)a << 32 | b) + 0x9e3779b97f4a7c15ull;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ x >> 27) * 0x94d049bb133111ebull;
    return (u32)(x >> 32);
}

// Where a write stands: counted from the last flush, and in its request.
struct place {
    u32 write;
    u32 request;
    u32 in_request;
    int last; // request
};

// Whether this write is on the medium, in this image.
static int
arrives(const struct variant *variant, const struct place *place)
{
    u32 which = variant->which;

    switch (variant->kind) {
    case NONE:
        return 0;
    case BUT:
        return place->request != which;
    case ONLY:
        return place->request == which;
    case BACK:
        return !place->last || place->in_request >= (shape.tail + 1) / 2;
    case ODD:
        return !place->last || place->in_request % 2 == 1;
    case EVEN:
        return !place->last || place->in_request % 2 == 0;
    case MISS:
        return place->write != which;
    case SOLE:
        return place->write == which;
    case RAND: // some lose few, some lose most
        return scatter(scatter(shape.cut, which), place->write) % 16 <
               1 + which % 4 * 5 - which % 4 / 3;
    default:
        return 1;
    }
}

static u32
tear(const struct variant *variant, u32 old, u32 new)
{
    u8 torn[SECTOR_BYTES] __attribute__((aligned(8)));
    int front = variant->kind == TORN;

    bytes_copy(torn, sectors_contents(front ? old : new), SECTOR_BYTES);
    bytes_copy(torn, sectors_contents(front ? new : old), variant->bytes);
    return sectors_number(torn);
}

// What the writes since the last flush leave in this image.
static void
apply(const struct variant *variant, const struct medium_event *event)
{
    u32 *now = medium_state.now;
    struct place place = {0, 0, 0, 0};
    u32 request = 0;

    for (u32 i = shape.first; i < shape.end; i++) {
        if (!medium_is_write(&event[i]))
            continue;
        if (event[i].request != request && request != 0) {
            place.request++;
            place.in_request = 0;
        }
        request = event[i].request;
        place.last = place.request == shape.requests - 1;
        if (variant->bytes != 0 && place.write == variant->which)
            now[event[i].sector] =
                tear(variant, now[event[i].sector], event[i].new);
        else if (arrives(variant, &place))
            now[event[i].sector] = event[i].new;
        place.write++;
        place.in_request++;
    }
}

void
medium_cut(u32 cut, u32 index)
{
    struct medium_state *m = &medium_state;
    struct medium_level *level = medium_level();
    struct variant variant = variant_of(cut, index);

    medium_record_end();
    sectors_forget(level->kept);
    bytes_copy(m->now, level->durable, m->sectors * sizeof(u32));
    for (u32 i = 0; i < shape.first; i++)
        if (medium_is_write(&level->log.event[i]))
            m->now[level->log.event[i].sector] = level->log.event[i].new;
    apply(&variant, level->log.event);
    level->kept = sectors_count(); // a torn sector is a new one
    m->pending.events = 0;
    m->watch++;
}

// plan.c -- which images of a record are built
#include <stdlib.h>

#include "tender/format.h"
#include "tests/cut/campaign.h"

#define SAMPLE 509u // M2 also where this divides an event's number

static void
add(struct campaign *c, u64 event, u16 model, u16 variant)
{
    if ((c->items & (c->items - 1)) == 0) {
        u64 room = c->items == 0 ? 1 : c->items * 2;

        c->item = realloc(c->item, room * sizeof(*c->item));
        if (c->item == NULL)
            abort();
    }
    c->item[c->items++] = (struct image_item){
        .event = (u32)event, .model = model, .variant = variant};
}

void
plan_free(struct campaign *c)
{
    free(c->item);
    c->item = NULL;
    c->items = 0;
}

static bool
is_in_root(const struct cut_event *e)
{
    return e->size != 0 && e->pa / PAGE_SIZE == NV_ROOT_PA / PAGE_SIZE;
}

// Where order matters most: fences, the root's words, page walks, frames.
static bool
is_near(const struct record *r, u64 i)
{
    for (u64 k = i > 1 ? i - 2 : 0; k < r->count && k <= i + 1; k++) {
        const struct cut_event *e = &r->events[k];

        if (e->kind == CUT_FENCE || e->kind == CUT_FRAME ||
            e->kind == CUT_MMU || is_in_root(e))
            return true;
    }
    return false;
}

void
plan_m1(struct campaign *c)
{
    for (u64 i = 0; i <= c->record.count; i++)
        if (i == c->record.count || i % c->every == 0 || is_near(&c->record, i))
            add(c, i, 1, 0);
}

static bool
is_flush(const struct cut_event *e)
{
    return e->kind == CUT_FLUSH || e->kind == CUT_FLUSH_NOW ||
           e->kind == CUT_FLUSH_ALL;
}

void
plan_m2(struct campaign *c)
{
    u32 flushes = 0;

    for (u64 i = 0; i <= c->record.count; i++) {
        const struct cut_event *e = &c->record.events[i];
        bool last = i == c->record.count;
        u32 variants = i % SAMPLE == 0 ? 4 : 0;

        if (last || e->kind == CUT_FENCE || e->kind == CUT_CR3 ||
            is_in_root(e) || (i > 0 && is_in_root(e - 1)))
            variants = c->variants;
        else if (is_flush(e) && flushes++ % c->every == 0)
            variants = 6;
        for (u32 v = 0; v < variants; v++)
            add(c, i, 2, (u16)v);
    }
}

// Cuts evenly over the record, and around each store to the root.
void
plan_second(struct campaign *c)
{
    u64 count = c->record.count;
    u32 roots = 0;

    for (u64 i = 0; i <= count && c->seconds > 0; i++) {
        bool even = i % (count / c->seconds + 1) == 0 || i == count;

        if (i < count && is_in_root(&c->record.events[i]) &&
            roots++ < c->seconds) {
            add(c, i, 1, 0);
            add(c, i + 1, 2, 4);
        } else if (even) {
            add(c, i, 1, 0);
        }
    }
    for (u64 k = 0; k < c->whole && c->items > 0; k++)
        c->item[(2 * k + 1) * c->items / (2 * c->whole)].whole = true;
}

// prove.c -- what the boot of the image in hand reads: a set for reads.h
#include <stdlib.h>
#include <string.h>

#include "tender/format.h"
#include "tender/ram.h"
#include "tests/cut/state.h"
#include "tests/cut/worker.h"

// A traced boot takes as long as ten others: at first some, later only where
// they save boots.
#define FREE_LOOKS 16u
#define SAVES_AT_LEAST 10u

static u64 *set, *written;

// What the judge reads is read, too, where the boot has not written it.
static void
add_page(u32 pa)
{
    u32 from = pa / 4 / 64;

    for (u32 i = from; i < from + PAGE_SIZE / 4 / 64; i++)
        set[i] |= ~written[i];
}

static void
add_shown(void *data, const char *name, rid id, u32 page, const u32 *words)
{
    (void)data;
    (void)name;
    (void)id;
    (void)page;
    add_page((u32)((const u8 *)words - (const u8 *)ram_at(0)));
}

// Boot the image once more, in the machine that can trace.
static bool
look(struct worker *w)
{
    struct ctl *ctl = w->traced->ctl;

    ctl->reading = 1;
    memset(ctl_read(ctl), 0, ctl->memory_bytes / 32 * 2);
    crash_boot_traced(w->image, w->traced);
    int at = engine_wait(w->traced, BOOT_S);

    ctl->reading = 0;
    if (at >= 0)
        return ctl->unseen == 0;
    vm_fail(w->traced->vm, "a traced boot has no end");
}

void
prove_learn(struct worker *w, u32 verdict)
{
    if (w->reads == NULL || w->looks >= FREE_LOOKS + w->proven / SAVES_AT_LEAST)
        return;
    w->looks++;
    if (!look(w))
        return;
    set = ctl_read(w->traced->ctl);
    written = ctl_written(w->traced->ctl);
    add_page(NV_ROOT_PA);
    if (state_is_laid_out())
        state_walk(add_shown, NULL);
    reads_add(w->reads, set, verdict);
}

// Another image takes the place of the one in hand.
void
prove_replace(struct worker *w, const struct crash *old)
{
    if (w->reads == NULL)
        return;
    for (u32 at = NV_ROOT_PA; at < w->image->bytes; at += PAGE_SIZE) {
        const u8 *from = old->memory + at, *to = w->image->memory + at;

        if (memcmp(from, to, PAGE_SIZE) != 0)
            for (u32 i = 0; i < PAGE_SIZE; i += 8)
                reads_change(w->reads, old->memory, at + i, to + i, 8);
    }
}

// lint_walk.h -- what the parts of the lint ask of each other
#ifndef CUT_LINT_WALK_H
#define CUT_LINT_WALK_H

#include "tender/layout.h"
#include "tests/cut/lint.h"
#include "tests/cut/pending.h"

// A record is walked once; the image holds what happened before the event.
struct walk {
    struct lint *lint;
    const struct elf *elf;
    enum lint_of of;
    struct crash *image;
    struct pending *pending;
    struct layout layout;
    const struct limits *limits;
    u64 number;   // of the event
    u8 *kept;     // of each page: what a save, or the shutdown, needs
    bool decided; // of a boot
    bool flushed; // everything, once
    const struct table *user_spaces; // at the end
    u32 user_page; // where a program was seen to be right to store, or 0
};

static inline const void *
walk_at(const struct walk *w, u32 pa)
{
    return w->image->memory + pa;
}

static inline const struct nv_root *
walk_root(const struct walk *w)
{
    return walk_at(w, NV_ROOT_PA);
}

void lint_finding(struct walk *w, u32 rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// "name+offset" of the code that made this event.
const char *lint_code(const struct walk *w, const struct cut_event *e);

// --- lint_kept.c ---

// Find out w->kept, as these words of the root will have it.
void kept_find(struct walk *w, const struct nv_root *root);
// L4.
void kept_check_clean(struct walk *w);

// --- lint_context.c ---

// L5.
void context_check(struct walk *w, const struct cut_event *e);
// Does any virtual space map this page for programs, with these bits?
bool context_is_of_programs(const struct walk *w, u32 page, u32 bits);
// Does this lie in the dead part of the stack that the shutdown captured?
bool context_is_dead(const struct walk *w, u32 pa);

// The entry that maps va in a page directory; 0: there is none.
static inline u32
walk_pte(const struct walk *w, u32 directory, u32 va)
{
    const u32 *pde = walk_at(w, directory);
    u32 entry = pde[va >> 22];

    // Page tables lie in memory; 1 is "present", 0x80 a large page.
    if ((entry & 0x81) != 1 || entry >= w->image->bytes)
        return 0;
    const u32 *pte = walk_at(w, entry & ~(PAGE_SIZE - 1));

    return pte[va >> PAGE_SHIFT & 1023];
}

#endif

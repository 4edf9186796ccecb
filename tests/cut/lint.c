// lint.c -- rules that a trace of the kernel must keep, whatever a cut would show
#include "tests/cut/lint.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/cut/except.h"
#include "tests/cut/lint_walk.h"

#define COMMIT_PA (NV_ROOT_PA + offsetof(struct nv_root, commit))
#define PAGE_LINES (PAGE_SIZE / PENDING_LINE)

void
lint_finding(struct walk *w, u32 rule, const char *format, ...)
{
    struct lint *lint = w->lint;
    va_list args;

    lint->found[rule]++;
    if (lint->findings == LINT_FINDINGS)
        return;
    lint->finding[lint->findings].rule = rule;
    lint->finding[lint->findings].event = w->number;
    va_start(args, format);
    vsnprintf(lint->finding[lint->findings++].sentence,
              sizeof(lint->finding[0].sentence), format, args);
    va_end(args);
}

const char *
lint_code(const struct walk *w, const struct cut_event *e)
{
    static char text[80];
    u32 offset;
    const char *name = elf_name(w->elf, e->eip, &offset);

    snprintf(text, sizeof(text), "%s+%u", name, offset);
    return text;
}

// --- L1 ---

static void
check_durable(struct walk *w, const char *word)
{
    for (u32 i = 0; i < w->pending->listed; i++) {
        u32 page = w->pending->list[i] / PAGE_LINES;

        if (w->kept[page])
            lint_finding(w, 1, "%s is stored, and page %x is not durable", word,
                         page);
    }
}

// The shutdown stands for all of memory.
static void
check_all_durable(struct walk *w)
{
    if (!w->flushed)
        lint_finding(w, 1, "root.flag is stored before a wbinvd");
    for (u32 i = 0; i < w->pending->listed; i++) {
        u32 pa = w->pending->list[i] * PENDING_LINE;

        if (!context_is_dead(w, pa))
            lint_finding(w, 1,
                         "root.flag is stored, and line %x is not durable", pa);
    }
}

// Each word is stored whole and made durable before another is, or anything is
// said.
static void
check_words(struct walk *w, const struct cut_event *e)
{
    bool store = crash_is_store(e);

    if (walk_root(w)->magic != NV_ROOT_MAGIC ||
        (!store && e->kind != CUT_OUTPUT))
        return;
    if (store && e->pa / PAGE_SIZE != NV_ROOT_PA / PAGE_SIZE)
        return;
    if (store && (e->size != 4 || e->pa % 4 != 0))
        lint_finding(w, 1, "a word of the root, at %x, is stored in parts",
                     e->pa);
    if (pending_line(w->pending, COMMIT_PA / PENDING_LINE))
        lint_finding(w, 1, "a word of the root is not durable yet, and %s",
                     store ? "another is stored" : "something is said");
}

// Of a store to one of the words that name something: L1, and what must stay
// from then on.
static void
check_root(struct walk *w, const struct cut_event *e)
{
    struct nv_root root = *walk_root(w);
    u32 at = e->pa - NV_ROOT_PA, first = offsetof(struct nv_root, commit);

    if (at + e->size <= first || at >= offsetof(struct nv_root, boots))
        return;
    memcpy((u8 *)&root + at, &e->value, e->size);
    kept_find(w, &root);
    if (root.commit != walk_root(w)->commit)
        check_durable(w, "root.commit");
    if (root.previous != walk_root(w)->previous)
        check_durable(w, "root.previous");
    if (root.flag != walk_root(w)->flag && root.flag == FLAG_NORMAL) {
        check_durable(w, "root.flag");
        check_all_durable(w);
    }
}

// --- the walk ---

static void
check_store(struct walk *w, const struct cut_event *e)
{
    if (w->kept[e->pa / PAGE_SIZE])
        lint_finding(w, 3, "%s stores at %x, which is needed (save %u)",
                     lint_code(w, e), e->pa,
                     walk_root(w)->commit & GENERATION_MAX);
    context_check(w, e);
    if (e->pa / PAGE_SIZE == NV_ROOT_PA / PAGE_SIZE)
        check_root(w, e);
}

static void
check_event(struct walk *w, const struct cut_event *e)
{
    if ((e->kind == CUT_FLUSH || e->kind == CUT_FLUSH_NOW) &&
        !pending_line(w->pending, e->pa / PENDING_LINE))
        lint_finding(w, 2, "line %x is flushed and has no pending stores",
                     e->pa);
    check_words(w, e);
    w->flushed |= e->kind == CUT_FLUSH_ALL;
    w->decided |= e->kind == CUT_MARK;
    if (crash_is_store(e))
        check_store(w, e);
}

static void
open_walk(struct walk *w, const struct record *r)
{
    w->image = crash_new(r->base, r->bytes);
    w->limits = &walk_root(w)->limits;
    w->pending = pending_new(r->bytes);
    w->kept = calloc(w->image->pages, 1);
    u32 pages = w->image->pages;

    if (layout_compute(&w->layout, pages, pages - LAYOUT_TOP_PAGES, w->limits) <
        0) {
        fprintf(stderr, "lint: there is no root\n");
        exit(2);
    }
    kept_find(w, walk_root(w));
}

void
lint_record(struct lint *lint, const struct record *r, const struct elf *elf,
            enum lint_of of)
{
    struct walk w = {.lint = lint, .elf = elf, .of = of};

    memset(lint, 0, sizeof(*lint));
    lint->events = r->count;
    except_open(elf);
    open_walk(&w, r);
    for (; w.number < r->count; w.number++) {
        const struct cut_event *e = &r->events[w.number];

        check_event(&w, e);
        crash_apply(w.image, e);
        crash_forget(w.image);
        pending_event(w.pending, NULL, e, (u32)w.number);
    }
    if (pending_line(w.pending, COMMIT_PA / PENDING_LINE))
        lint_finding(&w, 1, "a word of the root is not durable at the end");
    if (of == LINT_BOOT && !w.decided)
        lint_finding(&w, 5, "the boot has not decided");
    kept_check_clean(&w);
    pending_free(w.pending);
    crash_free(w.image);
    free(w.kept);
}

bool
lint_is_silent(const struct lint *lint)
{
    return lint->findings == 0;
}

void
lint_print(const struct lint *lint, const char *title)
{
    printf("lint: %s: %llu events, findings", title,
           (unsigned long long)lint->events);
    for (u32 rule = 1; rule < LINT_RULES; rule++)
        printf(" L%u %llu", rule, (unsigned long long)lint->found[rule]);
    printf("\n");
    for (u32 i = 0; i < lint->findings; i++)
        printf("  L%u at event %llu: %s\n", lint->finding[i].rule,
               (unsigned long long)lint->finding[i].event,
               lint->finding[i].sentence);
}

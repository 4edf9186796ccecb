// lint.c -- rules that a trace of the kernel must keep, whatever a cut would show
#include "tests/cut/lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plate/plate.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "tests/cut/except.h"
#include "tests/cut/unflushed.h"
#include "vspace/paging.h"

#define PAGE_LINES (PAGE_SIZE / LINE_BYTES)
#define COMMIT_PA (NV_ROOT_PA + offsetof(struct nv_root, commit))
#define FLAG_PA (NV_ROOT_PA + offsetof(struct nv_root, flag))

struct walk {
    struct lint *lint;
    const struct elf *elf;
    struct crash *image;
    struct unflushed *pending;
    struct layout layout;
    const struct limits *limits;
    u8 *kept; // of each page: what the newest save, or the shutdown, needs
    bool flushed_all;
    bool stopped; // root.flag was set normal
};

static void __attribute__((format(printf, 4, 5)))
finding(struct walk *w, u32 rule, u64 event, const char *format, ...)
{
    struct lint *lint = w->lint;
    va_list args;

    lint->found[rule]++;
    if (lint->findings == LINT_FINDINGS || rule == 2)
        return;
    lint->finding[lint->findings].rule = rule;
    lint->finding[lint->findings].event = event;
    va_start(args, format);
    vsnprintf(lint->finding[lint->findings++].sentence,
              sizeof(lint->finding[0].sentence), format, args);
    va_end(args);
}

static const void *
at(const struct walk *w, u32 pa)
{
    return w->image->memory + pa;
}

static void
keep(struct walk *w, u32 pa, u32 pages)
{
    for (u32 i = 0; i < pages; i++)
        if (pa / PAGE_SIZE + i < w->image->pages)
            w->kept[pa / PAGE_SIZE + i] = 1;
}

// --- which pages a save needs ---

static u32
kernel_pte(const struct walk *w, u32 va)
{
    const u32 *pte = at(w, w->layout.kernel_tables_pa);

    return pte[(va - KERNEL_BASE) >> PAGE_SHIFT];
}

// Tables at these addresses: the live ones or a slot's.
struct view {
    const u32 *frame; // frame words
    const struct plate_head *plates;
    const struct table *vk;
};

static void
look(const struct walk *w, const u32 table_pa[BOOTSTRAP_TABLES],
     struct view *view)
{
    view->frame = at(w, table_pa[TABLE_REAL_MEMORY] +
                            table_bytes(sizeof(struct real_memory_head),
                                        sizeof(struct real_memory_entry),
                                        w->limits->real_memories));
    view->plates = at(w, table_pa[TABLE_PLATE]);
    view->vk = at(w, table_pa[TABLE_VKSPACE]);
}

// Where the newest copy of a plate's page is; 0: the tables are damaged.
static u32
newest_copy(const struct walk *w, const struct view *view,
            const struct plate_entry *plate, u32 page)
{
    const struct space_entry *area[2];

    for (int a = 0; a < 2; a++) {
        area[a] = (const void *)table_get(view->vk, plate->area[a]);
        if (area[a] == NULL || page >= area[a]->pages)
            return 0;
    }
    u32 first = kernel_pte(w, area[0]->va + page * PAGE_SIZE);

    if (view->frame[first >> PAGE_SHIFT] & FRAME_NEWEST)
        first = kernel_pte(w, area[1]->va + page * PAGE_SIZE);
    return first & ~(PAGE_SIZE - 1);
}

static void
find_kept(struct walk *w, u32 commit)
{
    u32 slot = commit & 1;
    struct view view;
    struct res *res;
    u32 i = 0;

    memset(w->kept, 0, w->image->pages);
    if ((commit & GENERATION_MAX) == 0)
        return;
    look(w, w->layout.slot_table_pa[slot], &view);
    keep(w, w->layout.slot_pa[slot], SLOT_HEADER_PAGES);
    for (int t = 0; t < BOOTSTRAP_TABLES; t++)
        keep(w, w->layout.slot_table_pa[slot][t], w->layout.table_pages[t]);
    while ((res = table_next(&view.plates->table, &i)) != NULL) {
        const struct plate_entry *plate = (const void *)res;

        for (u32 page = 0; page < plate->pages; page++)
            keep(w, newest_copy(w, &view, plate, page), 1);
    }
}

// --- the rules ---

static void
check_durable(struct walk *w, u64 number, const char *word)
{
    for (u32 page = 0; page < w->image->pages; page++) {
        if (!w->kept[page] || !unflushed_page(w->pending, page))
            continue;
        finding(w, 1, number, "%s is stored, and page %x is not durable", word,
                page);
    }
}

// May this store follow the termination flag?  What the page walk stores counts
// for nothing in a page that is dead, and it walks to no other.
static bool
is_dead(const struct walk *w, const struct cut_event *e)
{
    const struct nv_shutdown *shutdown = at(w, w->layout.shutdown_pa);
    u32 end = except_alive(shutdown->cpu.eip, shutdown->cpu.esp);

    if (e->kind == CUT_MMU)
        return true;
    if (shutdown->cpu.esp < KERNEL_BASE + PAGE_SIZE)
        return false;
    for (u32 va = (end - 1) & ~(PAGE_SIZE - 1), i = 0; i < 2;
         i++, va -= PAGE_SIZE)
        if (kernel_pte(w, va) / PAGE_SIZE == e->pa / PAGE_SIZE)
            return va + e->pa % PAGE_SIZE + e->size <= end;
    return false;
}

// L1; the image does not hold this event yet.
static void
check_root(struct walk *w, const struct cut_event *e, u64 number)
{
    if (e->pa <= COMMIT_PA && COMMIT_PA < e->pa + e->size) {
        find_kept(w, (u32)e->value);
        check_durable(w, number, "root.commit");
    }
    if (e->pa == FLAG_PA && e->value == FLAG_NORMAL) {
        w->stopped = true;
        if (!w->flushed_all)
            finding(w, 1, number, "root.flag is stored before a wbinvd");
        memset(w->kept, 0, w->image->pages);
        keep(w, w->layout.shutdown_pa, 1);
        for (int t = 0; t < BOOTSTRAP_TABLES; t++)
            keep(w, w->layout.table_pa[t], w->layout.table_pages[t]);
        check_durable(w, number, "root.flag");
    }
}

static void
check_event(struct walk *w, const struct cut_event *e, u64 number)
{
    u32 offset;

    if (e->kind == CUT_FLUSH || e->kind == CUT_FLUSH_NOW) {
        w->lint->flushes++;
        if (!unflushed_line(w->pending, e->pa / LINE_BYTES))
            finding(w, 2, number, "line %x", e->pa);
    }
    w->flushed_all |= e->kind == CUT_FLUSH_ALL;
    if (!crash_is_store(e))
        return;
    if (w->kept[e->pa / PAGE_SIZE]) {
        const char *name = elf_name(w->elf, e->eip, &offset);

        finding(w, 3, number, "%s+%u stores at %x, which save %u needs", name,
                offset, e->pa, *(const u32 *)at(w, COMMIT_PA) & GENERATION_MAX);
    }
    if (w->stopped && !is_dead(w, e)) {
        const char *name = elf_name(w->elf, e->eip, &offset);

        finding(w, 3, number, "%s+%u stores at %x after root.flag", name,
                offset, e->pa);
    }
    check_root(w, e, number);
}

static void
check_clean(struct walk *w, const struct view *view,
            const struct plate_entry *plate, u64 number)
{
    const struct space_entry *e =
        (const void *)table_get(view->vk, plate->space);

    for (u32 page = 0; e != NULL && page < plate->pages; page++) {
        u32 pte = kernel_pte(w, e->va + page * PAGE_SIZE);
        u32 copy = newest_copy(w, view, plate, page);

        if ((pte & PTE_PRESENT) == 0 || (pte & PTE_DIRTY) != 0 || copy == 0)
            continue;
        if (memcmp(at(w, pte & ~(PAGE_SIZE - 1)), at(w, copy), PAGE_SIZE) != 0)
            finding(w, 4, number, "the page at %x differs from its copy",
                    e->va + page * PAGE_SIZE);
    }
}

static void
check_end(struct walk *w, u64 number)
{
    struct view view;
    struct res *res;
    u32 i = 0;

    look(w, w->layout.table_pa, &view);
    while ((res = table_next(&view.plates->table, &i)) != NULL)
        if (rid_kind(((const struct plate_entry *)(const void *)res)->space) ==
            KIND_VKSPACE)
            check_clean(w, &view, (const void *)res, number);
}

void
lint_record(struct lint *lint, const struct record *r, const struct elf *elf)
{
    struct walk w = {.lint = lint, .elf = elf};
    const struct nv_root *root;

    memset(lint, 0, sizeof(*lint));
    except_open(elf);
    w.image = crash_new(r->base, r->bytes);
    root = at(&w, NV_ROOT_PA);
    w.limits = &root->limits;
    w.pending = unflushed_new(w.image, r->events, r->count);
    w.kept = calloc(w.image->pages, 1);
    if (layout_compute(&w.layout, root->memory_pages, root->memory_pages,
                       w.limits) < 0)
        abort();
    find_kept(&w, root->commit);
    for (u64 i = 0; i < r->count; i++) {
        check_event(&w, &r->events[i], i);
        crash_apply(w.image, &r->events[i]);
        crash_forget(w.image);
        unflushed_event(w.pending, i);
    }
    check_end(&w, r->count);
    unflushed_free(w.pending);
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
    printf("lint: %s: %u findings shown; %llu of %llu flushes of lines without "
           "pending stores\n",
           title, lint->findings, (unsigned long long)lint->found[2],
           (unsigned long long)lint->flushes);
    for (u32 i = 0; i < lint->findings; i++)
        printf("  L%u at event %llu: %s\n", lint->finding[i].rule,
               (unsigned long long)lint->finding[i].event,
               lint->finding[i].sentence);
}

// judge.c -- what a machine has become: all of its state, as one number
#define _GNU_SOURCE
#include "tests/cut/judge.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "plate/check.h"
#include "tender/layout.h"
#include "tender/ram.h"
#include "tender/table.h"

#define TABLE_PAGES_MAX 256u
#define DATA "kernel/data"

const struct judge_exception judge_exceptions[] = {
    {"told_us", 8, "a time: the last one the clock has told"},
    {"screen", 4076,
     "what is shown, and where: times are in a boot's own lines"},
    {"ide+80", 8, "a time: the deadline of the driver's last command"},
    {"kernel+15488", 8, "a time: when the slice of an execution began"},
    {"kernel+4580", 4,
     "how often devices were recovered: a continue that is "
     "cut has counted itself, in live memory"},
};

const unsigned judge_exception_count =
    sizeof(judge_exceptions) / sizeof(judge_exceptions[0]);

// Of the stack that is resumed, what lies below the stack pointer is dead, and
// so is the frame above it: save() and save_shutdown() go on using it after the
// capture, and nothing of it when they come back (plate/save.c).
#define FRAME_BYTES 0x34u

static struct layout layout;
static u32 kernel_va;
static rid dead_space;
static u32 dead_bytes; // of that space
static u32 exception_va[8];

typedef void
look(void *state, const char *name, rid id, u32 page, const u32 *words);

// --- walking ---

// Of "symbol" or "symbol+bytes".
static u32
address(const struct engine *e, const char *symbol)
{
    char name[60];
    unsigned more = 0;

    if (sscanf(symbol, "%59[^+]+%u", name, &more) < 1)
        return 0;
    u32 va = elf_symbol(e->elf, name);

    return va == 0 ? 0 : va + more;
}

void
judge_open(const struct engine *e)
{
    void *want = ram_at(0);

    if (mmap(want, e->bytes, PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_FIXED_NOREPLACE, e->nv_fd, 0) != want) {
        fprintf(stderr, "judge: memory cannot be mapped\n");
        exit(2);
    }
    kernel_va = elf_symbol(e->elf, "kernel");
    for (unsigned i = 0; i < judge_exception_count; i++)
        exception_va[i] = address(e, judge_exceptions[i].symbol);
}

void
judge_close(const struct engine *e)
{
    munmap(ram_at(0), e->bytes);
}

static bool
is_laid_out(void)
{
    const struct nv_root *root = ram_at(NV_ROOT_PA);
    u32 pages = root->memory_pages;

    return root->magic == NV_ROOT_MAGIC &&
           layout_compute(&layout, pages, pages - LAYOUT_TOP_PAGES,
                          &root->limits) == 0;
}

static const void *
table_of(enum bootstrap_table table)
{
    return ram_at(layout.table_pa[table]);
}

static const u32 *
frame_words(void)
{
    const struct nv_root *root = ram_at(NV_ROOT_PA);
    const u8 *head = table_of(TABLE_REAL_MEMORY);

    return (
        const u32 *)(const void *)(head +
                                   table_bytes(sizeof(struct real_memory_head),
                                               sizeof(struct real_memory_entry),
                                               root->limits.real_memories));
}

// The frame of the first page of a space, 0 if there is none.
static u32
first_frame(const struct space_entry *e)
{
    const struct region_entry *region =
        (const void *)table_get(table_of(TABLE_REGION), e->region);
    const struct real_memory_entry *memory;

    if (region == NULL)
        return 0;
    memory = (const void *)table_get(table_of(TABLE_REAL_MEMORY),
                                     region->real_memory);
    return memory == NULL ? 0 : memory->first;
}

// The stack pointer that was captured: the kernel's data begin with it.
static u32
resumed_esp(void)
{
    const struct cpu_state *cpu =
        ram_at(layout.data_pa + kernel_va - KERNEL_DATA_VA);

    return cpu->esp;
}

static void
walk_space(const struct space_entry *e, look *each, void *state)
{
    const u32 *frames = frame_words();
    u32 esp = resumed_esp();

    if (esp >= e->va && esp - e->va < e->pages * PAGE_SIZE) {
        dead_space = e->res.id;
        dead_bytes = esp - e->va + FRAME_BYTES;
    }
    u32 frame = first_frame(e);

    for (u32 page = 0; page < e->pages && frame < layout.memory_pages; page++) {
        each(state, e->res.name, e->res.id, page, ram_at(frame * PAGE_SIZE));
        frame = frames[frame] & FRAME_NEXT;
    }
}

// The table of virtual user spaces lies in a virtual kernel space, its frames
// anywhere: a copy.
static const struct table *
user_spaces(void)
{
    static u8 copy[TABLE_PAGES_MAX * PAGE_SIZE];
    const struct table *vk = table_of(TABLE_VKSPACE);
    const struct space_entry *e = (const void *)table_find(vk, "table/vuspace");
    const u32 *frames = frame_words();

    if (e == NULL || e->pages > TABLE_PAGES_MAX)
        return NULL;
    u32 frame = first_frame(e);

    for (u32 page = 0; page < e->pages && frame < layout.memory_pages; page++) {
        memcpy(copy + page * PAGE_SIZE, ram_at(frame * PAGE_SIZE), PAGE_SIZE);
        frame = frames[frame] & FRAME_NEXT;
    }
    return (const void *)copy;
}

static void
walk_spaces(const struct table *table, look *each, void *state)
{
    const struct res *res;
    u32 i = 0;

    while (table != NULL && (res = table_next(table, &i)) != NULL) {
        const struct space_entry *e = (const void *)res;

        if ((e->flags & (SPACE_SAVE_AREA | SPACE_UNSAVED)) == 0)
            walk_space(e, each, state);
    }
}

static void
walk(look *each, void *state)
{
    static const char *const names[] = {"real memories", "regions",
                                        "virtual spaces", "kernel spaces",
                                        "plates"};

    for (u32 t = TABLE_REAL_MEMORY; t <= TABLE_PLATE; t++)
        for (u32 page = 0; page < layout.table_pages[t]; page++)
            each(state, names[t], 0, page,
                 ram_at(layout.table_pa[t] + page * PAGE_SIZE));
    walk_spaces(table_of(TABLE_VKSPACE), each, state);
    walk_spaces(user_spaces(), each, state);
}

// --- what is left out ---

// The exception a word of the state belongs to, or -1.
static int
exception_at(const char *name, u32 offset)
{
    if (strcmp(name, DATA) != 0)
        return -1;
    for (unsigned i = 0; i < judge_exception_count; i++)
        if (exception_va[i] != 0 && KERNEL_DATA_VA + offset - exception_va[i] <
                                        judge_exceptions[i].bytes)
            return (int)i;
    return -1;
}

// The first word of a page that is not dead.
static u32
first_alive(rid id, u32 page)
{
    if (id != dead_space || id == RID_NONE || dead_bytes <= page * PAGE_SIZE)
        return 0;
    u32 words = (dead_bytes - page * PAGE_SIZE) / 4;

    return words < PAGE_SIZE / 4 ? words : PAGE_SIZE / 4;
}

// --- the digest ---

static void
digest_page(void *state, const char *name, rid id, u32 page, const u32 *words)
{
    u64 *sum = state;
    u64 h = *sum ^ ((u64)id << 32 | page);
    bool special = strcmp(name, DATA) == 0;
    u32 first = first_alive(id, page);

    for (u32 i = first & ~1u; i < PAGE_SIZE / 4; i += 2) {
        u64 low = words[i], high = words[i + 1];

        if (i < first ||
            (special && exception_at(name, page * PAGE_SIZE + i * 4) >= 0))
            low = 0;
        if (special && exception_at(name, page * PAGE_SIZE + i * 4 + 4) >= 0)
            high = 0;
        h = (h ^ (low | high << 32)) * 0xff51afd7ed558ccdull;
        h ^= h >> 32;
    }
    *sum = h;
}

void
judge_look(struct engine *e, int at, struct state *state)
{
    const char *said = engine_said(e);
    const char *line = strstr(said, "tender: restored save ");

    memset(state, 0, sizeof(*state));
    state->at = at;
    if (at != AT_RESUME && at != AT_COLD)
        return;
    if (line != NULL)
        sscanf(line, "tender: restored save %u", &state->save);
    if (!is_laid_out()) {
        snprintf(state->wrong, sizeof(state->wrong), "there is no root");
        return;
    }
    if (at == AT_RESUME)
        walk(digest_page, &state->digest);
}

bool
judge_same(const struct state *a, const struct state *b)
{
    return a->at == b->at && a->save == b->save && a->digest == b->digest &&
           strcmp(a->wrong, b->wrong) == 0;
}

// --- copies, to find out what differs ---

struct judge_page {
    char name[NAME_MAX];
    rid id;
    u32 page;
    u32 words[PAGE_SIZE / 4];
};

struct judge_copy {
    u32 pages, room;
    struct judge_page *page;
};

static void
copy_page(void *state, const char *name, rid id, u32 page, const u32 *words)
{
    struct judge_copy *c = state;
    struct judge_page *p;

    if (c->pages == c->room) {
        c->room = c->room * 2 + 256;
        c->page = realloc(c->page, c->room * sizeof(*c->page));
    }
    p = &c->page[c->pages++];
    snprintf(p->name, sizeof(p->name), "%s", name);
    p->id = id;
    p->page = page;
    memcpy(p->words, words, PAGE_SIZE);
    memset(p->words, 0, first_alive(id, page) * 4);
}

struct judge_copy *
judge_copy(struct engine *e)
{
    struct judge_copy *c = calloc(1, sizeof(*c));

    (void)e;
    if (is_laid_out())
        walk(copy_page, c);
    return c;
}

void
judge_copy_free(struct judge_copy *copy)
{
    free(copy->page);
    free(copy);
}

static unsigned
compare_page(const struct engine *e, const struct judge_page *a,
             const struct judge_page *b, FILE *file)
{
    unsigned differ = 0;

    for (u32 i = 0; i < PAGE_SIZE / 4; i++) {
        u32 offset = a->page * PAGE_SIZE + i * 4, below = 0;

        if (a->words[i] == b->words[i] || exception_at(a->name, offset) >= 0)
            continue;
        const char *symbol =
            strcmp(a->name, DATA) == 0
                ? elf_name(e->elf, KERNEL_DATA_VA + offset, &below)
                : "";

        if (differ++ < 20)
            fprintf(file, "  %s %08x + %x %s+%x: %08x %08x\n", a->name, a->id,
                    offset, symbol, below, a->words[i], b->words[i]);
    }
    return differ;
}

unsigned
judge_compare(const struct engine *e, const struct judge_copy *a,
              const struct judge_copy *b, FILE *file)
{
    unsigned differ = 0;

    for (u32 i = 0; i < a->pages && i < b->pages; i++) {
        if (strcmp(a->page[i].name, b->page[i].name) != 0 ||
            a->page[i].id != b->page[i].id ||
            a->page[i].page != b->page[i].page) {
            fprintf(file, "  %s and %s\n", a->page[i].name, b->page[i].name);
            return differ + 1;
        }
        differ += compare_page(e, &a->page[i], &b->page[i], file);
    }
    if (a->pages != b->pages)
        fprintf(file, "  %u and %u pages\n", a->pages, b->pages);
    return differ + (a->pages != b->pages);
}

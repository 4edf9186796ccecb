// compare.c -- copies of the state, to find out what differs
#include <stdlib.h>
#include <string.h>

#include "tender/format.h"
#include "tender/ram.h"
#include "tests/cut/judge.h"
#include "tests/cut/state.h"

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
copy_page(void *data, const char *name, rid id, u32 page, const u32 *words)
{
    struct judge_copy *c = data;
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
    memset(p->words, 0, state_first_alive(id, page) * 4);
}

struct judge_copy *
judge_copy(struct engine *e)
{
    struct judge_copy *c = calloc(1, sizeof(*c));

    (void)e;
    if (state_is_laid_out())
        state_walk(copy_page, c);
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

        if (a->words[i] == b->words[i] || state_is_excepted(a->name, offset))
            continue;
        const char *symbol =
            strcmp(a->name, STATE_DATA) == 0
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

// planted.c -- records of the kernel, and copies in which a rule can be broken
#include "tests/cut/planted.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/cut/crash.h"
#include "tests/cut/scenario.h"

const char *const planted_name[RECORDS] = {"save-spaces", "two-saves",
                                           "shutdown", "restore", "continue"};
struct layout planted_layout;
u32 planted_data_bytes;

static struct record real[RECORDS];
static struct elf *elf;

struct record
planted_copy(int record)
{
    struct record r = real[record];
    size_t bytes = r.count * sizeof(*r.events);

    r.events = malloc(bytes);
    memcpy(r.events, real[record].events, bytes);
    return r;
}

void
planted_lint(struct lint *lint, const struct record *r, int record)
{
    lint_record(lint, r, elf,
                record == RESTORE || record == CONTINUE ? LINT_BOOT : LINT_RUN);
}

u32
planted_code(const char *symbol)
{
    return elf_symbol(elf, symbol);
}

static void
lay_out(void)
{
    const struct record *r = &real[SAVE];
    struct crash *image = crash_new(r->base, r->bytes);
    const struct nv_root *root = (const void *)(image->memory + NV_ROOT_PA);
    u32 pages = r->bytes / PAGE_SIZE;

    if (layout_compute(&planted_layout, pages, pages - LAYOUT_TOP_PAGES,
                       &root->limits) < 0)
        abort();
    planted_data_bytes = root->limits.data_pages * PAGE_SIZE;
    crash_free(image);
}

bool
planted_open(void)
{
    elf = elf_open("build/tender.elf");
    for (int i = 0; i < RECORDS; i++) {
        const char *lacks =
            scenario_record(scenario_find(planted_name[i]), &real[i]);

        if (lacks != NULL) {
            printf("skipped: %s\n", lacks);
            return false;
        }
    }
    lay_out();
    return true;
}

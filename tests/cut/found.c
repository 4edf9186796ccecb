// found.c -- what the tables of a held machine say: who waits, what is new
#include "tests/cut/found.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resources/execution.h"
#include "resources/process.h"
#include "tender/layout.h"

#define CHANNEL_2 0x80000000u // the second channel of a resource
#define NO_PLATE (SPACE_SAVE_AREA | SPACE_BOOTSTRAP | SPACE_UNSAVED)
#define PRESENT 1u
#define LARGE 0x80u

static u32
word_at(const struct engine *e, u32 pa)
{
    u32 word;

    if (pa > e->bytes - 4)
        vm_fail(e->vm, "found: a page table names %x", pa);
    memcpy(&word, e->ram + pa, 4);
    return word;
}

static u32
physical(const struct engine *e, u32 va)
{
    u32 pde = word_at(e, (e->ctl->cr3 & ~4095u) + (va >> 22) * 4);

    if ((pde & (PRESENT | LARGE)) == (PRESENT | LARGE))
        return (pde & 0xffc00000u) | (va & 0x3fffff);
    u32 pte = (pde & PRESENT) == 0
                  ? 0
                  : word_at(e, (pde & ~4095u) + (va >> 12 & 1023) * 4);

    if ((pte & PRESENT) == 0)
        vm_fail(e->vm, "found: %x is not mapped", va);
    return (pte & ~4095u) | (va & 4095);
}

static const struct layout *
layout_of(const struct engine *e)
{
    static struct layout layout;
    const struct nv_root *root = (const void *)(e->ram + NV_ROOT_PA);
    u32 pages = root->memory_pages;

    if (root->magic != NV_ROOT_MAGIC ||
        layout_compute(&layout, pages, pages - LAYOUT_TOP_PAGES,
                       &root->limits) < 0)
        vm_fail(e->vm, "found: there is no root");
    return &layout;
}

static const struct table *
table_of(const struct engine *e, enum bootstrap_table table)
{
    return (const void *)(e->ram + layout_of(e)->table_pa[table]);
}

// A copy of the table in this virtual kernel space; to be freed.
static struct table *
copy_table(const struct engine *e, const char *name)
{
    const struct space_entry *space =
        (const void *)table_find(table_of(e, TABLE_VKSPACE), name);
    u8 *copy;

    if (space == NULL)
        vm_fail(e->vm, "found: there is no %s", name);
    copy = aligned_alloc(PAGE_SIZE, space->pages * PAGE_SIZE);
    for (u32 i = 0; i < space->pages * PAGE_SIZE; i += PAGE_SIZE)
        memcpy(copy + i, e->ram + physical(e, space->va + i), PAGE_SIZE);
    return (struct table *)(void *)copy;
}

// --- who waits ---

static u32
wait_of_process(const struct table *processes, u32 channel)
{
    const struct process_entry *p = (const void *)table_get(processes, channel);

    return p != NULL && p->killed ? WAIT_KILL : WAIT_CHILD;
}

static u32
wait_of_channel(const struct table *processes,
                const struct execution_entry *entry)
{
    u32 channel = entry->channel;
    bool first = (channel & CHANNEL_2) == 0;

    if (channel == 0)
        return entry->deadline_us != 0 ? WAIT_SLEEP : 0;
    switch ((channel & ~CHANNEL_2) >> 26) {
    case KIND_CONSOLE:
        return WAIT_CONSOLE;
    case KIND_EVENT:
        return entry->deadline_us != 0 ? WAIT_TIMED : WAIT_EVENT;
    case KIND_MESSAGE:
        return first ? WAIT_READ : WAIT_WRITE;
    case KIND_DISK:
        return first ? WAIT_DISK : WAIT_TRANSFER;
    case KIND_PROCESS:
        return channel == KIND_ID(KIND_PROCESS)
                   ? WAIT_LOADER
                   : wait_of_process(processes, channel);
    default:
        return 0;
    }
}

static u32
waits_of(const struct engine *e)
{
    struct table *executions = copy_table(e, "table/execution");
    struct table *processes = copy_table(e, "table/process");
    const struct res *res;
    u32 waits = 0, i = 0;

    while ((res = table_next(executions, &i)) != NULL) {
        const struct execution_entry *entry = (const void *)res;

        if (entry->state == EXECUTION_WAITING)
            waits |= wait_of_channel(processes, entry);
        else if (entry->state == EXECUTION_READY)
            waits |= entry->inside ? WAIT_YIELD : WAIT_READY;
    }
    free(executions);
    free(processes);
    return waits;
}

void
found_name(u32 waits, char text[160])
{
    static const char *const name[WAITS] = {
        "console",  "sleep", "event", "event in time", "message",
        "room",     "child", "kill",  "loader",        "disk",
        "transfer", "ready", "yield"};
    size_t n = 0;

    text[0] = 0;
    for (u32 i = 0; i < WAITS; i++)
        if (waits >> i & 1)
            n += (size_t)snprintf(text + n, 160 - n, "%s%s", n == 0 ? "" : ", ",
                                  name[i]);
}

// --- what is new ---

static u32
new_in(const struct table *spaces)
{
    const struct res *res;
    u32 n = 0, i = 0;

    while ((res = table_next(spaces, &i)) != NULL) {
        const struct space_entry *space = (const void *)res;

        n += (space->flags & NO_PLATE) == 0 && space->plate == RID_NONE;
    }
    return n;
}

void
found_look(const struct engine *e, struct found *found)
{
    const struct plate_head *head = (const void *)table_of(e, TABLE_PLATE);
    struct table *users = copy_table(e, "table/vuspace");

    found->waits = waits_of(e);
    found->deletes = head->pending;
    found->news = new_in(table_of(e, TABLE_VKSPACE)) + new_in(users);
    free(users);
}

// state.c -- the state of a held machine, page by page
#define _GNU_SOURCE
#include "tests/cut/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tender/layout.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "tests/cut/except.h"

#define TABLE_PAGES_MAX 256u

static struct layout layout;
static u32 alive_va;   // of the resumed stack
static rid dead_space; // the space that stack is in,
static u32 dead_bytes; // and how much of it is dead

void
state_open(const struct engine *e)
{
    void *want = ram_at(0);

    if (mmap(want, e->bytes, PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_FIXED_NOREPLACE, e->nv_fd, 0) != want) {
        fprintf(stderr, "state: memory cannot be mapped\n");
        exit(2);
    }
    except_open(e->elf);
}

void
state_close(const struct engine *e)
{
    munmap(ram_at(0), e->bytes);
}

bool
state_is_laid_out(void)
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

// A word of the kernel's data, which lie as one behind the bootstrap tables.
static u32
data_word(const char *member)
{
    const u32 *word =
        ram_at(layout.data_pa + except_place(member) - KERNEL_DATA_VA);

    return *word;
}

// Of what machine_capture() noted: all of a stack below is dead.
static void
find_alive(void)
{
    alive_va =
        except_alive(data_word("plates.cpu.eip"), data_word("plates.cpu.esp"));
    dead_space = RID_NONE;
    dead_bytes = 0;
}

static void
walk_space(const struct space_entry *e, state_look *each, void *state)
{
    const u32 *frames = frame_words();
    u32 frame = first_frame(e);

    if (alive_va >= e->va && alive_va - e->va < e->pages * PAGE_SIZE) {
        dead_space = e->res.id;
        dead_bytes = alive_va - e->va;
    }

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
walk_spaces(const struct table *table, state_look *each, void *state)
{
    const struct res *res;
    u32 i = 0;

    while (table != NULL && (res = table_next(table, &i)) != NULL) {
        const struct space_entry *e = (const void *)res;

        if ((e->flags & (SPACE_SAVE_AREA | SPACE_UNSAVED)) == 0)
            walk_space(e, each, state);
    }
}

void
state_walk(state_look *each, void *state)
{
    static const char *const names[] = {"real memories", "regions",
                                        "virtual spaces", "kernel spaces",
                                        "plates"};

    find_alive();
    for (u32 t = TABLE_REAL_MEMORY; t <= TABLE_PLATE; t++)
        for (u32 page = 0; page < layout.table_pages[t]; page++)
            each(state, names[t], 0, page,
                 ram_at(layout.table_pa[t] + page * PAGE_SIZE));
    walk_spaces(table_of(TABLE_VKSPACE), each, state);
    walk_spaces(user_spaces(), each, state);
}

// --- what is left out ---

bool
state_is_excepted(const char *name, u32 offset)
{
    return strcmp(name, STATE_DATA) == 0 &&
           except_word(KERNEL_DATA_VA + offset);
}

u32
state_first_alive(rid id, u32 page)
{
    if (id != dead_space || id == RID_NONE || dead_bytes <= page * PAGE_SIZE)
        return 0;
    u32 words = (dead_bytes - page * PAGE_SIZE) / 4;

    return words < PAGE_SIZE / 4 ? words : PAGE_SIZE / 4;
}

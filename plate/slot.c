// slot.c -- the two fixed copies of the bootstrap tables
#include "plate/slot.h"

#include "tender/crc.h"
#include "tender/machine.h"
#include "tender/page_sum.h"
#include "tender/ram.h"
#include "tender/text.h"
#include "vspace/paging.h"

#define SUMS_A_LINE (64 / sizeof(u32)) // of the cache

struct nv_slot *
slot_at(const struct layout *layout, u32 slot)
{
    return ram_at(layout->slot_pa[slot]);
}

static u32
header_crc(const struct nv_slot *header)
{
    const u32 crc_at = offsetof(struct nv_slot, crc);
    u32 zero = 0;
    u32 crc = crc_add(0, header, crc_at);

    crc = crc_add(crc, &zero, sizeof(zero));
    return crc_add(crc, &header->cpu,
                   sizeof(*header) - offsetof(struct nv_slot, cpu));
}

void
slot_fresh(struct plates *p, u32 generation)
{
    memset(p->stale[generation & 1], 0, SLOT_PAGES_MAX);
    memset(p->stale[~generation & 1], 1, SLOT_PAGES_MAX);
}

// A page written since the last save is stale in both slots, whichever of them
// is being written now.
static void
note_changed(struct plates *p, u32 va, u32 number)
{
    u32 *pte = paging_entry(p->layout->kernel_directory_pa, va);

    if ((*pte & PTE_DIRTY) == 0)
        return;
    *pte &= ~PTE_DIRTY;
    machine_invalidate(va);
    p->stale[0][number] = 1;
    p->stale[1][number] = 1;
}

// Returns the checksum.
static u32
copy_page(void *to, const void *page)
{
    if (page_is_zero(page)) {
        machine_zero_page(to);
        return PAGE_SUM_ZERO;
    }
    machine_copy_page(to, page);
    return page_sum(to);
}

static u32
write_table(struct plates *p, u32 slot, u32 t, u32 number, u8 *changed)
{
    const struct layout *layout = p->layout;
    struct nv_slot *header = slot_at(layout, slot);
    u32 copied = 0;

    for (u32 i = 0; i < layout->table_pages[t]; i++, number++) {
        u8 *to = ram_at(layout->slot_table_pa[slot][t] + i * PAGE_SIZE);

        note_changed(p, layout->table_va[t] + i * PAGE_SIZE, number);
        if (!p->stale[slot][number])
            continue;
        header->page_sum[number] =
            copy_page(to, ram_at(layout->table_pa[t] + i * PAGE_SIZE));
        machine_flush(to, PAGE_SIZE);
        changed[number / SUMS_A_LINE] = 1;
        p->stale[slot][number] = 0;
        copied++;
    }
    return copied;
}

// Of the checksums a line is flushed once, and only if one in it changed.
static u32
write_tables(struct plates *p, u32 slot)
{
    struct nv_slot *header = slot_at(p->layout, slot);
    u8 changed[SLOT_PAGES_MAX / SUMS_A_LINE] = {0};
    u32 number = 0;
    u32 copied = 0;

    for (u32 t = 0; t < BOOTSTRAP_TABLES; t++) {
        copied += write_table(p, slot, t, number, changed);
        number += p->layout->table_pages[t];
    }
    for (u32 i = 0; i < ARRAY_LEN(changed); i++)
        if (changed[i])
            machine_flush(&header->page_sum[i * SUMS_A_LINE],
                          SUMS_A_LINE * sizeof(u32));
    return copied;
}

void
slot_fill(struct plates *p)
{
    ASSERT(root_at()->commit == 0);
    memset(p->stale, 1, sizeof(p->stale));
    write_tables(p, (p->head->generation + 1) & 1);
}

u32
slot_write(struct plates *p, u32 generation)
{
    struct nv_slot *header = slot_at(p->layout, generation & 1);
    u32 copied = write_tables(p, generation & 1);

    header->magic = NV_SLOT_MAGIC;
    header->generation = generation;
    header->build = p->build;
    memcpy(header->table_pages, p->layout->table_pages,
           sizeof(header->table_pages));
    memset(header->reserved, 0, sizeof(header->reserved));
    memset(header->padding, 0, sizeof(header->padding));
    memcpy(&header->cpu, &p->cpu, sizeof(header->cpu));
    header->crc = header_crc(header);
    machine_flush(header, offsetof(struct nv_slot, page_sum));
    return copied;
}

const char *
slot_check(const struct layout *layout, u32 build, u32 generation)
{
    const struct nv_slot *header = slot_at(layout, generation & 1);
    u32 number = 0;

    if (header->magic != NV_SLOT_MAGIC || header->build != build)
        return "its slot has no header of this kernel";
    if (header->crc != header_crc(header))
        return "its slot's header is damaged (the checksum does not fit)";
    if (header->generation != generation)
        return "its slot holds another save";
    if (memcmp(header->table_pages, layout->table_pages,
               sizeof(header->table_pages)) != 0)
        return "its slot's tables have other sizes";
    for (u32 t = 0; t < BOOTSTRAP_TABLES; t++)
        for (u32 i = 0; i < layout->table_pages[t]; i++, number++) {
            const void *page = ram_at(layout->slot_table_pa[generation & 1][t] +
                                      i * PAGE_SIZE);

            if (header->page_sum[number] != page_sum(page))
                return "a table in its slot is damaged (a checksum does not "
                       "fit)";
        }
    return NULL;
}

u32
slot_live_crc(const struct layout *layout)
{
    u32 crc = 0;

    for (u32 t = 0; t < BOOTSTRAP_TABLES; t++)
        for (u32 i = 0; i < layout->table_pages[t]; i++) {
            u32 page = page_sum(ram_at(layout->table_pa[t] + i * PAGE_SIZE));

            crc = crc_add(crc, &page, sizeof(page));
        }
    return crc;
}

void
slot_load(const struct layout *layout, u32 generation)
{
    for (u32 t = 0; t < BOOTSTRAP_TABLES; t++)
        for (u32 i = 0; i < layout->table_pages[t]; i++)
            machine_copy_page(ram_at(layout->table_pa[t] + i * PAGE_SIZE),
                              ram_at(layout->slot_table_pa[generation & 1][t] +
                                     i * PAGE_SIZE));
}

// layout.c -- where the fixed parts of NV memory lie
#include "tender/layout.h"

#include "tender/ram.h"
#include "tender/table.h"
#include "tender/text.h"

static void
size_tables(struct layout *layout, const struct limits *limits)
{
    u32 bytes[BOOTSTRAP_TABLES];

    bytes[TABLE_REAL_MEMORY] =
        table_bytes(sizeof(struct real_memory_head),
                    sizeof(struct real_memory_entry), limits->real_memories) +
        4 * layout->memory_pages;
    bytes[TABLE_REGION] = table_bytes(
        sizeof(struct table), sizeof(struct region_entry), limits->regions);
    bytes[TABLE_VSPACE] = table_bytes(
        sizeof(struct table), sizeof(struct vspace_entry), limits->vspaces);
    bytes[TABLE_VKSPACE] = table_bytes(
        sizeof(struct table), sizeof(struct space_entry), limits->vkspaces);
    bytes[TABLE_PLATE] =
        table_bytes(sizeof(struct plate_head), sizeof(struct plate_entry),
                    limits->plates) +
        (u32)sizeof(struct pending_delete) * limits->plates;
    bytes[TABLE_PUNIT] = 0;
    if (limits->punits != 0)
        bytes[TABLE_PUNIT] =
            table_bytes(sizeof(struct punit_head), sizeof(struct punit_entry),
                        limits->punits) +
            (u32)sizeof(struct disk_page) * limits->punit_pages;
    layout->slot_pages = 0;
    for (int t = 0; t < BOOTSTRAP_TABLES; t++) {
        layout->table_pages[t] = PAGES_OF(bytes[t]);
        layout->slot_pages += layout->table_pages[t];
    }
}

// Take pages at *pa; an odd number keeps copies of tables from lying a
// multiple of 1 MiB from their originals.
static u32
take(u32 *pa, u32 pages)
{
    u32 start = *pa;

    *pa += pages * PAGE_SIZE;
    return start;
}

static void
place_all(struct layout *layout, const struct limits *limits)
{
    u32 pa = NV_ROOT_PA;
    u32 va = KERNEL_TABLES_VA;

    take(&pa, 1);
    layout->shutdown_pa = take(&pa, 1);
    for (int s = 0; s < 2 && limits->punits == 0; s++) {
        layout->slot_pa[s] = take(&pa, SLOT_HEADER_PAGES);
        for (int t = 0; t < BOOTSTRAP_TABLES; t++)
            layout->slot_table_pa[s][t] = take(&pa, layout->table_pages[t]);
        take(&pa, 1);
    }
    layout->first_frame = pa >> PAGE_SHIFT;
    for (int t = 0; t < BOOTSTRAP_TABLES; t++) {
        layout->table_pa[t] = take(&pa, layout->table_pages[t]);
        layout->table_va[t] = va;
        va += (layout->table_pages[t] + 1) * PAGE_SIZE; // and a guard page
    }
    layout->kernel_directory_pa = take(&pa, 1);
    layout->kernel_tables_pa = take(&pa, layout->kernel_tables);
    layout->data_pa = take(&pa, limits->data_pages);
    layout->fixed_pages = (pa >> PAGE_SHIFT) - layout->first_frame;
}

static int
absurd(const struct limits *l)
{
    const u32 most = 16384;

    return l->real_memories - 1 >= most || l->regions - 1 >= most ||
           l->vspaces - 1 >= most || l->vkspaces - 1 >= most ||
           l->plates - 1 >= most || l->data_pages - 1 >= 256 ||
           l->punits > most || l->punit_pages > 524288 ||
           (l->punits == 0) != (l->punit_pages == 0);
}

int
layout_compute(struct layout *layout, u32 memory_pages, u32 end_frame,
               const struct limits *limits)
{
    if (absurd(limits) || memory_pages > 262144)
        return E_ARGUMENT;
    memset(layout, 0, sizeof(*layout));
    layout->memory_pages = memory_pages;
    layout->end_frame = end_frame;
    // Kernel spaces can fill all of memory, and need room beside it, because
    // what is deleted leaves gaps.
    layout->kernel_tables = MIN(memory_pages / 1024 * 3 / 2 + 8, 255);
    size_tables(layout, limits);
    if (layout->slot_pages >
        (limits->punits == 0 ? SLOT_PAGES_MAX : DISK_TABLE_PAGES_MAX))
        return E_ARGUMENT;
    place_all(layout, limits);
    if (layout->table_va[TABLE_PUNIT] +
            layout->table_pages[TABLE_PUNIT] * PAGE_SIZE >=
        KERNEL_SPACES_VA)
        return E_ARGUMENT;
    return layout->first_frame + layout->fixed_pages + 64 < end_frame
               ? 0
               : E_MEMORY;
}

void
layout_limits(struct limits *limits, u32 data_pages)
{
    *limits = (struct limits){
        .real_memories = 3328, // regions and page tables
        .regions = 3072,       // three for each plate
        .vspaces = 128,        // the kernel's and one a process
        .vkspaces = 2304,      // two for each plate, tables, stacks
        .plates = 1024,
        .data_pages = data_pages,
    };
}

void
layout_limits_disk(struct limits *limits, u32 data_pages, u32 memory_pages)
{
    layout_limits(limits, data_pages);
    limits->punits = limits->plates;
    // Plates may hold more than memory does: the rest is paged out.
    limits->punit_pages = 2 * memory_pages;
}

// cold.c -- the first tables of a machine that holds no state
#include "plate/cold.h"

#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "vspace/vkspace.h"

static void
clear_tables(const struct layout *layout)
{
    for (int t = 0; t < BOOTSTRAP_TABLES; t++)
        for (u32 i = 0; i < layout->table_pages[t]; i++)
            machine_zero_page(ram_at(layout->table_pa[t] + i * PAGE_SIZE));
}

// Real memory is given out in ascending order, so asking for the fixed parts
// in the order of the layout gives them their fixed addresses.
static rid
take_fixed(struct bootstrap *b, u32 pa, u32 pages)
{
    int id = real_memory_create(&b->rm, RID_NONE, pages);

    ASSERT(id > 0);
    ASSERT(real_memory_first(&b->rm, (rid)id) == pa >> PAGE_SHIFT);
    return (rid)id;
}

static void
add_space(struct bootstrap *b, const char *name, rid memory, u32 pages, u32 va,
          u32 flags)
{
    struct region_entry *region =
        region_add(&b->regions, name, RID_NONE, memory, pages);

    space_add(&b->vk, name, RID_NONE, region, vspace_kernel(&b->vs), va,
              flags | SPACE_WRITABLE);
}

void
cold_start(struct bootstrap *b, const struct layout *layout,
           const struct limits *limits, u32 build, const u32 *window)
{
    static const char *const names[BOOTSTRAP_TABLES] = {
        "table/real-memory", "table/region", "table/vspace",
        "table/vkspace",     "table/plate",  "table/permanent-unit"};
    const u32 *pa = layout->table_pa;
    rid table[BOOTSTRAP_TABLES];

    root_forget(root_at());
    clear_tables(layout);
    bootstrap_attach(b, layout, limits, build, NULL, NULL);
    real_memory_init(&b->rm, ram_at(pa[TABLE_REAL_MEMORY]), limits, layout);
    region_init(&b->regions, ram_at(pa[TABLE_REGION]), limits);
    vspace_init(&b->vs, ram_at(pa[TABLE_VSPACE]), limits, &b->rm, layout);
    vkspace_init(&b->vk, ram_at(pa[TABLE_VKSPACE]), limits, &b->vs, &b->regions,
                 &b->rm);
    plate_init(&b->plates, ram_at(pa[TABLE_PLATE]), limits);
    if (limits->punits != 0)
        punit_init(&b->punits, ram_at(pa[TABLE_PUNIT]), limits);
    for (int t = 0; t < BOOTSTRAP_TABLES; t++)
        if (layout->table_pages[t] != 0)
            table[t] = take_fixed(b, pa[t], layout->table_pages[t]);
    vspace_kernel(&b->vs)->page_tables =
        take_fixed(b, layout->kernel_directory_pa, 1 + layout->kernel_tables);
    rid data = take_fixed(b, layout->data_pa, limits->data_pages);

    vspace_build_kernel(&b->vs, window);
    for (int t = 0; t < BOOTSTRAP_TABLES; t++)
        if (layout->table_pages[t] != 0)
            add_space(b, names[t], table[t], layout->table_pages[t],
                      layout->table_va[t], SPACE_BOOTSTRAP);
    add_space(b, "kernel/data", data, limits->data_pages, KERNEL_DATA_VA, 0);
}

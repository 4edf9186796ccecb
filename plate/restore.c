// restore.c -- bring the saved plates back
//
// Paper 002, figure 8.  Nothing that the committed save names is written:
// slots and newest save pages are only read, and everything else can be
// restored again.  So a cut anywhere in here makes the next boot do it again.
#include "plate/restore.h"

#include "plate/save.h"
#include "plate/slot.h"
#include "tender/assert.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "tender/text.h"

void
bootstrap_attach(struct bootstrap *b, const struct layout *layout,
                 const struct limits *limits, u32 build,
                 const struct plate_store *store)
{
    struct plates *p = &b->plates;
    const u32 *pa = layout->table_pa;

    memset(b, 0, sizeof(*b));
    real_memory_attach(&b->rm, ram_at(pa[TABLE_REAL_MEMORY]), limits);
    region_attach_table(&b->regions, ram_at(pa[TABLE_REGION]));
    vspace_attach_table(&b->vs, ram_at(pa[TABLE_VSPACE]), &b->rm, layout);
    space_attach_table(&b->vk, ram_at(pa[TABLE_VKSPACE]), &b->vs, &b->regions,
                       &b->rm);
    plate_attach_table(p, ram_at(pa[TABLE_PLATE]), limits);
    p->store = store;
    p->layout = layout;
    p->rm = &b->rm;
    p->regions = &b->regions;
    p->vs = &b->vs;
    p->vk = &b->vk;
    p->build = build;
}

// Put back all plates of one kind of space.
static void
put_back(struct plates *p, u32 kind)
{
    u32 i = 0;
    struct res *res;

    while ((res = table_next(&p->head->table, &i)) != NULL) {
        const struct plate_entry *plate = (const void *)res;

        if (rid_kind(plate->space) == kind)
            plate_put_back(p, plate);
    }
}

static void
map_all(struct spaces *spaces)
{
    u32 i = 0;
    struct res *res;

    while ((res = table_next(spaces->table, &i)) != NULL)
        space_map(spaces, (void *)res);
}

void
restore_kernel(struct bootstrap *b, u32 generation, const u32 *window)
{
    slot_load(b->plates.layout, generation);
    vspace_build_kernel(&b->vs, window);
    map_all(&b->vk);
    put_back(&b->plates, KIND_VKSPACE);
}

void
restore_users(struct plates *p, u32 generation)
{
    u32 i = 0;
    struct res *res;

    while ((res = table_next(p->vs->table, &i)) != NULL) {
        struct vspace_entry *e = (void *)res;

        if (e != vspace_kernel(p->vs))
            vspace_build_user(p->vs, e);
    }
    map_all(p->vu);
    put_back(p, KIND_VUSPACE);
    save_completed(p, generation);
}

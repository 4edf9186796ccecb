// restore.c -- bring the saved plates back
//
// Paper 002, figure 8.  Nothing that the committed save names is written:
// slots and newest save pages are only read, and everything else can be
// restored again.  So a cut anywhere in here makes the next boot do it again.
#include "plate/restore.h"

#include "plate/disk.h"
#include "plate/save.h"
#include "plate/slot.h"
#include "tender/assert.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "tender/text.h"
#include "vspace/pager.h"

void
bootstrap_attach(struct bootstrap *b, const struct layout *layout,
                 const struct limits *limits, u32 build,
                 const struct plate_store *store, struct disk_store *disk)
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
    if (limits->punits != 0) {
        punit_attach(&b->punits, ram_at(pa[TABLE_PUNIT]), limits);
        p->punits = &b->punits;
        p->disk = disk;
    }
}

static int
is_paged(const struct spaces *spaces, const struct space_entry *e)
{
    return region_get(spaces->regions, e->region)->vunit != RID_NONE;
}

// Put back all plates of one kind of space whose regions are paged, or not.
static int
put_back(struct plates *p, const struct spaces *spaces, u32 kind, int paged)
{
    u32 i = 0;
    int err = 0;
    struct res *res;

    while (err == 0 && (res = table_next(&p->head->table, &i)) != NULL) {
        const struct plate_entry *plate = (const void *)res;

        if (rid_kind(plate->space) == kind &&
            is_paged(spaces, plate_space(p, plate->space)) == paged)
            err = plate_put_back(p, plate);
    }
    return err;
}

static void
map_all(struct spaces *spaces, int paged)
{
    u32 i = 0;
    struct res *res;

    while ((res = table_next(spaces->table, &i)) != NULL)
        if (is_paged(spaces, (const void *)res) == paged)
            space_map(spaces, (void *)res);
}

int
restore_kernel(struct bootstrap *b, u32 generation, const u32 *window)
{
    struct plates *p = &b->plates;
    int err = 0;

    if (p->disk == NULL)
        slot_load(p->layout, generation);
    else
        err = disk_load_tables(p->disk, generation, &p->cpu);
    if (err < 0)
        return err;
    vspace_build_kernel(&b->vs, window);
    map_all(&b->vk, 0);
    err = put_back(p, &b->vk, KIND_VKSPACE, 0);
    return err < 0 ? err : p->store->finish(p);
}

// Paged regions, wherever they are attached.
static int
put_back_paged(struct plates *p)
{
    int err = pager_restored(p->pager);

    if (err < 0)
        return err;
    map_all(p->vk, 1);
    map_all(p->vu, 1);
    err = put_back(p, p->vk, KIND_VKSPACE, 1);
    return err < 0 ? err : put_back(p, p->vu, KIND_VUSPACE, 1);
}

int
restore_users(struct plates *p, u32 generation)
{
    u32 i = 0;
    int err;
    struct res *res;

    while ((res = table_next(p->vs->table, &i)) != NULL) {
        struct vspace_entry *e = (void *)res;

        if (e != vspace_kernel(p->vs))
            vspace_build_user(p->vs, e);
    }
    map_all(p->vu, 0);
    err = put_back(p, p->vu, KIND_VUSPACE, 0);
    if (err == 0 && p->pager != NULL)
        err = put_back_paged(p);
    if (err == 0)
        err = p->store->finish(p);
    if (err < 0)
        return err;
    save_completed(p, generation);
    return 0;
}

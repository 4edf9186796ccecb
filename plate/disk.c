// disk.c -- the disk plate store: permanent units
//
// Paper 002, 1.2 M3 and M4; docs/disk-store.md.  put() never writes over what
// the newest save or the one before it names, so until the commit sector
// names the tables with the new map, nothing a restore reads has changed.
#include "plate/disk.h"

#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "vspace/paging.h"

static int
create(struct plates *p, struct plate_entry *plate)
{
    int unit = gate_create(p->gate, KIND_PUNIT, NULL, plate->pages, 0, 0, 0);

    if (unit < 0)
        return unit;
    plate->area[0] = (rid)unit;
    plate->area[1] = RID_NONE;
    return 0;
}

// Its blocks stay in used or kept until saves that do not name them.
static void
discard(struct plates *p, const rid area[2])
{
    int err = gate_delete(p->gate, area[0]);

    ASSERT(err == 0);
}

static void
retire(struct plates *p, const rid area[2])
{
    punit_retire(p->punits, area[0]);
}

static int
begin(struct plates *p)
{
    p->disk->error = 0;
    return disk_format(p->disk);
}

static void
put(struct plates *p, const struct plate_entry *plate, u32 page, u32 frame)
{
    disk_put_page(p->disk, punit_map(p->punits, plate->area[0]) + page,
                  ram_at(frame << PAGE_SHIFT));
}

// All units name blocks in use, and so do the tables and the header.
static void
use_blocks(struct plates *p)
{
    struct disk_store *d = p->disk;
    u32 i = 0;
    const struct res *res;

    blocks_turn(&d->blocks);
    while ((res = table_next(&p->punits->head->table, &i)) != NULL) {
        const struct disk_page *map = punit_map(p->punits, res->id);
        u32 pages = punit_pages(p->punits, res->id);

        for (u32 page = 0; page < pages; page++)
            blocks_use(&d->blocks, map[page].block);
    }
    for (u32 n = 0; n < p->layout->slot_pages; n++)
        blocks_use(&d->blocks, d->table[n].block);
    for (u32 n = 0; n < disk_header_pages(p->layout); n++)
        blocks_use(&d->blocks, d->header[n]);
}

static int
fill(struct plates *p)
{
    struct disk_store *d = p->disk;
    int err = disk_write_tables(p);

    if (err == 0)
        err = disk_write_staged(d);
    if (err == 0)
        err = disk_flush(d); // what a plate holds is on the disk
    if (err == 0)
        use_blocks(p);
    return err;
}

// The pages of a plate that were to go to blocks nobody will name.
static void
abandon_plate(struct plates *p, const struct plate_entry *plate)
{
    struct disk_page *map = punit_map(p->punits, plate->area[0]);

    for (u32 page = 0; page < plate->pages; page++) {
        u32 block = map[page].block;

        if (block != BLOCK_UNWRITTEN &&
            !blocks_is_fresh(&p->disk->blocks, block))
            continue;
        map[page] = (struct disk_page){0, 0};
        plate_set_changed(p, plate, page);
    }
}

static void
abandon(struct plates *p)
{
    struct disk_store *d = p->disk;
    const struct res *res;

    for (u32 i = 0; (res = table_next(&p->head->table, &i)) != NULL;)
        abandon_plate(p, (const void *)res);
    for (u32 n = 0; n < p->layout->slot_pages; n++)
        if (blocks_is_fresh(&d->blocks, d->table[n].block))
            d->table[n].block = BLOCK_UNWRITTEN;
    blocks_drop_fresh(&d->blocks);
    d->staged = 0;
    d->error = 0;
}

static void
settle(struct plates *p, u32 before, u32 freed)
{
    (void)before;
    (void)freed;
    use_blocks(p);
}

static void
get(struct plates *p, const struct plate_entry *plate, u32 page, u32 frame)
{
    disk_want(p->disk, punit_map(p->punits, plate->area[0]) + page, frame);
}

static int
finish(struct plates *p)
{
    return disk_read_all(p->disk);
}

static u32
newest(const struct plates *p)
{
    return p->disk->newest;
}

static int
forget(struct plates *p)
{
    return disk_forget(p->disk);
}

static void
restored(struct plates *p, u32 generation)
{
    (void)generation;
    use_blocks(p);
}

const struct plate_store plate_store_disk = {
    .name = "disk",
    .create = create,
    .discard = discard,
    .retire = retire,
    .begin = begin,
    .put = put,
    .fill = fill,
    .commit = disk_commit,
    .abandon = abandon,
    .settle = settle,
    .get = get,
    .finish = finish,
    .newest = newest,
    .forget = forget,
    .restored = restored,
};

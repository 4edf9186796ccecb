// disk_load.c -- a save's tables, from the plate disk into their place
#include "plate/disk.h"

#include "tender/crc.h"
#include "tender/machine.h"
#include "tender/ram.h"
#include "tender/text.h"

static const struct disk_commit *
commit_of(const struct disk_store *d, u32 generation)
{
    const struct disk_commit *c = disk_commit_below(d, generation + 1);

    return c != NULL && c->generation == generation ? c : NULL;
}

// The save header into the buffer.
static int
load_header(struct disk_store *d, const struct disk_commit *commit)
{
    u32 pages = disk_header_pages(d->layout);
    u32 crc = 0;

    for (u32 i = 0; i < pages; i++) {
        u32 pa = d->buffer_pa + i * PAGE_SIZE;

        if (commit->header[i] < DISK_DATA_BLOCK ||
            commit->header[i] >= d->blocks.end)
            return E_PLATE_DAMAGED;
        int err = disk_page(d, 0, commit->header[i], pa);

        if (err < 0)
            return err;
        crc = crc_add(crc, ram_at(pa), PAGE_SIZE);
    }
    return crc == commit->header_crc ? 0 : E_PLATE_DAMAGED;
}

static int
load_tables(struct disk_store *d)
{
    u32 number = 0;

    d->error = 0;
    d->reads = 0;
    for (u32 t = 0; t < BOOTSTRAP_TABLES; t++)
        for (u32 i = 0; i < d->layout->table_pages[t]; i++, number++)
            disk_want(d, &d->table[number],
                      (d->layout->table_pa[t] >> PAGE_SHIFT) + i);
    return disk_read_all(d);
}

// The bitmap of fresh blocks is lent for it, so no save may be going on.
const char *
disk_check_units(struct disk_store *d, const struct punits *units)
{
    const char *wrong;

    blocks_drop_fresh(&d->blocks);
    wrong = punit_check(units, d->limits, d->blocks.fresh, d->blocks.end);
    blocks_drop_fresh(&d->blocks);
    return wrong;
}

// What the unit table names is believed from here on: all of it must be there.
static int
check_loaded(struct disk_store *d)
{
    struct punits units;

    punit_attach(&units, ram_at(d->layout->table_pa[TABLE_PUNIT]), d->limits);
    return disk_check_units(d, &units) == NULL ? 0 : E_PLATE_DAMAGED;
}

u32
disk_boots(const struct disk_store *d)
{
    const struct disk_commit *commit = commit_of(d, d->newest);

    return commit == NULL ? 0 : commit->boots;
}

int
disk_load_tables(struct disk_store *d, u32 generation, struct cpu_state *cpu)
{
    const struct disk_commit *commit = commit_of(d, generation);
    const struct disk_save *save = ram_at(d->buffer_pa);

    if (commit == NULL)
        return E_PLATE_DAMAGED;
    int err = load_header(d, commit);

    if (err < 0)
        return err;
    if (save->magic != DISK_SAVE_MAGIC || save->generation != generation ||
        memcmp(save->table_pages, d->layout->table_pages,
               sizeof(save->table_pages)) != 0)
        return E_PLATE_DAMAGED;
    memcpy(cpu, &save->cpu, sizeof(*cpu));
    memcpy(d->table, save + 1,
           d->layout->slot_pages * (u32)sizeof(struct disk_page));
    memcpy(d->header, commit->header, sizeof(d->header));
    blocks_go_on(&d->blocks, commit->header[0] + disk_header_pages(d->layout));
    d->newest = generation;
    d->turn = commit == &d->commit[0]; // as in disk_decide()
    err = load_tables(d);
    return err < 0 ? err : check_loaded(d);
}

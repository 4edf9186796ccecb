// units.c -- a small table of permanent units, for their tests
#include "units.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tender/table.h"

static const struct limits units_limits = {.punits = UNITS,
                                           .punit_pages = MAP_PAGES};
struct punits units;
struct gate units_gate;
static void *memory;
u32 next_block;
u32 units_bitmap[BLOCKS / 32 + 1];

void
units_open(void)
{
    u32 bytes = table_bytes(sizeof(struct punit_head),
                            sizeof(struct punit_entry), UNITS) +
                MAP_PAGES * (u32)sizeof(struct disk_page);

    memory = calloc(1, bytes);
    punit_init(&units, memory, &units_limits);
    memset(units.map, 0xff, MAP_PAGES * sizeof(struct disk_page)); // junk
    units.head->room = DATA;
    gate_init(&units_gate);
    punit_register(&units, &units_gate);
    next_block = DISK_DATA_BLOCK;
}

void
units_close(void)
{
    free(memory);
}

const char *
units_wrong(void)
{
    memset(units_bitmap, 0, sizeof(units_bitmap));
    return punit_check(&units, &units_limits, units_bitmap, BLOCKS);
}

rid
units_create(u32 pages)
{
    int id = punit_create(&units, RID_NONE, pages);

    ck_assert_int_gt(id, 0);
    ck_assert_uint_eq(punit_pages(&units, (rid)id), pages);
    for (u32 i = 0; i < pages; i++) {
        ck_assert_uint_eq(punit_map(&units, (rid)id)[i].block, 0);
        ck_assert_uint_eq(punit_map(&units, (rid)id)[i].sum, 0);
    }
    return (rid)id;
}

// A unit, each of its pages in a block of its own; crc says whose it is.
rid
units_create_written(u32 pages)
{
    rid id = units_create(pages);

    for (u32 i = 0; i < pages; i++)
        punit_map(&units, id)[i] =
            (struct disk_page){next_block++, id * 1000 + i};
    return id;
}

int
units_whole(rid id)
{
    const struct disk_page *map = punit_map(&units, id);

    for (u32 i = 0; i < punit_pages(&units, id); i++)
        if (map[i].block < DISK_DATA_BLOCK || map[i].sum != id * 1000 + i)
            return 0;
    return 1;
}

struct punit_entry *
units_entry(rid id)
{
    return (void *)table_get(&units.head->table, id);
}

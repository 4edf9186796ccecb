// test_layout.c -- do the fixed parts of NV memory lie apart, and stay put?
#include <string.h>

#include "suite.h"
#include "tender/layout.h"
#include "tender/ram.h"

#define TOP_PAGES 0x1110u // what firmware takes at the top
#define MIB 256u          // pages

struct range {
    u32 from;
    u32 to;
};

static struct range range[32];
static u32 ranges;

static void
ck_new_range(u32 from, u32 pages)
{
    u32 to = from + pages * PAGE_SIZE;

    ck_assert_uint_eq(from % PAGE_SIZE, 0);
    ck_assert_uint_gt(pages, 0);
    for (u32 i = 0; i < ranges; i++)
        ck_assert_msg(to <= range[i].from || from >= range[i].to,
                      "[%x, %x) overlaps [%x, %x)", from, to, range[i].from,
                      range[i].to);
    range[ranges++] = (struct range){from, to};
}

// With plates on a disk there are no slots, else no permanent units.
static int
on_disk(const struct layout *l)
{
    return l->table_pages[TABLE_PUNIT] != 0;
}

static void
ck_new_tables(const u32 at[BOOTSTRAP_TABLES], const struct layout *l)
{
    for (u32 t = 0; t < BOOTSTRAP_TABLES; t++)
        if (t != TABLE_PUNIT || on_disk(l))
            ck_new_range(at[t], l->table_pages[t]);
}

static void
ck_slot(const struct layout *l, u32 s)
{
    if (!on_disk(l)) {
        ck_new_range(l->slot_pa[s], SLOT_HEADER_PAGES);
        ck_new_tables(l->slot_table_pa[s], l);
        return;
    }
    ck_assert_uint_eq(l->slot_pa[s], 0);
    for (u32 t = 0; t < BOOTSTRAP_TABLES; t++)
        ck_assert_uint_eq(l->slot_table_pa[s][t], 0);
}

static void
ck_physical(const struct layout *l, u32 data_pages)
{
    u32 end = 0;

    ranges = 0;
    ck_new_range(NV_ROOT_PA, 1);
    ck_new_range(l->shutdown_pa, 1);
    for (u32 s = 0; s < 2; s++)
        ck_slot(l, s);
    for (u32 i = 0; i < ranges; i++)
        ck_assert_uint_le(range[i].to, l->first_frame * PAGE_SIZE);
    ck_new_tables(l->table_pa, l);
    ck_new_range(l->kernel_directory_pa, 1);
    ck_new_range(l->kernel_tables_pa, l->kernel_tables);
    ck_new_range(l->data_pa, data_pages);
    for (u32 i = 0; i < ranges; i++) {
        ck_assert_uint_ge(range[i].from, NV_ROOT_PA);
        end = MAX(end, range[i].to);
    }
    ck_assert_uint_le(end, (l->first_frame + l->fixed_pages) * PAGE_SIZE);
    ck_assert_uint_lt(l->first_frame + l->fixed_pages, l->end_frame);
}

static void
ck_virtual(const struct layout *l)
{
    ranges = 0;
    ck_new_tables(l->table_va, l);
    for (u32 i = 0; i < ranges; i++) {
        ck_assert_uint_ge(range[i].from, KERNEL_TABLES_VA);
        ck_assert_uint_lt(range[i].to, KERNEL_SPACES_VA); // a guard page
    }
}

// Do all parts lie apart, below the frames that are given out?
START_TEST(apart)
{
    static const u32 mib[] = {64, 128, 256, 512, 1000, 1024};

    for (u32 i = 0; i < ARRAY_LEN(mib); i++) {
        struct layout l;
        struct limits limits;
        u32 pages = mib[i] * MIB;

        layout_limits(&limits, 64);
        ck_assert_int_eq(layout_compute(&l, pages, pages - TOP_PAGES, &limits),
                         0);
        ck_assert_uint_eq(l.memory_pages, pages);
        ck_assert_uint_le(l.slot_pages, SLOT_PAGES_MAX);
        ck_physical(&l, limits.data_pages);
        ck_virtual(&l);
    }
}
END_TEST

// The same with plates on a disk: there are no slots then, but more tables.
START_TEST(apart_disk)
{
    static const u32 mib[] = {64, 256, 1024};

    for (u32 i = 0; i < ARRAY_LEN(mib); i++) {
        struct layout l;
        struct limits limits;
        u32 pages = mib[i] * MIB;

        layout_limits_disk(&limits, 64, pages);
        ck_assert_int_eq(layout_compute(&l, pages, pages - TOP_PAGES, &limits),
                         0);
        ck_assert_uint_ge(l.table_pages[TABLE_PUNIT] * PAGE_SIZE,
                          limits.punits * (u32)sizeof(struct punit_entry) +
                              limits.punit_pages * 8);
        ck_assert_uint_le(l.slot_pages, DISK_TABLE_PAGES_MAX);
        ck_physical(&l, limits.data_pages);
        ck_virtual(&l);
    }
}
END_TEST

// A layout that changes makes every NV memory unreadable: it is a new format.
START_TEST(frozen_v2)
{
    struct limits limits = {100, 90, 20, 80, 30, 7, 0, 0};
    struct layout l;

    ck_assert_int_eq(layout_compute(&l, 64 * MIB, 48 * MIB, &limits), 0);
    ck_assert_uint_eq(l.shutdown_pa, 0x401000);
    ck_assert_uint_eq(l.slot_pa[0], 0x402000);
    ck_assert_uint_eq(l.slot_table_pa[0][TABLE_REAL_MEMORY], 0x404000);
    ck_assert_uint_eq(l.slot_table_pa[0][TABLE_PLATE], 0x41b000);
    ck_assert_uint_eq(l.slot_pa[1], 0x41d000);
    ck_assert_uint_eq(l.slot_table_pa[1][TABLE_REAL_MEMORY], 0x41f000);
    ck_assert_uint_eq(l.table_pa[TABLE_REAL_MEMORY], 0x438000);
    ck_assert_uint_eq(l.table_va[TABLE_REAL_MEMORY], 0xc0100000);
    ck_assert_uint_eq(l.table_va[TABLE_REGION], 0xc0113000);
    ck_assert_uint_eq(l.kernel_directory_pa, 0x450000);
    ck_assert_uint_eq(l.kernel_tables_pa, 0x451000);
    ck_assert_uint_eq(l.kernel_tables, 32);
    ck_assert_uint_eq(l.data_pa, 0x471000);
    ck_assert_uint_eq(l.first_frame, 0x438);
    ck_assert_uint_eq(l.fixed_pages, 0x40);
}
END_TEST

// Are machines too small and limits out of range refused?
START_TEST(refused)
{
    struct limits good = {100, 90, 20, 80, 30, 7, 0, 0};
    struct limits on_a_disk = {100, 90, 20, 80, 30, 7, 30, 9000};
    struct layout l;
    u32 room;

    ck_assert_int_eq(layout_compute(&l, 64 * MIB, 48 * MIB, &good), 0);
    room = l.first_frame + l.fixed_pages;
    ck_assert_int_eq(layout_compute(&l, 64 * MIB, room, &good), E_MEMORY);
    ck_assert_int_eq(layout_compute(&l, 64 * MIB, 0, &good), E_MEMORY);
    ck_assert_int_eq(layout_compute(&l, 262145, 48 * MIB, &good), E_ARGUMENT);
    for (u32 i = 0; i < sizeof(good) / 4; i++) {
        struct limits bad = on_a_disk;

        ck_assert_int_eq(layout_compute(&l, 64 * MIB, 48 * MIB, &bad), 0);
        // One of the two for permanent units alone makes no sense either.
        ((u32 *)&bad)[i] = 0;
        ck_assert_int_eq(layout_compute(&l, 64 * MIB, 48 * MIB, &bad),
                         E_ARGUMENT);
        ((u32 *)&bad)[i] = 0xffffffff;
        ck_assert_int_eq(layout_compute(&l, 64 * MIB, 48 * MIB, &bad),
                         E_ARGUMENT);
    }
}
END_TEST

// How many layouts of ever larger limits are accepted; each is a good one.
static u32
ck_large(u32 units, u32 unit_pages)
{
    u32 accepted = 0;

    for (u32 n = 256; n <= 16384; n += 256) {
        struct limits limits = {n,     n,   128,       n,
                                n / 4, 256, n * units, n * unit_pages};
        struct layout l;

        if (layout_compute(&l, 1024 * MIB, 1000 * MIB, &limits) != 0)
            continue;
        accepted++;
        ck_physical(&l, limits.data_pages);
        ck_virtual(&l);
    }
    return accepted;
}

// Is every layout that is not refused a good one, up to the largest limits?
START_TEST(large_limits)
{
    ck_assert_uint_gt(ck_large(0, 0), 8);
}
END_TEST

// The same with plates on a disk, whose tables may fill the tables' window.
START_TEST(large_limits_disk)
{
    ck_assert_uint_gt(ck_large(1, 32), 8);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {apart,   apart_disk,   frozen_v2,
                                 refused, large_limits, large_limits_disk,
                                 NULL};
    const struct suite suite = {.name = "layout", .test = test};

    return suite_run(&suite);
}

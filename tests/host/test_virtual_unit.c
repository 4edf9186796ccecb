// test_virtual_unit.c -- do programs have more memory than there is?
#include <string.h>

#include "host_disk.h"
#include "plate/check.h"
#include "started.h"
#include "suite.h"
#include "tender/table.h"
#include "vspace/pager.h"
#include "vspace/paging.h"

#define BLOCKS 3000u
#define VUNIT_BLOCKS 700u
#define LEFT 160u // frames of the machine

static struct pager *
pager(void)
{
    return kernel()->plates.pager;
}

static u32
free_frames(void)
{
    return kernel()->rm.head->free;
}

// The kernel takes all but so many frames, for good.
static void
leave(u32 frames)
{
    ck_assert_int_gt(gate_create(&kernel()->gate, KIND_VKSPACE, "hog",
                                 free_frames() - frames, SPACE_UNSAVED, 0, 0),
                     0);
}

static void
start_with(u32 vunit_blocks)
{
    host_disk_open_paged(BLOCKS, vunit_blocks);
    boot(OUTCOME_COLD);
    leave(LEFT);
}

static void
open_drive(void)
{
    start_with(VUNIT_BLOCKS);
}

// Two and a half times as much as there is.
static void
make_places(void)
{
    ck_assert_int_ge(place_create(40, 1), 0);
    ck_assert_int_ge(place_create(100, 1), 0);
    ck_assert_int_ge(place_create(250, 1), 0);
    ck_assert_int_ge(place_create(3, 0), 0);
}

static const struct region_entry *
region_of(u32 place)
{
    return region_get(&kernel()->regions, kernel()->place[place].region);
}

static u32
count_out(u32 place)
{
    const u32 *where = pager_where(pager(), region_of(place));
    u32 out = 0;

    for (u32 i = 0; where != NULL && i < region_of(place)->pages; i++)
        out += pager_is_out(where[i]) != 0;
    return out;
}

// Is every word right when far from all of them fit?
START_TEST(more_than_memory)
{
    make_places();
    ck_whole();
    for (u32 i = 0; i < 6; i++) {
        places_write();
        ck_whole();
    }
    ck_assert_uint_gt(count_out(2), 0);
    ck_assert_uint_gt(count_out(0), 0); // also what was there first
    ck_assert_uint_gt(kernel_vunits->pages[0], 1000);
    // Large requests: who reads in order gets many pages at once.
    ck_assert_uint_lt(kernel_vunits->requests[0], kernel_vunits->pages[0] / 4);
    for (u32 i = 0; i < 3; i++)
        ck_assert_int_eq(place_delete(i), 0);
    ck_assert_uint_eq(pager()->units->head->table.used, 0);
    ck_whole();
}
END_TEST

// Is a page that its block still equals dropped without being written?
START_TEST(clean_pages)
{
    make_places();
    ck_whole();
    ck_whole();
    u32 written = kernel_vunits->pages[1];
    u32 read = kernel_vunits->pages[0];

    ck_whole();
    ck_whole();
    ck_assert_uint_gt(kernel_vunits->pages[0], read + 300);
    ck_assert_uint_lt(kernel_vunits->pages[1], written + 20);
}
END_TEST

// Does all of it come back from a save, wherever it was?
START_TEST(save_and_restore)
{
    make_places();
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    for (u32 i = 0; i < 4; i++) {
        places_write();
        if (i % 2 == 0)
            ck_whole();
        ck_assert_int_eq(kernel_save(), 0);
        if (i % 2 == 1)
            ck_whole();
    }
    for (u32 i = 0; i < 4; i++) {
        u32 saved = places_version();

        places_write();
        ck_whole();
        boot(OUTCOME_RESTORE);
        ck_whole();
        ck_assert_uint_eq(places_version(), saved);
        places_write();
        ck_assert_int_eq(kernel_save(), 0);
    }
}
END_TEST

// Is only what changed copied, also if it is out by then?
START_TEST(only_changed)
{
    struct plates *p = &kernel()->plates;
    u32 copied, expected = 0;
    const struct res *res;

    make_places();
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    ck_assert_int_eq(kernel_save(), 0);
    copied = p->copied;
    ck_whole(); // pages come and go, and none changes
    ck_assert_int_eq(kernel_save(), 0);
    ck_assert_uint_lt(p->copied - copied, 30);
    places_write();
    ck_whole();
    for (u32 i = 0; (res = table_next(&p->head->table, &i)) != NULL;)
        expected += plate_count_changed(p, (const void *)res);
    ck_assert_uint_gt(expected, 100);
    copied = p->copied;
    ck_assert_int_eq(kernel_save(), 0);
    ck_assert_uint_ge(p->copied - copied, expected);
    ck_assert_uint_lt(p->copied - copied, expected + 30);
}
END_TEST

// Is a region detached, parked and attached again with what was out?
START_TEST(detach_and_attach)
{
    struct gate *gate = &kernel()->gate;
    struct kernel_place *place;

    make_places();
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    for (u32 parked = 0; parked < 3; parked++) {
        ck_assert_uint_gt(count_out(1), 0);
        place = &kernel()->place[1];
        ck_assert_int_eq(gate_delete(gate, place->space), 0);
        if (parked > 0)
            ck_assert_int_eq(kernel_save(), 0);
        if (parked > 1)
            boot(OUTCOME_RESTORE);
        place = &kernel()->place[1];
        rid space = place->space;

        place->space = RID_NONE;
        ck_whole(); // the others drive it out
        ck_assert_uint_gt(count_out(1), 70);
        place->space = space;
        int id = gate_create(gate, KIND_VUSPACE, NULL, place->region, place->va,
                             VU_WRITABLE, kernel()->vspace);

        ck_assert_int_gt(id, 0);
        place->space = (rid)id;
        ck_whole();
    }
}
END_TEST

// Is a region refused that has no room, with nothing changed?
START_TEST(no_room)
{
    u32 used = kernel()->regions.table->used;
    u32 memories = kernel()->rm.head->table.used;

    ck_assert_int_eq(place_create(VUNIT_BLOCKS + 1, 1), E_VUNITS);
    ck_assert_int_ge(place_create(250, 1), 0);
    ck_assert_int_ge(place_create(250, 1), 0);
    ck_assert_int_eq(place_create(201, 1), E_VUNITS);
    ck_assert_uint_eq(kernel()->regions.table->used, used + 2);
    ck_assert_uint_eq(kernel()->rm.head->table.used, memories + 2);
    ck_assert_int_ge(place_create(200, 1), 0);
    ck_assert_int_eq(place_delete(0), 0);
    ck_assert_int_ge(place_create(250, 1), 0);
    ck_whole();
}
END_TEST

// Without a partition, is all as it was?
START_TEST(no_partition)
{
    fake_close();
    start_with(0);
    ck_assert_ptr_null(pager());
    ck_assert_int_eq(place_create(LEFT + 1, 1), E_MEMORY);
    ck_assert_int_ge(place_create(LEFT - 10, 1), 0);
    ck_whole();
}
END_TEST

// Does the kernel get memory when programs have all of it?
START_TEST(kernel_first)
{
    make_places();
    ck_whole();
    for (u32 i = 0; i < 4; i++) {
        ck_assert_int_ge(place_create(20, 0), 0);
        places_write();
        ck_whole();
    }
    ck_assert_int_eq(place_create(LEFT, 0), E_MEMORY);
    ck_whole();
}
END_TEST

// Does the kernel read and write what is paged out?
START_TEST(kernel_access)
{
    struct vspaces *vs = &kernel()->vs;
    const struct vspace_entry *space = vspace_get(vs, kernel()->vspace);
    u32 value[2] = {0x12345678, 0x9abcdef0};
    u32 found[2] = {0, 0};
    u32 va;

    make_places();
    va = kernel()->place[2].va + PAGE_SIZE - 4;
    ck_assert_uint_gt(count_out(2), 0);
    for (u32 i = 0; i < 200; i++)
        ck_assert_int_eq(
            vspace_write(vs, space, va + i * PAGE_SIZE, value, 8, 1), 0);
    for (u32 i = 0; i < 200; i++) {
        ck_assert_int_eq(vspace_read(vs, space, va + i * PAGE_SIZE, found, 4),
                         0);
        ck_assert_uint_eq(found[0], value[0]);
    }
    ck_assert_ptr_null(check_mappings(&kernel()->plates, &kernel()->vu));
}
END_TEST

static void
break_it(u32 what, u32 times)
{
    medium_fail((struct medium_fault){.what = what,
                                      .times = times,
                                      .sector = host_disk_vunits,
                                      .sectors = host_disk_vunit_sectors});
}

// The first page of a place that is out.
static u32
first_out(u32 place)
{
    const u32 *where = pager_where(pager(), region_of(place));
    u32 page = 0;

    while (!pager_is_out(where[page]))
        page++;
    return kernel()->place[place].va + page * PAGE_SIZE;
}

static int
fault(u32 va)
{
    return pager_fault(pager(), vspace_get(&kernel()->vs, kernel()->vspace),
                       va);
}

// Is a page that cannot be read refused, and nothing else lost?
START_TEST(read_error)
{
    u32 free;

    make_places();
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    ck_assert_int_eq(kernel_save(), 0);
    places_write();
    ck_whole();
    break_it(MEDIUM_READ, MEDIUM_ALL);
    free = free_frames();
    ck_assert_int_eq(fault(first_out(2)), E_PAGING);
    ck_assert_uint_ge(free_frames(), free);
    ck_assert_int_eq(kernel_save(), E_PAGING);
    // One page of those read ahead is bad: the one that is wanted comes.
    break_it(MEDIUM_READ, 1);
    ck_assert_int_eq(fault(first_out(2)), 0);
    break_it(0, 0);
    ck_whole();
    ck_assert_int_eq(kernel_save(), 0);
    boot(OUTCOME_RESTORE);
    ck_whole();
}
END_TEST

// Do pages that cannot be written stay where they are?
START_TEST(write_error)
{
    make_places();
    places_write();
    break_it(MEDIUM_WRITE, 3);
    ck_whole();
    places_write();
    ck_whole();
    places_write();
    break_it(MEDIUM_WRITE, MEDIUM_ALL);
    ck_assert_int_eq(place_create(LEFT / 2, 0), E_MEMORY);
    break_it(0, 0);
    ck_whole();
    ck_assert_int_ge(place_create(LEFT / 2, 0), 0);
    ck_whole();
}
END_TEST

// After a save that failed, is all copied by the next one that failed to be?
START_TEST(save_refused)
{
    make_places();
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    ck_assert_int_eq(kernel_save(), 0);
    for (u32 i = 0; i < 4; i++) {
        places_write();
        ck_whole();
        medium_fail((struct medium_fault){.what = MEDIUM_WRITE,
                                          .after = i % 2,
                                          .times = MEDIUM_ALL,
                                          .sector = HOST_DISK_FIRST,
                                          .sectors = BLOCKS * BLOCK_SECTORS});
        ck_assert_int_lt(kernel_save(), 0);
        break_it(0, 0);
        ck_whole();
        ck_assert_int_eq(kernel_save(), 0);
        boot(OUTCOME_RESTORE);
        ck_whole();
    }
}
END_TEST

// Does a restore without the partition, or with errors there, say so and leave
// the save?
START_TEST(restore_refused)
{
    u32 sectors = host_disk_vunit_sectors;

    make_places();
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    ck_assert_int_eq(kernel_save(), 0);
    for (u32 i = 0; i < 3; i++) {
        host_disk_vunit_sectors = i == 0 ? 0 : i == 1 ? sectors / 2 : sectors;
        host_disk_partition(TYPE_PERMANENT_UNITS, HOST_DISK_FIRST,
                            BLOCKS * BLOCK_SECTORS, HOST_DISK_SIGNATURE);
        if (i == 2)
            break_it(MEDIUM_WRITE, MEDIUM_ALL);
        host_disk_power_cut();
        ck_assert_int_lt(kernel_boot(&booted, NV_AUTO), 0);
        ck_assert_msg(strstr(fake.sentence,
                             error_sentence(i < 2 ? E_NO_VUNITS : E_PAGING)),
                      "%s", fake.sentence);
        break_it(0, 0);
    }
    boot(OUTCOME_RESTORE);
    ck_whole();
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {
        more_than_memory,  clean_pages, save_and_restore, only_changed,
        detach_and_attach, no_room,     no_partition,     kernel_first,
        kernel_access,     read_error,  write_error,      save_refused,
        restore_refused,   NULL};
    const struct suite suite = {.name = "virtual_unit",
                                .open = open_drive,
                                .close = fake_close,
                                .test = test};

    return suite_run(&suite);
}

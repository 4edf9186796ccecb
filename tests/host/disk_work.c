// disk_work.c -- what the power-cut cases of the disk store do
#include "disk_work.h"

#define ROUNDS 3u // how often each block is written at least, on average
#define SAVES_MAX 60u

void
disk_enable(void)
{
    disk_must(kernel_control(SYSTEM_OCC_ENABLE));
}

void
disk_save_next(void)
{
    places_write();
    disk_must(kernel_save());
    disk_cut_promise();
}

void
disk_enable_and_save(void)
{
    disk_enable();
    disk_save_next();
}

void
disk_save_three(void)
{
    disk_save_next();
    disk_save_next();
    disk_save_next();
}

// --- little room ---

static u32
count_free(void)
{
    const struct blocks *b = &kernel_disk->blocks;
    u32 free = 0;

    for (u32 i = DISK_DATA_BLOCK; i < b->end; i++)
        free += ((b->used[i / 32] | b->kept[i / 32]) & 1u << i % 32) == 0;
    return free;
}

// Three versions change each page.
u32
disk_save_in_room(void)
{
    u32 sectors = medium_figures.sectors_written;

    places_write();
    places_write();
    disk_save_next();
    return (medium_figures.sectors_written - sectors) / BLOCK_SECTORS;
}

void
disk_fill_room(void)
{
    u32 written = 0;

    disk_must(place_create(90, 1));
    disk_must(place_create(40, 0));
    disk_enable();
    for (u32 i = 0; written < ROUNDS * kernel_disk->blocks.end; i++) {
        if (i == SAVES_MAX)
            fake_fail("%u saves write too little", SAVES_MAX);
        written += disk_save_in_room();
    }
}

void
disk_save_round(void)
{
    int enough = kernel_disk->blocks.end >= DISK_LITTLE_ROOM;
    u32 free = count_free();
    u32 written = disk_save_in_room();

    if ((written <= free) != enough || written < free * 4 / 5)
        fake_fail("the room is not as it should be: %u blocks were free, %u "
                  "were written",
                  free, written);
}

// --- errors ---

void
disk_refuse_and_save(struct medium_fault fault)
{
    places_write();
    medium_fail(fault);
    if (kernel_save() != E_PLATE_DISK)
        fake_fail("a save was not refused");
    medium_fail((struct medium_fault){.what = 0});
    disk_whole("after a refused save");
    disk_save_next();
}

// host_disk.c -- the small kernel with its plates on the simulated drive
#include "host_disk.h"

#include <stdio.h>

#include "bytes.h"

static struct disk_store disk;
static struct vunit_disk vunits;
static enum nv_option wished;
static void *junk; // the memory of a machine just switched on

u32 host_disk_build;
u32 host_disk_vunits, host_disk_vunit_sectors;

static void
put32(u8 *at, u32 value)
{
    for (u32 i = 0; i < 4; i++)
        at[i] = (u8)(value >> i * 8);
}

void
host_disk_partition(u32 type, u32 first, u32 sectors, u32 signature)
{
    u8 mbr[SECTOR_BYTES] __attribute__((aligned(8)));

    bytes_fill(mbr, 0, sizeof(mbr));
    put32(mbr + 440, signature);
    mbr[446 + 4] = (u8)type;
    put32(mbr + 446 + 8, first);
    put32(mbr + 446 + 12, sectors);
    if (host_disk_vunit_sectors != 0) {
        mbr[462 + 4] = TYPE_VIRTUAL_UNITS;
        put32(mbr + 462 + 8, host_disk_vunits);
        put32(mbr + 462 + 12, host_disk_vunit_sectors);
    }
    mbr[510] = 0x55;
    mbr[511] = 0xaa;
    medium_poke(0, mbr);
}

// tools/mkplates clears the first blocks, and no others.
void
host_disk_open(u32 blocks)
{
    host_disk_open_paged(blocks, 0);
    kernel_vunits = NULL;
}

void
host_disk_open_paged(u32 blocks, u32 vunit_blocks)
{
    static const u8 zeros[SECTOR_BYTES] __attribute__((aligned(8)));
    u32 sectors = blocks * BLOCK_SECTORS;

    fake_open(KERNEL_PAGES);
    if (junk == NULL)
        junk = fake_snapshot();
    host_disk_vunits = HOST_DISK_FIRST + sectors;
    host_disk_vunit_sectors = vunit_blocks * BLOCK_SECTORS;
    medium_reset(HOST_DISK_FIRST + sectors + host_disk_vunit_sectors);
    host_disk_partition(TYPE_PERMANENT_UNITS, HOST_DISK_FIRST, sectors,
                        HOST_DISK_SIGNATURE);
    for (u32 i = 0; i < DISK_DATA_BLOCK * BLOCK_SECTORS; i++)
        medium_poke(HOST_DISK_FIRST + i, zeros);
    medium_unwanted((KERNEL_PAGES - 1) * PAGE_SIZE); // the sink
    host_disk_build = KERNEL_BUILD;
    kernel_disk = &disk;
    kernel_vunits = &vunits;
}

void
host_disk_power_cut(void)
{
    fake_restore(junk);
}

void
host_disk_look(struct decision *decision, enum nv_option wish)
{
    const struct block_device *device[] = {medium_device()};
    u32 buffer_pa = (KERNEL_PAGES - DISK_BUFFER_PAGES) * PAGE_SIZE;
    const char *wrong;

    wished = wish;
    bytes_fill(&disk, 0, sizeof(disk));
    disk.now_us = machine_now_us;
    wrong = disk_open(&disk, device, 1, buffer_pa, kernel_layout(),
                      kernel_limits(), host_disk_build);
    if (kernel_vunits != NULL)
        vunit_disk_open(&vunits, device, 1,
                        buffer_pa - VUNIT_BUFFER_PAGES * PAGE_SIZE,
                        machine_now_us);
    if (wrong == NULL) {
        disk_decide(&disk, decision, wish);
    } else {
        decision->outcome = OUTCOME_REFUSE;
        snprintf(decision->why, sizeof(decision->why), "%s", wrong);
    }
}

void
host_disk_forget(void)
{
    int err = disk.formatted ? disk_forget(&disk) : 0;

    if (err < 0)
        fake_fail("refused: %s", error_sentence(err));
}

void
host_disk_put_back(struct decision *decision)
{
    int err;

    while ((err = kernel_put_back(decision)) < 0) {
        machine_load_space(0);
        disk_fall_back(&disk, decision, wished, err);
        if (decision->outcome != OUTCOME_RESTORE)
            fake_fail("refused: %s", decision->why);
    }
    poke_word(&root_at()->boots, disk_boots(&disk) + 1);
}

void
host_disk_peek(u32 block, void *page)
{
    u32 first = HOST_DISK_FIRST + block * BLOCK_SECTORS;

    for (u32 i = 0; i < BLOCK_SECTORS; i++)
        medium_peek(first + i, (u8 *)page + i * SECTOR_BYTES);
}

void
host_disk_poke(u32 block, const void *page)
{
    u32 first = HOST_DISK_FIRST + block * BLOCK_SECTORS;

    for (u32 i = 0; i < BLOCK_SECTORS; i++)
        medium_poke(first + i, (const u8 *)page + i * SECTOR_BYTES);
}

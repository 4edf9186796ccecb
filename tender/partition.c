// partition.c -- find a partition of a disk
#include "tender/partition.h"

#include "tender/error.h"
#include "tender/ram.h"

// Where things are in sector 0.
#define MBR_SIGNATURE 440u
#define MBR_ENTRIES 446u
#define MBR_MARK 510u

#define ENTRIES 4u
#define ENTRY_BYTES 16u
#define ENTRY_TYPE 4u
#define ENTRY_FIRST 8u
#define ENTRY_SECTORS 12u

static u32
get32(const u8 *at)
{
    return at[0] | (u32)at[1] << 8 | (u32)at[2] << 16 | (u32)at[3] << 24;
}

// Sector 0 is nobody's: it holds the table.
static int
lies_on(const struct block_device *disk, u32 first, u32 sectors)
{
    return first != 0 && first < disk->sectors && sectors != 0 &&
           sectors <= disk->sectors - first;
}

int
partition_find(const struct block_device *disk, u32 type, u32 buffer_pa,
               struct partition *found)
{
    const struct block_piece piece = {buffer_pa, SECTOR_BYTES};
    const u8 *mbr = ram_at(buffer_pa);
    int err = E_NAME;

    if (disk->sectors == 0)
        return E_NO_DISK;
    if (disk->transfer(disk->state, 0, 0, &piece, 1) < 0)
        return E_DISK;
    if (mbr[MBR_MARK] != 0x55 || mbr[MBR_MARK + 1] != 0xaa)
        return E_NAME;
    for (u32 i = 0; i < ENTRIES; i++) {
        const u8 *entry = mbr + MBR_ENTRIES + i * ENTRY_BYTES;
        u32 first = get32(entry + ENTRY_FIRST);
        u32 sectors = get32(entry + ENTRY_SECTORS);

        if (entry[ENTRY_TYPE] != type)
            continue;
        if (lies_on(disk, first, sectors)) {
            *found =
                (struct partition){first, sectors, get32(mbr + MBR_SIGNATURE)};
            return 0;
        }
        err = E_ARGUMENT;
    }
    return err;
}

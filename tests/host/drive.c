// drive.c -- sectors of one word each, on the simulated drive
#include "drive.h"

#include "fake.h"

void
drive_open(void)
{
    fake_open(1280);
    medium_reset(DRIVE_SECTORS);
}

void
drive_close(void)
{
    fake_close();
}

int
drive_move(int write, u32 sector, u32 pa, u32 sectors)
{
    struct block_device *device = medium_device();
    struct block_piece piece[BLOCK_PIECES_MAX];
    u32 pieces = 0;

    for (u32 left = sectors * SECTOR_BYTES; left > 0; pieces++) {
        u32 part = MIN(left, PAGE_SIZE - pa % PAGE_SIZE);

        piece[pieces] = (struct block_piece){pa, part};
        pa += part;
        left -= part;
    }
    return device->transfer(device->state, write, sector, piece, pieces);
}

int
drive_flush(void)
{
    return medium_device()->flush(medium_device()->state);
}

// Write sectors whose first word is value, value + 1 ...
int
drive_put(u32 sector, u32 sectors, u32 value)
{
    for (u32 i = 0; i < sectors; i++)
        for (u32 at = 0; at < SECTOR_BYTES; at += 4)
            fake_put(DRIVE_DATA + i * SECTOR_BYTES + at, value + i);
    return drive_move(1, sector, DRIVE_DATA, sectors);
}

// The word of a sector, of which all words are the same; 0: torn.
u32
drive_get(u32 sector)
{
    u32 word[SECTOR_BYTES / 4];

    medium_peek(sector, word);
    for (u32 i = 1; i < ARRAY_LEN(word); i++)
        if (word[i] != word[0])
            return 0;
    return word[0];
}

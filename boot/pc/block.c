// block.c -- the masters of both IDE channels as block devices, polled
//
// One command for a transfer, however many pieces it has: the bus master walks
// a list of them.  The drive's interrupt is disabled from before the command
// until its end is acknowledged, so ide.c, which shares the primary channel,
// sees none that it has not caused.  All state is scratch.
#include "boot/pc/ide.h"

#include "tender/error.h"

#define REQUEST_US 30000000u // a drive may have a queue to get through

static SCRATCH struct block_device device[2];

// Is the command over?  A bus master that has not seen all of its list is
// still active, so at an error only the drive can tell.
static int
has_ended(const struct ide_channel *channel)
{
    if (!ata_is_idle(channel))
        return 0;
    return (ide_dma_status(channel) & MASTER_ACTIVE) == 0 ||
           ata_acknowledge(channel) < 0;
}

// Wait for the end of the command; the channel is ready for the next one then,
// whatever happened.
static int
wait_end(const struct ide_channel *channel)
{
    u64 end = boot_us() + REQUEST_US;
    int err = 0;

    while (err == 0 && !has_ended(channel))
        if (boot_us() > end)
            err = E_DISK;
    if (ide_dma_status(channel) & MASTER_FAILED)
        err = E_DISK;
    ide_dma_stop(channel);
    if (ata_acknowledge(channel) < 0)
        err = E_DISK;
    ide_dma_clear(channel);
    return err;
}

// Have the channel to ourselves, with a drive that takes commands.
static int
begin(const struct ide_channel *channel)
{
    if (channel == &ide_primary)
        ide_finish();
    ata_interrupts(channel, 0);
    ide_dma_clear(channel);
    return ata_wait_ready(channel);
}

static int
end(const struct ide_channel *channel, int err)
{
    if (err < 0) {
        ide_dma_stop(channel);
        ata_reset(channel);
        ata_acknowledge(channel);
    }
    ata_interrupts(channel, 1);
    return err;
}

static int
transfer(void *state, int write, u32 sector, const struct block_piece *piece,
         u32 pieces)
{
    const struct ide_channel *channel = state;
    u32 bytes = 0;
    u32 i;

    ASSERT(pieces != 0);
    ASSERT(pieces <= BLOCK_PIECES_MAX);
    for (i = 0; i < pieces; i++)
        bytes += piece[i].bytes;
    int err = begin(channel);

    if (err == 0) {
        ide_dma_prepare(channel, !write, piece, pieces);
        ata_transfer(channel, write, sector, bytes / SECTOR_BYTES);
        ide_dma_go(channel, !write);
        err = wait_end(channel);
    }
    return end(channel, err);
}

static int
flush(void *state)
{
    const struct ide_channel *channel = state;
    int err = begin(channel);

    if (err == 0) {
        ata_flush(channel);
        err = wait_end(channel);
    }
    return end(channel, err);
}

static u32
size(const struct ide_channel *channel)
{
    u32 sectors;

    if (!ata_is_there(channel))
        return 0;
    ata_reset(channel);
    ata_interrupts(channel, 0);
    sectors = ata_sectors(channel);
    ata_interrupts(channel, 1);
    return sectors;
}

// Without a bus master there are no disks.
void
pc_block_init(void)
{
    int err = ide_dma_enable();

    device[BLOCK_PLATES] = (struct block_device){
        "plate disk", (void *)&ide_secondary,
        err < 0 ? 0 : size(&ide_secondary), transfer, flush};
    device[BLOCK_BOOT] = (struct block_device){
        "boot disk", (void *)&ide_primary, err < 0 ? 0 : size(&ide_primary),
        transfer, flush};
}

struct block_device *
pc_block_device(int n)
{
    ASSERT(n == BLOCK_PLATES || n == BLOCK_BOOT);
    return &device[n];
}

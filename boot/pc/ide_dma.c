// ide_dma.c -- the bus masters of the two IDE channels, and ide.c's buffer
//
// All of it is scratch: found anew at each boot, filled in for each transfer.
#include "boot/pc/ide.h"

#include "boot/pc/port.h"
#include "tender/error.h"

#define CLASS_IDE 0x0101u
#define PCI_COMMAND 0x04u
#define PCI_IO_AND_MASTER 0x05u
#define PCI_BAR4 0x20u

// Bus-master registers, from BAR4 on: eight bytes for each channel.
#define MASTER_COMMAND 0
#define MASTER_STATUS 2
#define MASTER_TABLE 4
#define MASTER_BYTES 8
#define MASTER_START 0x01
#define MASTER_TO_MEMORY 0x08

#define DMA_LIMIT 0x10000u // no region crosses a multiple of this

struct region_descriptor {
    u32 pa;
    u32 bytes_and_end; // 64 KiB is 0
};
#define DESCRIPTOR_END 0x80000000u

static SCRATCH u16 masters; // I/O base

SCRATCH u8 ide_buffer[IDE_SECTORS_MAX * SECTOR_BYTES]
    __attribute__((aligned(DMA_LIMIT)));

// One table for each channel, neither of which crosses DMA_LIMIT.
static SCRATCH struct region_descriptor table[2][BLOCK_PIECES_MAX]
    __attribute__((aligned(4096)));

_Static_assert(sizeof(table) == 4096, "the tables would cross a limit");

static u16
port(const struct ide_channel *channel, u32 offset)
{
    return (u16)(masters + channel->number * MASTER_BYTES + offset);
}

int
ide_dma_is_there(void)
{
    u32 address;

    return pci_find_class(CLASS_IDE, &address) == 0;
}

int
ide_dma_enable(void)
{
    u32 pci, command, bar;

    if (pci_find_class(CLASS_IDE, &pci) < 0)
        return E_NO_DISK;
    command = pci_read(pci, PCI_COMMAND) & 0xffff;
    pci_write(pci, PCI_COMMAND, command | PCI_IO_AND_MASTER);
    bar = pci_read(pci, PCI_BAR4);
    if ((bar & 1) == 0 || (bar & 0xfff0) == 0)
        return E_NO_DISK;
    masters = (u16)(bar & 0xfff0);
    ide_dma_stop(&ide_primary);
    ide_dma_stop(&ide_secondary);
    return 0;
}

void
ide_dma_clear(const struct ide_channel *channel)
{
    port_out8(port(channel, MASTER_STATUS), MASTER_FAILED | MASTER_INTERRUPT);
}

// Pieces that lie one behind the other become one region, up to the limit.
static void
fill(struct region_descriptor *region, const struct block_piece *piece,
     u32 pieces)
{
    u32 bytes = 0;
    u32 i;

    for (i = 0; i < pieces; i++) {
        if (i == 0 || piece[i].pa % DMA_LIMIT == 0 ||
            piece[i].pa != region->pa + bytes) {
            region += i != 0;
            region->pa = piece[i].pa;
            bytes = 0;
        }
        bytes += piece[i].bytes;
        region->bytes_and_end = bytes % DMA_LIMIT;
    }
    region->bytes_and_end |= DESCRIPTOR_END;
}

void
ide_dma_prepare(const struct ide_channel *channel, int to_memory,
                const struct block_piece *piece, u32 pieces)
{
    fill(table[channel->number], piece, pieces);
    port_out32(port(channel, MASTER_TABLE),
               (u32)table[channel->number] - RAM_BASE);
    port_out8(port(channel, MASTER_COMMAND), to_memory ? MASTER_TO_MEMORY : 0);
}

void
ide_dma_go(const struct ide_channel *channel, int to_memory)
{
    port_out8(port(channel, MASTER_COMMAND),
              (to_memory ? MASTER_TO_MEMORY : 0) | MASTER_START);
}

void
ide_dma_stop(const struct ide_channel *channel)
{
    port_out8(port(channel, MASTER_COMMAND), 0);
}

u32
ide_dma_status(const struct ide_channel *channel)
{
    return port_in8(port(channel, MASTER_STATUS));
}

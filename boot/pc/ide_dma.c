// ide_dma.c -- the bus master of the primary IDE channel, and its buffer
//
// Only the I/O base is remembered in plated memory; the rest is scratch, filled
// in for each transfer.
#include "boot/pc/ide.h"

#include "boot/pc/port.h"
#include "tender/error.h"

#define CLASS_IDE 0x0101u
#define PCI_COMMAND 0x04u
#define PCI_IO_AND_MASTER 0x05u
#define PCI_BAR4 0x20u

// Bus-master registers, from BAR4 on.
#define MASTER_COMMAND 0
#define MASTER_STATUS 2
#define MASTER_TABLE 4
#define MASTER_START 0x01
#define MASTER_TO_MEMORY 0x08

#define SECTOR_BYTES 512u

struct region_descriptor {
    u32 pa;
    u32 bytes_and_end;
};
#define DESCRIPTOR_END 0x80000000u

static u16 master; // I/O base

SCRATCH u8 ide_buffer[IDE_SECTORS_MAX * SECTOR_BYTES]
    __attribute__((aligned(65536)));
static SCRATCH struct region_descriptor descriptor __attribute__((aligned(8)));

static u32
pa_of(const void *p)
{
    return (u32)p - RAM_BASE;
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
    master = (u16)(bar & 0xfff0);
    port_out8(master + MASTER_COMMAND, 0);
    return 0;
}

void
ide_dma_clear(void)
{
    port_out8(master + MASTER_STATUS, MASTER_FAILED | MASTER_INTERRUPT);
}

void
ide_dma_prepare(u32 count, int to_memory)
{
    descriptor.pa = pa_of(ide_buffer);
    descriptor.bytes_and_end =
        (count * SECTOR_BYTES & 0xffff) | DESCRIPTOR_END; // 64 KiB is 0
    port_out32(master + MASTER_TABLE, pa_of(&descriptor));
    port_out8(master + MASTER_COMMAND, to_memory ? MASTER_TO_MEMORY : 0);
}

void
ide_dma_go(int to_memory)
{
    port_out8(master + MASTER_COMMAND,
              (to_memory ? MASTER_TO_MEMORY : 0) | MASTER_START);
}

void
ide_dma_stop(void)
{
    port_out8(master + MASTER_COMMAND, 0);
}

u32
ide_dma_status(void)
{
    return port_in8(master + MASTER_STATUS);
}

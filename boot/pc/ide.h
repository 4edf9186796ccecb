// ide.h -- what ide.c asks of the drive (ata.c) and the bus master (ide_dma.c)
#ifndef BOOT_PC_IDE_H
#define BOOT_PC_IDE_H

#include "boot/pc/parts.h"

#define IDE_SECTORS_MAX 128u // of one transfer: 64 KiB

// --- ata.c ---

// Is there anything on the channel?
int ata_is_there(void);

// Stop whatever the drive does.
void ata_reset(void);

// Ask the drive how large it is; 0 if it is no disk.
u32 ata_sectors(void);

// Wait until the drive takes commands; E_DISK if it does not.
int ata_wait_ready(void);

// Give a command.  The drive must be ready.
void ata_flush(void);
void ata_transfer(int write, u32 sector, u32 count);

// Does it still work on it?  Does not acknowledge the interrupt.
int ata_is_busy(void);

// Acknowledge the interrupt; E_DISK if the command failed.
int ata_acknowledge(void);

// --- ide_dma.c ---

extern u8 ide_buffer[]; // where all transfers go

int ide_dma_is_there(void);

// Find and enable it.  The PCI configuration is as firmware left it, which may
// be new.
int ide_dma_enable(void);

// Clear what the last transfer left in its status.
void ide_dma_clear(void);

// Make a transfer known before the drive has its command, and let it go after.
void ide_dma_prepare(u32 count, int to_memory);
void ide_dma_go(int to_memory);
void ide_dma_stop(void);

#define MASTER_FAILED 0x02u
#define MASTER_INTERRUPT 0x04u
u32 ide_dma_status(void);

#endif

// ide.h -- what ide.c and block.c ask of a drive (ata.c) and of a bus master
//
// The latter are in ide_dma.c.
#ifndef BOOT_PC_IDE_H
#define BOOT_PC_IDE_H

#include "boot/pc/parts.h"
#include "tender/block.h"

#define IDE_SECTORS_MAX 128u // of one transfer of ide.c: 64 KiB

// Only its master is ever used.
struct ide_channel {
    u16 command; // port of the command block
    u16 control; // port: written, drive control; read, status only
    u32 number;  // of its bus master
};

extern const struct ide_channel ide_primary, ide_secondary;

// --- ata.c ---

// Is there anything on the channel?
int ata_is_there(const struct ide_channel *channel);

// Stop whatever the drive does; its interrupt is enabled then.
void ata_reset(const struct ide_channel *channel);

// May the drive raise its interrupt?
void ata_interrupts(const struct ide_channel *channel, int on);

// Ask the drive how large it is; 0 if it is no disk.
u32 ata_sectors(const struct ide_channel *channel);

// Wait until the drive takes commands; E_DISK if it does not.
int ata_wait_ready(const struct ide_channel *channel);

// Give a command.  The drive must be ready.
void ata_flush(const struct ide_channel *channel);
void ata_transfer(const struct ide_channel *channel, int write, u32 sector,
                  u32 count);

// Does it still work on it?  Does it take another?  Neither acknowledges the
// interrupt.
int ata_is_busy(const struct ide_channel *channel);
int ata_is_idle(const struct ide_channel *channel);

// Acknowledge the interrupt; E_DISK if the command failed.
int ata_acknowledge(const struct ide_channel *channel);

// --- ide_dma.c ---

extern u8 ide_buffer[]; // where all transfers of ide.c go

int ide_dma_is_there(void);

// Find and enable it.  The PCI configuration is as firmware left it, which may
// be new.
int ide_dma_enable(void);

// Clear what the last transfer left in its status.
void ide_dma_clear(const struct ide_channel *channel);

// Make a transfer known before the drive has its command, and let it go after.
// No piece may cross a multiple of 64 KiB.
void ide_dma_prepare(const struct ide_channel *channel, int to_memory,
                     const struct block_piece *piece, u32 pieces);
void ide_dma_go(const struct ide_channel *channel, int to_memory);
void ide_dma_stop(const struct ide_channel *channel);

#define MASTER_ACTIVE 0x01u
#define MASTER_FAILED 0x02u
#define MASTER_INTERRUPT 0x04u
u32 ide_dma_status(const struct ide_channel *channel);

#endif

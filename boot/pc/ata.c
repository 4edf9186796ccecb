// ata.c -- commands to the master of the primary IDE channel
#include "boot/pc/ide.h"

#include "boot/pc/port.h"
#include "tender/error.h"

#define DATA 0x1f0
#define COUNT 0x1f2
#define LBA_LOW 0x1f3
#define LBA_MIDDLE 0x1f4
#define LBA_HIGH 0x1f5
#define DRIVE 0x1f6
#define STATUS 0x1f7
#define COMMAND 0x1f7
#define CONTROL 0x3f6     // write
#define STATUS_ONLY 0x3f6 // read: does not acknowledge the interrupt

#define STATUS_ERROR 0x01
#define STATUS_DATA 0x08
#define STATUS_FAULT 0x20
#define STATUS_BUSY 0x80
#define CONTROL_RESET 0x04

#define COMMAND_IDENTIFY 0xec
#define COMMAND_READ 0xc8
#define COMMAND_READ_48 0x25
#define COMMAND_WRITE 0xca
#define COMMAND_WRITE_48 0x35
#define COMMAND_FLUSH 0xe7

#define LBA28_END 0x10000000u
#define READY_US 1000000u

int
ata_wait_ready(void)
{
    u64 end = boot_us() + READY_US;

    while (port_in8(STATUS_ONLY) & (STATUS_BUSY | STATUS_DATA))
        if (boot_us() > end)
            return E_DISK;
    return 0;
}

// The status counts only 400 ns after a command.
static void
pause(void)
{
    u32 i;

    for (i = 0; i < 4; i++)
        port_in8(STATUS_ONLY);
}

static void
set_address(u32 sector, u32 count, int wide)
{
    port_out8(DRIVE, (u8)(0xe0 | (wide ? 0 : sector >> 24)));
    pause();
    if (wide) {
        port_out8(COUNT, (u8)(count >> 8));
        port_out8(LBA_LOW, (u8)(sector >> 24));
        port_out8(LBA_MIDDLE, 0);
        port_out8(LBA_HIGH, 0);
    }
    port_out8(COUNT, (u8)count);
    port_out8(LBA_LOW, (u8)sector);
    port_out8(LBA_MIDDLE, (u8)(sector >> 8));
    port_out8(LBA_HIGH, (u8)(sector >> 16));
}

int
ata_is_there(void)
{
    u8 status;

    port_out8(DRIVE, 0xe0);
    pause();
    status = port_in8(STATUS_ONLY);
    return status != 0xff && status != 0;
}

void
ata_flush(void)
{
    port_out8(DRIVE, 0xe0);
    pause();
    port_out8(COMMAND, COMMAND_FLUSH);
    pause();
}

void
ata_transfer(int write, u32 sector, u32 count)
{
    int wide = sector + count >= LBA28_END;

    set_address(sector, count, wide);
    if (write)
        port_out8(COMMAND, wide ? COMMAND_WRITE_48 : COMMAND_WRITE);
    else
        port_out8(COMMAND, wide ? COMMAND_READ_48 : COMMAND_READ);
}

int
ata_is_busy(void)
{
    return (port_in8(STATUS_ONLY) & STATUS_BUSY) != 0;
}

int
ata_acknowledge(void)
{
    return port_in8(STATUS) & (STATUS_ERROR | STATUS_FAULT) ? E_DISK : 0;
}

void
ata_reset(void)
{
    u64 end = boot_us() + 10;

    port_out8(CONTROL, CONTROL_RESET);
    while (boot_us() < end)
        continue;
    port_out8(CONTROL, 0);
    pause();
    port_out8(DRIVE, 0xe0);
    pause();
    ata_wait_ready();
}

u32
ata_sectors(void)
{
    u16 answer[256];
    u64 end = boot_us() + READY_US;
    u32 i;

    port_out8(DRIVE, 0xe0);
    pause();
    if (port_in8(STATUS_ONLY) == 0)
        return 0;
    port_out8(COMMAND, COMMAND_IDENTIFY);
    pause();
    while (port_in8(STATUS_ONLY) & STATUS_BUSY)
        if (boot_us() > end)
            return 0;
    if ((port_in8(STATUS) & (STATUS_ERROR | STATUS_DATA)) != STATUS_DATA)
        return 0;
    for (i = 0; i < ARRAY_LEN(answer); i++)
        answer[i] = port_in16(DATA);
    if ((answer[83] & 1u << 10) && (answer[102] | answer[103]) != 0)
        return 0xffffffff;
    if (answer[83] & 1u << 10)
        return answer[100] | (u32)answer[101] << 16;
    return answer[60] | (u32)answer[61] << 16;
}

// ata.c -- commands to the master of an IDE channel
#include "boot/pc/ide.h"

#include "boot/pc/port.h"
#include "tender/error.h"

// From the first port of the command block on.
#define DATA 0
#define COUNT 2
#define LBA_LOW 3
#define LBA_MIDDLE 4
#define LBA_HIGH 5
#define DRIVE 6
#define STATUS 7
#define COMMAND 7

#define STATUS_ERROR 0x01
#define STATUS_DATA 0x08
#define STATUS_FAULT 0x20
#define STATUS_BUSY 0x80
#define CONTROL_NO_INTERRUPT 0x02
#define CONTROL_RESET 0x04

#define COMMAND_IDENTIFY 0xec
#define COMMAND_READ 0xc8
#define COMMAND_READ_48 0x25
#define COMMAND_WRITE 0xca
#define COMMAND_WRITE_48 0x35
#define COMMAND_FLUSH_48 0xea

#define LBA28_END 0x10000000u
#define LBA28_COUNT 256u   // sectors of one command
#define NOBODY 0xffu       // the status where no drive drives the bus
#define READY_US 31000000u // what ATA gives a drive after power on

const struct ide_channel ide_primary = {0x1f0, 0x3f6, 0};
const struct ide_channel ide_secondary = {0x170, 0x376, 1};

static u8
get(const struct ide_channel *channel, u16 offset)
{
    return port_in8((u16)(channel->command + offset));
}

static void
put(const struct ide_channel *channel, u16 offset, u32 value)
{
    port_out8((u16)(channel->command + offset), (u8)value);
}

// Does not acknowledge the interrupt.
static u8
status_only(const struct ide_channel *channel)
{
    return port_in8(channel->control);
}

// Not even a transfer by the bus master: the drive asks for data meanwhile.
int
ata_is_idle(const struct ide_channel *channel)
{
    return (status_only(channel) & (STATUS_BUSY | STATUS_DATA)) == 0;
}

int
ata_wait_ready(const struct ide_channel *channel)
{
    u64 end = boot_us() + READY_US;

    while (!ata_is_idle(channel))
        if (boot_us() > end)
            return E_DISK;
    return 0;
}

// The status counts only 400 ns after a command.
static void
pause(const struct ide_channel *channel)
{
    u32 i;

    for (i = 0; i < 4; i++)
        status_only(channel);
}

// The upper half of the drive register: the master, sectors by number.
static void
choose_master(const struct ide_channel *channel, u32 high)
{
    put(channel, DRIVE, 0xe0 | high);
    pause(channel);
}

static void
set_address(const struct ide_channel *channel, u32 sector, u32 count, int wide)
{
    choose_master(channel, wide ? 0 : sector >> 24);
    if (wide) {
        put(channel, COUNT, count >> 8);
        put(channel, LBA_LOW, sector >> 24);
        put(channel, LBA_MIDDLE, 0);
        put(channel, LBA_HIGH, 0);
    }
    put(channel, COUNT, count);
    put(channel, LBA_LOW, sector);
    put(channel, LBA_MIDDLE, sector >> 8);
    put(channel, LBA_HIGH, sector >> 16);
}

int
ata_is_there(const struct ide_channel *channel)
{
    u8 status;

    choose_master(channel, 0);
    status = status_only(channel);
    return status != 0xff && status != 0;
}

void
ata_flush(const struct ide_channel *channel)
{
    choose_master(channel, 0);
    put(channel, COMMAND, COMMAND_FLUSH_48);
    pause(channel);
}

void
ata_transfer(const struct ide_channel *channel, int write, u32 sector,
             u32 count)
{
    int wide = count > LBA28_COUNT || sector + count >= LBA28_END;

    set_address(channel, sector, count, wide);
    if (write)
        put(channel, COMMAND, wide ? COMMAND_WRITE_48 : COMMAND_WRITE);
    else
        put(channel, COMMAND, wide ? COMMAND_READ_48 : COMMAND_READ);
}

int
ata_is_busy(const struct ide_channel *channel)
{
    return (status_only(channel) & STATUS_BUSY) != 0;
}

int
ata_acknowledge(const struct ide_channel *channel)
{
    return get(channel, STATUS) & (STATUS_ERROR | STATUS_FAULT) ? E_DISK : 0;
}

void
ata_interrupts(const struct ide_channel *channel, int on)
{
    port_out8(channel->control, on ? 0 : CONTROL_NO_INTERRUPT);
}

void
ata_reset(const struct ide_channel *channel)
{
    u64 end = boot_us() + 10;

    port_out8(channel->control, CONTROL_RESET);
    while (boot_us() < end)
        continue;
    ata_interrupts(channel, 1);
    pause(channel);
    choose_master(channel, 0);
    ata_wait_ready(channel);
}

u32
ata_sectors(const struct ide_channel *channel)
{
    u16 answer[256];
    u64 end = boot_us() + READY_US;
    u32 i;

    choose_master(channel, 0);
    if (status_only(channel) == 0 || status_only(channel) == NOBODY)
        return 0;
    put(channel, COMMAND, COMMAND_IDENTIFY);
    pause(channel);
    while (ata_is_busy(channel))
        if (boot_us() > end)
            return 0;
    if ((get(channel, STATUS) & (STATUS_ERROR | STATUS_DATA)) != STATUS_DATA)
        return 0;
    for (i = 0; i < ARRAY_LEN(answer); i++)
        answer[i] = port_in16(channel->command + DATA);
    if ((answer[83] & 1u << 10) && (answer[102] | answer[103]) != 0)
        return 0xffffffff;
    if (answer[83] & 1u << 10)
        return answer[100] | (u32)answer[101] << 16;
    return answer[60] | (u32)answer[61] << 16;
}

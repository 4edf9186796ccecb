// ide.c -- the disk: primary IDE channel, master, bus-master DMA
//
// One request at a time, remembered in plated memory:
//
//   IDLE, ENDED, FAILED --ide_start, ide_flush--> BUSY
//   BUSY --look--> ENDED, FAILED
//
// The bounce buffer is scratch, lost at a power cut.  quiesce() ends what is in
// flight before a save, but whoever asked for a read may not have taken the
// data yet: recover() therefore reads again whatever was read last.
#include "boot/pc/parts.h"

#include "boot/pc/port.h"
#include "tender/error.h"

#define CLASS_IDE 0x0101u
#define PCI_COMMAND 0x04u
#define PCI_IO_AND_MASTER 0x05u
#define PCI_BAR4 0x20u

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

// Bus-master registers, from BAR4 on.
#define MASTER_COMMAND 0
#define MASTER_STATUS 2
#define MASTER_TABLE 4
#define MASTER_START 0x01
#define MASTER_TO_MEMORY 0x08
#define MASTER_FAILED 0x02
#define MASTER_INTERRUPT 0x04

#define SECTOR_BYTES 512u
#define SECTORS_MAX 128u
#define LBA28_END 0x10000000u
#define READY_US 1000000u
#define REQUEST_US 10000000u

enum phase { IDLE, BUSY, ENDED, FAILED };
enum request { REQUEST_READ, REQUEST_WRITE, REQUEST_FLUSH };

static struct {
    struct driver driver;
    struct disk_driver disk;
    void (*ended)(void *state);
    void *ended_state;
    u32 pci;
    u32 master; // I/O base of the bus master
    enum phase phase;
    enum request request;
    u32 sector, count;
    u64 deadline;
} ide;

struct region_descriptor {
    u32 pa;
    u32 bytes_and_end;
};
#define DESCRIPTOR_END 0x80000000u

static SCRATCH u8 bounce[SECTORS_MAX * SECTOR_BYTES]
    __attribute__((aligned(65536)));
static SCRATCH struct region_descriptor descriptor __attribute__((aligned(8)));

static u32
pa_of(const void *p)
{
    return (u32)p - RAM_BASE;
}

// Wait until the drive takes commands.
static int
wait_ready(void)
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

static u8
transfer_command(void)
{
    int wide = ide.sector + ide.count >= LBA28_END;

    if (ide.request == REQUEST_READ)
        return wide ? COMMAND_READ_48 : COMMAND_READ;
    return wide ? COMMAND_WRITE_48 : COMMAND_WRITE;
}

// Give the remembered request to the drive.
static int
issue(void)
{
    u16 master = (u16)ide.master;
    u8 direction = ide.request == REQUEST_READ ? MASTER_TO_MEMORY : 0;

    ide.phase = FAILED;
    if (wait_ready() < 0)
        return E_DISK;
    ide.deadline = boot_us() + REQUEST_US;
    ide.phase = BUSY;
    port_out8(master + MASTER_STATUS, MASTER_FAILED | MASTER_INTERRUPT);
    if (ide.request == REQUEST_FLUSH) {
        port_out8(DRIVE, 0xe0);
        pause();
        port_out8(COMMAND, COMMAND_FLUSH);
        pause();
        return 0;
    }
    descriptor.pa = pa_of(bounce);
    descriptor.bytes_and_end =
        (ide.count * SECTOR_BYTES & 0xffff) | DESCRIPTOR_END; // 64 KiB is 0
    port_out32(master + MASTER_TABLE, pa_of(&descriptor));
    port_out8(master + MASTER_COMMAND, direction);
    set_address(ide.sector, ide.count, ide.sector + ide.count >= LBA28_END);
    port_out8(COMMAND, transfer_command());
    port_out8(master + MASTER_COMMAND, direction | MASTER_START);
    return 0;
}

static void
reset_channel(void)
{
    u64 end = boot_us() + 10;

    port_out8(CONTROL, CONTROL_RESET);
    while (boot_us() < end)
        continue;
    port_out8(CONTROL, 0);
    pause();
    port_out8(DRIVE, 0xe0);
    pause();
    wait_ready();
}

// Has the request in flight ended?  Then note how, and acknowledge.
static void
look(void)
{
    u16 master = (u16)ide.master;
    u8 moved = port_in8(master + MASTER_STATUS);
    u8 status = port_in8(STATUS_ONLY);

    if ((status & STATUS_BUSY) ||
        (ide.request != REQUEST_FLUSH && (moved & MASTER_INTERRUPT) == 0)) {
        if (boot_us() > ide.deadline) {
            port_out8(master + MASTER_COMMAND, 0);
            reset_channel();
            ide.phase = FAILED;
        }
        return;
    }
    port_out8(master + MASTER_COMMAND, 0);
    status = port_in8(STATUS);
    port_out8(master + MASTER_STATUS, MASTER_FAILED | MASTER_INTERRUPT);
    ide.phase = ENDED;
    if ((status & (STATUS_ERROR | STATUS_FAULT)) || (moved & MASTER_FAILED))
        ide.phase = FAILED;
}

static int
ide_start(void *state, int write, u32 sector, u32 count)
{
    (void)state;
    if (ide.disk.sectors == 0)
        return E_NO_DISK;
    if (ide.phase == BUSY)
        return E_BUSY;
    if (count == 0 || count > SECTORS_MAX || sector >= ide.disk.sectors ||
        count > ide.disk.sectors - sector)
        return E_ARGUMENT;
    ide.request = write ? REQUEST_WRITE : REQUEST_READ;
    ide.sector = sector;
    ide.count = count;
    return issue();
}

static int
ide_flush(void *state)
{
    (void)state;
    if (ide.disk.sectors == 0)
        return E_NO_DISK;
    if (ide.phase == BUSY)
        return E_BUSY;
    ide.request = REQUEST_FLUSH;
    return issue();
}

static int
ide_done(void *state)
{
    (void)state;
    if (ide.phase == BUSY)
        look();
    if (ide.phase == FAILED)
        return E_DISK;
    return ide.phase != BUSY;
}

static int
identify(struct driver *driver)
{
    u32 address;
    u8 status;

    (void)driver;
    if (pci_find_class(CLASS_IDE, &address) < 0)
        return E_NO_DISK;
    port_out8(DRIVE, 0xe0);
    pause();
    status = port_in8(STATUS_ONLY);
    return status == 0xff || status == 0 ? E_NO_DISK : 0;
}

// The PCI configuration is as firmware left it, which may be new.
static int
enable_master(void)
{
    u32 command, bar;

    if (pci_find_class(CLASS_IDE, &ide.pci) < 0)
        return E_NO_DISK;
    command = pci_read(ide.pci, PCI_COMMAND) & 0xffff;
    pci_write(ide.pci, PCI_COMMAND, command | PCI_IO_AND_MASTER);
    bar = pci_read(ide.pci, PCI_BAR4);
    if ((bar & 1) == 0 || (bar & 0xfff0) == 0)
        return E_NO_DISK;
    ide.master = bar & 0xfff0;
    port_out8((u16)ide.master + MASTER_COMMAND, 0);
    return 0;
}

// Ask the drive how large it is; 0 if it is no disk.
static u32
ask_sectors(void)
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

static int
start(struct driver *driver)
{
    int err;

    (void)driver;
    ide.disk.sectors = 0;
    ide.phase = IDLE;
    if ((err = enable_master()) < 0)
        return err;
    reset_channel();
    ide.disk.sectors = ask_sectors();
    return ide.disk.sectors == 0 ? E_NO_DISK : 0;
}

static void
quiesce(struct driver *driver)
{
    (void)driver;
    while (ide.phase == BUSY)
        look();
}

static void
recover(struct driver *driver)
{
    enum phase phase = ide.phase;

    if (ide.disk.sectors == 0)
        return;
    if (enable_master() < 0) {
        ide.phase = FAILED;
        return;
    }
    reset_channel();
    if (phase == BUSY && ide.request == REQUEST_WRITE) {
        ide.phase = FAILED; // its data are gone; quiesce() prevents this
    } else if (phase == BUSY ||
               (phase == ENDED && ide.request == REQUEST_READ)) {
        issue();
        quiesce(driver);
    }
}

static void
interrupt(struct driver *driver)
{
    (void)driver;
    if (ide.phase != BUSY) {
        port_in8(STATUS); // somebody polled it to its end
        return;
    }
    look();
    if (ide.phase != BUSY && ide.ended != NULL)
        ide.ended(ide.ended_state);
}

struct driver *
ide_driver(void (*ended)(void *state), void *state)
{
    ide.ended = ended;
    ide.ended_state = state;
    ide.driver = (struct driver){"ide",   14,      identify,  start,
                                 quiesce, recover, interrupt, NULL};
    ide.disk =
        (struct disk_driver){NULL, 0, ide_start, ide_done, bounce, ide_flush};
    return &ide.driver;
}

struct disk_driver *
ide_disk(void)
{
    return &ide.disk;
}

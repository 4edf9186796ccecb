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
#include "boot/pc/ide.h"

#include "tender/error.h"

#define REQUEST_US 10000000u

enum phase { IDLE, BUSY, ENDED, FAILED };
enum request { REQUEST_READ, REQUEST_WRITE, REQUEST_FLUSH };

static struct {
    struct driver driver;
    struct disk_driver disk;
    void (*ended)(void *state);
    void *ended_state;
    enum phase phase;
    enum request request;
    u32 sector, count;
    u64 deadline;
} ide;

// What is remembered is mapped, and true of the drive in this boot.
static SCRATCH int is_started;

// Give the remembered request to the drive.  A power cut anywhere in here leaves
// a phase from which recover() gives it again.
static int
issue(void)
{
    int to_memory = ide.request == REQUEST_READ;
    struct block_piece whole = {(u32)ide_buffer - RAM_BASE,
                                ide.count * SECTOR_BYTES};

    if (ata_wait_ready(&ide_primary) < 0) {
        ide.phase = FAILED;
        return E_DISK;
    }
    ide.deadline = boot_us() + REQUEST_US;
    ide.phase = BUSY;
    ide_dma_clear(&ide_primary);
    if (ide.request == REQUEST_FLUSH) {
        ata_flush(&ide_primary);
        return 0;
    }
    ide_dma_prepare(&ide_primary, to_memory, &whole, 1);
    ata_transfer(&ide_primary, !to_memory, ide.sector, ide.count);
    ide_dma_go(&ide_primary, to_memory);
    return 0;
}

// Has the request in flight ended?  Then note how, and acknowledge.
static void
look(void)
{
    u32 moved = ide_dma_status(&ide_primary);

    if (ata_is_busy(&ide_primary) ||
        (ide.request != REQUEST_FLUSH && (moved & MASTER_INTERRUPT) == 0)) {
        if (boot_us() > ide.deadline) {
            ide_dma_stop(&ide_primary);
            ata_reset(&ide_primary);
            ide.phase = FAILED;
        }
        return;
    }
    ide_dma_stop(&ide_primary);
    int err = ata_acknowledge(&ide_primary);

    ide_dma_clear(&ide_primary);
    ide.phase = err < 0 || (moved & MASTER_FAILED) ? FAILED : ENDED;
}

static int
ide_start(void *state, int write, u32 sector, u32 count)
{
    (void)state;
    if (ide.disk.sectors == 0)
        return E_NO_DISK;
    if (ide.phase == BUSY)
        return E_BUSY;
    if (count == 0 || count > IDE_SECTORS_MAX || sector >= ide.disk.sectors ||
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
    (void)driver;
    return ide_dma_is_there() && ata_is_there(&ide_primary) ? 0 : E_NO_DISK;
}

static int
start(struct driver *driver)
{
    int err;

    (void)driver;
    ide.disk.sectors = 0;
    ide.phase = IDLE;
    is_started = 1;
    if ((err = ide_dma_enable()) < 0)
        return err;
    ata_reset(&ide_primary);
    ide.disk.sectors = ata_sectors(&ide_primary);
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

    is_started = 1;
    if (ide.disk.sectors == 0)
        return;
    if (ide_dma_enable() < 0) {
        ide.phase = FAILED;
        return;
    }
    ata_reset(&ide_primary);
    if (phase == BUSY && ide.request == REQUEST_WRITE) {
        ide.phase = FAILED; // its data are gone; quiesce() prevents this
    } else if (phase == BUSY ||
               (phase == ENDED && ide.request == REQUEST_READ)) {
        issue();
        quiesce(driver);
    }
}

// Whoever waits for the request is woken here: its interrupt will not come, or
// find nothing to do.
void
ide_finish(void)
{
    if (!is_started || ide.phase != BUSY)
        return;
    quiesce(&ide.driver);
    if (ide.ended != NULL)
        ide.ended(ide.ended_state);
}

static void
interrupt(struct driver *driver)
{
    (void)driver;
    if (ide.phase != BUSY) {
        ata_acknowledge(&ide_primary); // somebody polled it to its end
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
    ide.disk = (struct disk_driver){NULL,     0,          ide_start,
                                    ide_done, ide_buffer, ide_flush};
    return &ide.driver;
}

struct disk_driver *
ide_disk(void)
{
    return &ide.disk;
}

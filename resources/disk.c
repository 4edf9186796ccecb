// disk.c -- the files of the boot disk
//
// One operation at a time owns the disk, the cache and the bounce buffer; the
// others wait.  A transfer is waited for in wait_on(), and done() is
// asked again after every wake and at least every POLL_MS: a save may complete
// the transfer without an interrupt.  Where nothing may wait (before the first
// execution runs) done() is polled.
//
// The bounce buffer need not survive a power cut, the cache does.  What was
// in flight when a save came is read again by the driver's recover().
#include "resources/disk.h"

#include "tender/assert.h"
#include "tender/disk_read.h"
#include "tender/machine.h"
#include "tender/text.h"
#include "tender/wait.h"

#define OWNER_CHANNEL KIND_ID(KIND_DISK)
#define TRANSFER_CHANNEL (KIND_ID(KIND_DISK) | 0x80000000u)
#define POLL_MS 100u
#define TRANSFER_US 15000000u // then the disk does not answer
#define POLLS 200000000u      // the same where the clock stands still

#define MBR_PARTITION_1 446u
#define MBR_SIGNATURE 510u
#define TYPE_LINUX 0x83u

void
disk_interrupt(struct disk *disk)
{
    wait_wake(disk->gate, TRANSFER_CHANNEL, 1);
}

// --- sectors ---

// Wait for the transfer in flight.  Also a killed process waits for its end,
// polling: the bounce buffer must be quiet before another one gets it.
static int
wait_transfer(struct disk *disk)
{
    u64 end_us = machine_now_us() + TRANSFER_US;
    int killed = 0;
    int done;

    for (u32 polls = 0; (done = disk->driver->done(disk->driver->state)) == 0;
         polls++) {
        if (polls > POLLS || machine_now_us() > end_us)
            return E_DISK;
        if (!killed &&
            wait_on(disk->gate, TRANSFER_CHANNEL, POLL_MS) == E_KILLED)
            killed = 1;
    }
    if (done < 0)
        return E_DISK;
    return killed ? E_KILLED : 0;
}

// Sectors of the whole disk into the bounce buffer.
static int
fetch(struct disk *disk, u32 sector, u32 count)
{
    struct disk_driver *driver = disk->driver;

    if (sector >= driver->sectors || count > driver->sectors - sector)
        return E_DAMAGED;
    int err = driver->start(driver->state, 0, sector, count);

    disk->transfers++;
    return err < 0 ? err : wait_transfer(disk);
}

static struct disk_line *
find_line(struct disk *disk, u32 sector)
{
    for (u32 i = 0; i < DISK_CACHE_LINES; i++)
        if (disk->lines[i].valid && disk->lines[i].sector == sector)
            return &disk->lines[i];
    return NULL;
}

static struct disk_line *
oldest_line(struct disk *disk)
{
    struct disk_line *oldest = &disk->lines[0];

    for (u32 i = 0; i < DISK_CACHE_LINES; i++) {
        if (!disk->lines[i].valid)
            return &disk->lines[i];
        if ((int)(disk->lines[i].used - oldest->used) < 0)
            oldest = &disk->lines[i];
    }
    return oldest;
}

// The cache line of a sector of the partition.
static int
get_line(struct disk *disk, u32 sector, struct disk_line **result)
{
    u32 start = sector - sector % DISK_LINE_SECTORS;
    struct disk_line *line = find_line(disk, start);

    if (line == NULL) {
        u32 count = MIN(DISK_LINE_SECTORS, disk->sectors - start);
        int err = fetch(disk, disk->first + start, count);

        if (err < 0)
            return err;
        line = oldest_line(disk);
        line->sector = start;
        line->valid = 1;
        memset(line->bytes, 0, sizeof(line->bytes));
        memcpy(line->bytes, disk->driver->buffer, count * EXT2_SECTOR);
    }
    line->used = ++disk->uses;
    *result = line;
    return 0;
}

// What ext2.c reads by: the unit never crosses a line.
static int
read_unit(void *state, u32 sector, u32 sectors, u32 offset, void *to, u32 bytes)
{
    struct disk *disk = state;
    struct disk_line *line;

    ASSERT(sectors > 0 && sectors <= DISK_LINE_SECTORS);
    ASSERT(sector % sectors == 0 && DISK_LINE_SECTORS % sectors == 0);
    if (sector >= disk->sectors || sectors > disk->sectors - sector)
        return E_DAMAGED;
    int err = get_line(disk, sector, &line);

    if (err < 0)
        return err;
    offset += sector % DISK_LINE_SECTORS * EXT2_SECTOR;
    ASSERT(offset + bytes <= DISK_LINE_BYTES);
    memcpy(to, line->bytes + offset, bytes);
    return 0;
}

// --- the file system ---

static u32
get32(const u8 *at)
{
    return at[0] | (u32)at[1] << 8 | (u32)at[2] << 16 | (u32)at[3] << 24;
}

// Where partition 1 lies, from the sector in the bounce buffer.
static int
read_partition(struct disk *disk)
{
    const u8 *mbr = disk->driver->buffer;
    const u8 *partition = mbr + MBR_PARTITION_1;

    if (mbr[MBR_SIGNATURE] != 0x55 || mbr[MBR_SIGNATURE + 1] != 0xaa ||
        partition[4] != TYPE_LINUX)
        return E_PARTITION;
    u32 first = get32(partition + 8);
    u32 sectors = get32(partition + 12);

    if (first == 0 || first >= disk->driver->sectors || sectors == 0 ||
        sectors > disk->driver->sectors - first)
        return E_PARTITION;
    disk->first = first;
    disk->sectors = sectors;
    return 0;
}

static int
mount(struct disk *disk)
{
    if (disk->driver == NULL || disk->driver->sectors == 0)
        return E_NO_DISK;
    if (disk->mounted)
        return 0;
    for (u32 i = 0; i < DISK_CACHE_LINES; i++)
        disk->lines[i].valid = 0;
    int err = fetch(disk, 0, 1);

    if (err == 0)
        err = read_partition(disk);
    if (err == 0)
        err = ext2_mount(&disk->fs, read_unit, disk, disk->sectors);
    disk->mounted = err == 0;
    return err;
}

static int
begin(struct disk *disk)
{
    while (disk->busy) {
        int err = wait_on(disk->gate, OWNER_CHANNEL, 0);

        if (err < 0) {
            if (!disk->busy)
                wait_wake(disk->gate, OWNER_CHANNEL, 1); // meant for another
            return err;
        }
    }
    disk->busy = 1;
    return 0;
}

static void
end(struct disk *disk)
{
    disk->busy = 0;
    wait_wake(disk->gate, OWNER_CHANNEL, 1);
}

static int
read_file(struct disk *disk, const struct disk_read *read)
{
    struct ext2_file file;
    int err = mount(disk);

    if (err == 0)
        err = ext2_find(&disk->fs, read->path, &file);
    if (err < 0)
        return err;
    if (file.directory)
        return E_FILE;
    return ext2_read(&disk->fs, &file, read->offset, read->buffer, read->bytes);
}

static int
is_dot(const struct ext2_name *name)
{
    return text_equal(name->name, ".") || text_equal(name->name, "..");
}

// The index-th name of a directory, not counting . and ..
static int
read_name(struct disk *disk, const char *path, u32 index,
          struct disk_name *result)
{
    struct ext2_file file;
    struct ext2_name name;
    u32 offset = 0;
    int err = mount(disk);

    if (err == 0)
        err = ext2_find(&disk->fs, path, &file);
    while (err == 0) {
        err = ext2_next(&disk->fs, &file, &offset, &name);
        if (err == 0 && !is_dot(&name) && index-- == 0)
            break;
    }
    if (err < 0)
        return err;
    memset(result, 0, sizeof(*result));
    text_copy(result->name, name.name, NAME_MAX);
    err = ext2_open(&disk->fs, name.inode, &file);
    if (err == 0) {
        result->bytes = file.bytes;
        result->directory = file.directory;
    }
    return err == E_FILE ? 0 : err; // a device or a link: only a name
}

static int
list(struct disk *disk, const struct call *call)
{
    char path[NAME_MAX];
    struct disk_name name;
    int err = call_name(disk->gate, call, call->arg[1], path);

    if (err == 0)
        err = begin(disk);
    if (err < 0)
        return err;
    err = read_name(disk, path, (u32)call->arg[2], &name);
    end(disk);
    if (err < 0)
        return err;
    return call_out(disk->gate, call, call->arg[3], &name, sizeof(name));
}

static int
read_inode(struct disk *disk, struct disk_inode *what)
{
    int err = mount(disk);

    return err < 0 ? err : disk_inode_answer(&disk->fs, what);
}

static int
control(void *state, struct call *call)
{
    struct disk *disk = state;

    if (call->arg[0] == DISK_LIST)
        return list(disk, call);
    if (call->arg[0] != DISK_READ_FILE && call->arg[0] != DISK_INODE)
        return E_ARGUMENT;
    if (call->caller != RID_NONE)
        return E_KERNEL;
    int err = begin(disk);

    if (err < 0)
        return err;
    if (call->arg[0] == DISK_INODE)
        err = read_inode(disk, (struct disk_inode *)call->arg[1]);
    else
        err = read_file(disk, (const struct disk_read *)call->arg[1]);
    end(disk);
    return err;
}

// --- the kind ---

u32
disk_bytes(void)
{
    return DISK_CACHE_LINES * (u32)sizeof(struct disk_line);
}

void
disk_init(struct disk *disk, struct gate *gate, void *memory, u32 bytes)
{
    struct kind row = {.name = "disk",
                       .state = disk,
                       .program = {[OP_CONTROL] = control},
                       .user_kind = 1u << OP_CONTROL};

    ASSERT(bytes >= disk_bytes());
    memset(disk, 0, sizeof(*disk));
    disk->gate = gate;
    disk->lines = memory;
    gate_register(gate, KIND_DISK, &row);
}

void
disk_attach(struct disk *disk, struct disk_driver *driver)
{
    disk->driver = driver;
    disk_recovered(disk);
}

void
disk_recovered(struct disk *disk)
{
    disk->mounted = 0;
}

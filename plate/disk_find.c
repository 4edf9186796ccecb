// disk_find.c -- what a boot finds on the plate disk, and the decision
//
// Nothing is written here: whatever is found, state is never given up unless
// nv=cold asks for it or there is none.
#include "plate/disk.h"

#include "tender/crc.h"
#include "tender/ram.h"
#include "tender/text.h"

// What must at least fit: two saves' tables and headers, and a few plates.
#define SMALLEST_BLOCKS 256u

static u32
overhead(const struct layout *layout)
{
    return DISK_DATA_BLOCK +
           3 * (layout->slot_pages + disk_header_pages(layout));
}

// The header, the commit sectors; 0 or an error of the drive.
static int
read_sectors(struct disk_store *d, struct disk_header *header)
{
    int err = disk_sector(d, 0, 0, header);

    for (u32 i = 0; i < 2 && err == 0; i++)
        err = disk_sector(d, 0, DISK_COMMIT_BLOCK + i, &d->commit[i]);
    return err;
}

// On the first disk that is there: if a plate disk has lost its partitions, or
// cannot be read, the one on the boot disk is not what anybody wants instead.
static int
find_partition(struct disk_store *d, const struct block_device *const device[],
               u32 devices)
{
    int err = E_NO_DISK;

    for (u32 i = 0; i < devices && err == E_NO_DISK; i++) {
        d->device = device[i];
        err = partition_find(device[i], TYPE_PERMANENT_UNITS, d->sink_pa,
                             &d->partition);
    }
    return err;
}

const char *
disk_open(struct disk_store *d, const struct block_device *const device[],
          u32 devices, u32 buffer_pa, const struct layout *layout,
          const struct limits *limits, u32 build)
{
    u64 (*now_us)(void) = d->now_us;

    memset(d, 0, sizeof(*d));
    d->now_us = now_us;
    d->buffer_pa = buffer_pa;
    d->sink_pa = buffer_pa + (DISK_BUFFER_PAGES - 1) * PAGE_SIZE;
    d->layout = layout;
    d->limits = limits;
    d->build = build;
    d->memory_pages = layout->memory_pages;
    switch (find_partition(d, device, devices)) {
    case 0:
        break;
    case E_DISK:
        return "the plate disk does not answer or reports an error";
    case E_NO_DISK:
        return "there is no disk";
    case E_ARGUMENT:
        return "the partition for permanent units (type 7e) is larger than "
               "its disk";
    default:
        return "there is no partition for permanent units (type 7e) on the "
               "plate disk, or without one, on the boot disk; tools/mkplates "
               "makes a plate disk";
    }
    d->blocks.end = MIN(d->partition.sectors / BLOCK_SECTORS, BLOCKS_MAX);
    disk_use_nothing(d);
    if (d->blocks.end < overhead(layout) + SMALLEST_BLOCKS)
        return "the partition for permanent units is too small for the "
               "tables of this machine";
    return NULL;
}

u32
disk_room(const struct disk_store *d)
{
    return (d->blocks.end - overhead(d->layout)) / 2;
}

// What is wrong with a header that is one, as text; or 0.
static int
check_header(const struct disk_store *d, const struct disk_header *header,
             struct decision *decision)
{
    if (header->crc != crc_add(0, header, offsetof(struct disk_header, crc)))
        decide_as(decision, OUTCOME_REFUSE,
                  "the header of the permanent units is damaged (its "
                  "checksum does not fit); " COLD_HINT);
    else if (header->format != DISK_FORMAT)
        decide_as(
            decision, OUTCOME_REFUSE,
            "the permanent units are of format version %u and this kernel "
            "knows version %u; " COLD_HINT,
            header->format, DISK_FORMAT);
    else if (header->signature != d->partition.signature ||
             header->first != d->partition.first ||
             header->sectors != d->partition.sectors)
        decide_as(decision, OUTCOME_REFUSE,
                  "the permanent units belong to another disk or "
                  "partition (a copied one?); " COLD_HINT);
    else if (header->memory_pages != d->memory_pages)
        decide_as(
            decision, OUTCOME_REFUSE,
            "the permanent units are of a machine with %u MiB and this one "
            "has %u MiB; " COLD_HINT,
            header->memory_pages / 256, d->memory_pages / 256);
    else if (header->build != d->build)
        decide_as(
            decision, OUTCOME_REFUSE,
            "the permanent units belong to kernel build %08x and this is build "
            "%08x; boot that kernel to go on with them; " COLD_HINT,
            header->build, d->build);
    else if (memcmp(&header->limits, d->limits, sizeof(*d->limits)) != 0)
        decide_as(
            decision, OUTCOME_REFUSE,
            "the permanent units are of tables of other sizes; " COLD_HINT);
    else
        return 0;
    return E_ARGUMENT;
}

static int
is_zero(const void *sector)
{
    const u8 *b = sector;

    for (u32 i = 0; i < SECTOR_BYTES; i++)
        if (b[i] != 0)
            return 0;
    return 1;
}

const struct disk_commit *
disk_commit_below(const struct disk_store *d, u32 limit)
{
    const struct disk_commit *found = NULL;

    for (u32 i = 0; i < 2; i++) {
        const struct disk_commit *c = &d->commit[i];

        if (c->magic != DISK_COMMIT_MAGIC || c->crc != disk_commit_crc(c) ||
            c->build != d->build || c->generation == 0 ||
            c->generation > GENERATION_MAX)
            continue;
        if (c->generation < limit &&
            (found == NULL || c->generation > found->generation))
            found = c;
    }
    return found;
}

// Was the first commit torn?  Then one end of it is still zeros.
static int
is_torn_first(const struct disk_commit *c)
{
    return c->magic == 0 || c->crc == 0;
}

// Neither commit sector is whole.  Zeros are what giving up saves leaves.
static void
decide_without(const struct disk_store *d, struct decision *decision,
               enum nv_option wish)
{
    const struct disk_commit *c = d->commit;
    int none = (is_zero(&c[0]) && is_torn_first(&c[1])) ||
               (is_zero(&c[1]) && is_torn_first(&c[0]));

    if (!none) {
        decide_as(
            decision, OUTCOME_REFUSE,
            "no commit sector of the permanent units is whole; " COLD_HINT);
    } else if (wish == NV_RESTORE) {
        decide_as(decision, OUTCOME_REFUSE,
                  "nv=restore was asked for and there is no save on the "
                  "plate disk; boot with nv=auto");
    } else {
        decide_as(decision, OUTCOME_COLD,
                  "the plate disk holds no complete save");
    }
}

static void
decide_saved(const struct disk_store *d, struct decision *decision,
             enum nv_option wish)
{
    const struct disk_commit *c = disk_commit_below(d, -1u);

    if (c == NULL) {
        decide_without(d, decision, wish);
        return;
    }
    decision->generation = c->generation;
    decide_as(decision, OUTCOME_RESTORE, "%s; the plate disk has save %u",
              c->flag == FLAG_NORMAL ? "it was shut down" : "the power was cut",
              c->generation);
}

// A drive that reports an error may answer the next time, so another save is
// taken only if that is asked for; damage stays.
void
disk_fall_back(const struct disk_store *d, struct decision *decision,
               enum nv_option wish, int err)
{
    u32 failed = decision->generation;
    const struct disk_commit *c = disk_commit_below(d, failed);

    if (err != E_PLATE_DAMAGED && wish != NV_RESTORE) {
        decide_as(decision, OUTCOME_REFUSE,
                  "save %u cannot be read: %s; reset to try again%s", failed,
                  error_sentence(err),
                  c == NULL ? ""
                            : ", or boot with nv=restore to go back further");
        return;
    }
    if (c == NULL) {
        decide_as(
            decision, OUTCOME_REFUSE,
            "save %u cannot be restored: %s; there is no whole save before "
            "it; " COLD_HINT,
            failed, error_sentence(err));
        return;
    }
    decision->generation = c->generation;
    decide_as(decision, OUTCOME_RESTORE,
              "save %u cannot be restored: %s; the plate disk has save %u",
              failed, error_sentence(err), c->generation);
}

// Without a commit there is nothing to lose, whatever the header says, unless
// the partition holds something of somebody else.
static int
is_unused(const struct disk_store *d, const struct disk_header *header)
{
    return (header->magic == 0 || header->magic == DISK_MAGIC) &&
           is_zero(&d->commit[0]) && is_zero(&d->commit[1]);
}

// What the header says: 0, or the decision is made.
static int
decide_by_header(struct disk_store *d, struct decision *decision,
                 const struct disk_header *header, enum nv_option wish)
{
    if (is_unused(d, header) && wish == NV_RESTORE) {
        decide_as(decision, OUTCOME_REFUSE,
                  "nv=restore was asked for and there is no save on the "
                  "plate disk; boot with nv=auto");
    } else if (is_unused(d, header)) {
        decide_as(decision, OUTCOME_COLD, "the plate disk holds no save");
    } else if (header->magic != DISK_MAGIC) {
        decide_as(decision, OUTCOME_REFUSE,
                  "the partition for permanent units holds something else, "
                  "or its header is damaged; " COLD_HINT);
    } else {
        return d->formatted ? 0 : E_ARGUMENT; // check_header() has said why
    }
    return E_ARGUMENT;
}

void
disk_decide(struct disk_store *d, struct decision *decision,
            enum nv_option wish)
{
    struct disk_header header;

    memset(decision, 0, sizeof(*decision));
    int err = read_sectors(d, &header);

    const struct disk_commit *newest =
        err == 0 ? disk_commit_below(d, -1u) : NULL;

    d->turn = newest == &d->commit[0]; // the next save goes to the other one
    if (err == 0)
        d->formatted = header.magic == DISK_MAGIC &&
                       check_header(d, &header, decision) == 0;
    if (err < 0) {
        decide_as(decision, OUTCOME_REFUSE, "%s", error_sentence(err));
    } else if (wish == NV_CONTINUE) {
        decide_as(decision, OUTCOME_REFUSE,
                  "nv=continue was asked for, but with plate=disk memory "
                  "is lost at power off; nv=auto restores the last save");
    } else if (wish == NV_COLD) {
        decide_as(decision, OUTCOME_COLD, "nv=cold was asked for");
    } else if (decide_by_header(d, decision, &header, wish) == 0) {
        decide_saved(d, decision, wish);
    }
}

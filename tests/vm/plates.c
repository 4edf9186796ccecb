// plates.c -- look at and damage the plate disk of a machine
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plates.h"
#include "tender/crc.h"
#include "tender/page_sum.h"
#include "tender/table.h"

#define PARTITION_FIRST 454u // bytes of sector 0, of partition 1
#define TYPE_RAW 0x7e
#define SECTOR 512u
#define ENTRY_BYTES 16u

void
plates_make(const char *path, const char *options)
{
    char command[300];

    snprintf(command, sizeof(command), "tools/mkplates -o %s %s", path,
             options);
    unlink(path);
    if (system(command) != 0) {
        fprintf(stderr, "%s failed\n", command);
        exit(1);
    }
}

u64
plates_at(const struct plates_disk *disk, u32 block)
{
    return disk->at + (u64)block * BLOCK_BYTES;
}

// The partition for permanent units is the first of its type.
void
plates_open(struct plates_disk *disk, const char *path)
{
    u32 entry = MBR_TYPE;
    u32 place[2];
    u8 type = 0;

    memset(disk, 0, sizeof(*disk));
    disk->path = path;
    for (u32 i = 0; i < 4 && type != TYPE_RAW; i++, entry += ENTRY_BYTES)
        nv_read(path, entry, &type, 1);
    entry -= ENTRY_BYTES;
    nv_read(path, entry + PARTITION_FIRST - MBR_TYPE, place, sizeof(place));
    disk->at = (u64)place[0] * SECTOR;
    disk->blocks = place[1] / (BLOCK_BYTES / SECTOR);
    nv_read(path, disk->at, &disk->header, sizeof(disk->header));
    for (u32 i = 0; i < 2; i++)
        nv_read(path, plates_at(disk, DISK_COMMIT_BLOCK + i), &disk->commit[i],
                sizeof(disk->commit[i]));
}

void
plates_put_header(struct plates_disk *disk)
{
    disk->header.crc =
        crc_add(0, &disk->header, offsetof(struct disk_header, crc));
    nv_write(disk->path, disk->at, &disk->header, sizeof(disk->header));
}

bool
plates_is_whole(const struct disk_commit *c)
{
    return c->magic == DISK_COMMIT_MAGIC &&
           c->crc == crc_add(0, c, offsetof(struct disk_commit, crc));
}

int
plates_newest(const struct plates_disk *disk)
{
    int newest = -1;

    for (int i = 0; i < 2; i++)
        if (plates_is_whole(&disk->commit[i]) &&
            (newest < 0 ||
             disk->commit[i].generation > disk->commit[newest].generation))
            newest = i;
    return newest;
}

int
plates_before(const struct plates_disk *disk)
{
    int newest = plates_newest(disk);

    return newest >= 0 && plates_is_whole(&disk->commit[!newest]) ? !newest
                                                                  : -1;
}

u32
plates_generation(const struct plates_disk *disk)
{
    int newest = plates_newest(disk);

    return newest < 0 ? 0 : disk->commit[newest].generation;
}

// --- a whole save ---

// A page, wherever it lies; false if its checksum does not fit.
static bool
read_page(const struct plates_disk *disk, const struct disk_page *page, u8 *to)
{
    if (page->block == 0) {
        memset(to, 0, BLOCK_BYTES);
        return true;
    }
    if (page->block < DISK_DATA_BLOCK || page->block >= disk->blocks)
        return false;
    nv_read(disk->path, plates_at(disk, page->block), to, BLOCK_BYTES);
    return page_sum(to) == page->sum;
}

static const char *
load_header(const struct plates_disk *disk, const struct disk_commit *c,
            struct plates_save *save, u32 table_pages[BOOTSTRAP_TABLES])
{
    u32 most = sizeof(c->header) / sizeof(c->header[0]);
    u8 *bytes = calloc(most, BLOCK_BYTES);
    struct disk_save *header = (void *)bytes;
    u32 n = 0;

    while (n < most && c->header[n] != 0) {
        nv_read(disk->path, plates_at(disk, c->header[n]),
                bytes + n * BLOCK_BYTES, BLOCK_BYTES);
        n++;
    }
    if (n == 0 || crc_add(0, bytes, n * BLOCK_BYTES) != c->header_crc ||
        header->magic != DISK_SAVE_MAGIC || header->generation != c->generation)
        return "its header is damaged";
    memcpy(table_pages, header->table_pages, sizeof(header->table_pages));
    for (u32 t = 0; t < BOOTSTRAP_TABLES; t++)
        save->tables += table_pages[t];
    save->table = calloc(save->tables, sizeof(struct disk_page));
    memcpy(save->table, bytes + BLOCK_BYTES,
           save->tables * sizeof(struct disk_page));
    save->generation = c->generation;
    save->after = c->header[n - 1] + 1;
    free(bytes);
    return NULL;
}

// All pages of plates, from the table of permanent units, whose pages are here.
static void
load_maps(const struct plates_disk *disk, u8 *table, struct plates_save *save)
{
    const struct punit_head *head = (void *)table;
    const struct disk_page *map =
        (void *)(table + table_bytes(sizeof(struct punit_head),
                                     sizeof(struct punit_entry),
                                     disk->header.limits.punits));
    const struct res *res;
    u32 i = 0;

    save->page = calloc(head->pages + 1, sizeof(struct disk_page));
    while ((res = table_next(&head->table, &i)) != NULL) {
        const struct punit_entry *unit = (const void *)res;

        for (u32 n = unit->first; n < unit->first + unit->pages; n++)
            if (map[n].block != 0)
                save->page[save->pages++] = map[n];
    }
}

const char *
plates_load(const struct plates_disk *disk, int sector,
            struct plates_save *save)
{
    u32 table_pages[BOOTSTRAP_TABLES];
    u8 page[BLOCK_BYTES], *units;
    u32 first;
    bool good = true;

    memset(save, 0, sizeof(*save));
    const char *wrong =
        load_header(disk, &disk->commit[sector], save, table_pages);

    if (wrong != NULL)
        return wrong;
    first = save->tables - table_pages[TABLE_PUNIT];
    units = calloc(table_pages[TABLE_PUNIT], BLOCK_BYTES);
    for (u32 n = 0; n < save->tables; n++)
        good &= read_page(
            disk, &save->table[n],
            n < first ? page : units + (size_t)(n - first) * BLOCK_BYTES);
    if (!good)
        return "a table page is damaged";
    load_maps(disk, units, save);
    free(units);
    for (u32 n = 0; n < save->pages; n++)
        good &= read_page(disk, &save->page[n], page);
    return good ? NULL : "a page of a plate is damaged";
}

void
plates_unload(struct plates_save *save)
{
    free(save->table);
    free(save->page);
}

// disk_mutant.c -- the simulated drive with planted bugs
#include "disk_mutant.h"

#include "bytes.h"
#include "host_disk.h"
#include "tender/machine.h"
#include "tender/table.h"
#include "vspace/paging.h"

#define LATE_PAGES 512u
#define COMMIT_FIRST (HOST_DISK_FIRST + DISK_COMMIT_BLOCK * BLOCK_SECTORS)
#define DATA_FIRST (HOST_DISK_FIRST + DISK_DATA_BLOCK * BLOCK_SECTORS)

// Nothing here may call memcpy() or memset(): they are traced.
#pragma GCC optimize("no-tree-loop-distribute-patterns")

u32 disk_mutant_flushes;
u32 disk_mutant_writes;

static struct disk_mutant mutant;
static struct block_device drive; // as it was
static int committed;             // a commit sector since the last flush

static struct late {
    u32 sector;
    u32 word[PAGE_SIZE / 4];
} late[LATE_PAGES];
static u32 lates;

// --- data behind the commit sector ---

static void
keep_for_later(u32 sector, const struct block_piece *piece, u32 pieces)
{
    for (u32 i = 0; i < pieces; i++) {
        if (lates == LATE_PAGES)
            fake_fail("a mutant keeps more than %u pages", LATE_PAGES);
        late[lates].sector = sector + i * BLOCK_SECTORS;
        for (u32 n = 0; n < PAGE_SIZE / 4; n++)
            late[lates].word[n] = fake_get(piece[i].pa + n * 4);
        lates++;
    }
}

static void
write_late(void)
{
    const struct block_piece piece = {kernel_disk->sink_pa, PAGE_SIZE};

    for (u32 i = 0; i < lates; i++) {
        for (u32 n = 0; n < PAGE_SIZE / 4; n++)
            fake_put(piece.pa + n * 4, late[i].word[n]);
        drive.transfer(drive.state, 1, late[i].sector, &piece, 1);
    }
    lates = 0;
}

// --- the door ---

static int
is_commit(u32 sector)
{
    return sector >= COMMIT_FIRST && sector < DATA_FIRST;
}

static void
make_believable(u32 pa)
{
    struct disk_commit commit;
    u32 *word = (u32 *)(void *)&commit;

    for (u32 i = 0; i < sizeof(commit) / 4; i++)
        word[i] = fake_get(pa + i * 4);
    if (commit.magic == DISK_COMMIT_MAGIC)
        fake_put(pa + offsetof(struct disk_commit, crc),
                 disk_commit_crc(&commit));
}

static int
read_wrongly(void *state, u32 sector, const struct block_piece *piece,
             u32 pieces)
{
    int err = drive.transfer(state, 0, sector, piece, pieces);

    if (err == 0 && mutant.believe && is_commit(sector))
        make_believable(piece->pa);
    return err;
}

static int
transfer(void *state, int write, u32 sector, const struct block_piece *piece,
         u32 pieces)
{
    if (!write)
        return read_wrongly(state, sector, piece, pieces);
    if (++disk_mutant_writes == mutant.write)
        return 0;
    if (mutant.late && sector >= DATA_FIRST) {
        keep_for_later(sector, piece, pieces);
        return 0;
    }
    committed = is_commit(sector);
    if (mutant.one_sector && committed)
        sector = COMMIT_FIRST;
    return drive.transfer(state, 1, sector, piece, pieces);
}

static int
flush(void *state)
{
    if (++disk_mutant_flushes == mutant.flush)
        return 0;
    int err = drive.flush(state);

    if (err < 0 || !committed || lates == 0)
        return err;
    committed = 0;
    write_late();
    return drive.flush(state);
}

void
disk_mutate(struct disk_mutant what)
{
    struct block_device *device = medium_device();

    mutant = what;
    disk_mutant_flushes = 0;
    disk_mutant_writes = 0;
    committed = 0;
    lates = 0;
    if (drive.transfer == NULL)
        drive = *device;
    device->transfer = transfer;
    device->flush = flush;
}

void
disk_mutate_end(void)
{
    struct block_device *device = medium_device();

    if (drive.transfer == NULL)
        return;
    device->transfer = drive.transfer;
    device->flush = drive.flush;
}

// --- between two saves ---

void
disk_mutate_used(void)
{
    bytes_fill(kernel_disk->blocks.used, 0, sizeof(kernel_disk->blocks.used));
}

void
disk_mutate_kept(void)
{
    bytes_fill(kernel_disk->blocks.kept, 0, sizeof(kernel_disk->blocks.kept));
}

static void
take_for_clean(u32 directory, u32 va)
{
    u32 *pte = paging_entry(directory, va);

    poke_word(pte, peek_word(pte) & ~PTE_DIRTY);
}

// Translations remember that they are changed: the entries will not be told
// again.
void
disk_mutate_map(void)
{
    const struct layout *layout = kernel_layout();
    u32 va = layout->table_va[TABLE_PUNIT];

    for (u32 i = 0; i < layout->table_pages[TABLE_PUNIT]; i++) {
        u32 *word = kernel_at(va);

        poke_word(word, peek_word(word));
        take_for_clean(layout->kernel_directory_pa, va);
        va += PAGE_SIZE;
    }
}

// Pages whose block was given up are in none: they must be changed.
static void
forget_changes(const struct plate_entry *plate)
{
    struct plates *p = &kernel()->plates;
    const struct space_entry *e = plate_space(p, plate->space);
    const struct disk_page *map = punit_map(p->punits, plate->area[0]);
    u32 directory = space_directory(
        rid_kind(plate->space) == KIND_VKSPACE ? p->vk : p->vu, e);

    for (u32 page = 0; page < plate->pages; page++)
        if (map[page].block == 0) {
            take_for_clean(directory, e->va + page * PAGE_SIZE);
            machine_invalidate(e->va + page * PAGE_SIZE);
        }
}

void
disk_mutate_abandoned(void)
{
    struct plates *p = &kernel()->plates;
    const struct res *res;

    for (u32 i = 0; (res = table_next(&p->head->table, &i)) != NULL;)
        forget_changes((const void *)res);
}

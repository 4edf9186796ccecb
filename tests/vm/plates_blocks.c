// plates_blocks.c -- which blocks of a plate disk its saves name
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plates.h"

static bool
names(const struct disk_page *page, u32 pages, u32 block)
{
    for (u32 i = 0; i < pages; i++)
        if (page[i].block == block)
            return true;
    return false;
}

u32
plates_own_page(const struct plates_save *save, const struct plates_save *other)
{
    for (u32 i = 0; i < save->pages; i++)
        if (!names(other->page, other->pages, save->page[i].block))
            return save->page[i].block;
    return 0;
}

u32
plates_own_table(const struct plates_save *save,
                 const struct plates_save *other)
{
    for (u32 i = 0; i < save->tables; i++)
        if (save->table[i].block != 0 &&
            !names(other->table, other->tables, save->table[i].block))
            return save->table[i].block;
    return 0;
}

u32
plates_common_page(const struct plates_save *one,
                   const struct plates_save *other)
{
    for (u32 i = 0; i < one->pages; i++)
        if (names(other->page, other->pages, one->page[i].block))
            return one->page[i].block;
    return 0;
}

u32
plates_shared(const struct plates_save *one, const struct plates_save *other)
{
    u32 shared = 0;

    for (u32 i = 0; i < one->pages; i++)
        shared += names(other->page, other->pages, one->page[i].block);
    return shared;
}

// --- which blocks are in use ---

// Note the blocks of a save in used; twice the same in one save is wrong.
static const char *
note_blocks(const struct plates_disk *disk, const struct plates_save *save,
            const struct disk_commit *c, u8 *used)
{
    u8 *mine = calloc(disk->blocks, 1);
    bool twice = false;

    for (u32 i = 0; i < save->tables + save->pages; i++) {
        u32 block = i < save->tables ? save->table[i].block
                                     : save->page[i - save->tables].block;

        twice |= block != 0 && mine[block];
        mine[block] = used[block] = 1;
    }
    for (u32 i = 0; i < DISK_SAVE_PAGES && c->header[i] != 0; i++) {
        twice |= mine[c->header[i]];
        mine[c->header[i]] = used[c->header[i]] = 1;
    }
    free(mine);
    return twice ? "two pages lie in one block" : NULL;
}

// Check both saves, and note the blocks they name.
static const char *
look(const struct plates_disk *disk, u8 *used)
{
    const char *wrong = NULL;
    struct plates_save save;

    for (int i = 0; i < 2 && wrong == NULL; i++) {
        if (!plates_is_whole(&disk->commit[i]))
            continue;
        wrong = plates_load(disk, i, &save);
        if (wrong == NULL)
            wrong = note_blocks(disk, &save, &disk->commit[i], used);
        plates_unload(&save);
    }
    return wrong;
}

const char *
plates_check(const char *path)
{
    struct plates_disk disk;

    plates_open(&disk, path);
    u8 *used = calloc(disk.blocks, 1);
    const char *wrong = look(&disk, used);

    free(used);
    return wrong;
}

void
plates_scrub(const char *path)
{
    struct plates_disk disk;

    plates_open(&disk, path);
    u8 *used = calloc(disk.blocks, 1);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    u32 end;

    if (fd < 0 || look(&disk, used) != NULL)
        exit(1);
    for (u32 from = DISK_DATA_BLOCK; from < disk.blocks; from = end + 1) {
        for (end = from; end < disk.blocks && !used[end]; end++)
            continue;
        if (end > from)
            fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                      (off_t)plates_at(&disk, from),
                      (off_t)(end - from) * BLOCK_BYTES);
    }
    close(fd);
    free(used);
}

// Where the next save begins: behind the newest one, or else in the first 32
// free blocks in a row from there on.
static u32
next_block(const struct plates_disk *disk, const u8 *used, u32 after)
{
    u32 runs = disk->blocks / 32;

    if (after < disk->blocks && !used[after])
        return after;
    for (u32 i = 0; i < runs; i++) {
        u32 at = ((after + 31) / 32 + i) % runs * 32;

        if (at >= 32 && memchr(used + at, 1, 32) == NULL)
            return at;
    }
    return 0;
}

// No page of zeros is ever written.
bool
plates_begun(const char *path)
{
    static const u8 zeros[BLOCK_BYTES];
    u8 page[BLOCK_BYTES];
    struct plates_disk disk;
    struct plates_save save;

    plates_open(&disk, path);
    u8 *used = calloc(disk.blocks, 1);
    bool begun = false;

    if (look(&disk, used) == NULL && plates_newest(&disk) >= 0) {
        plates_load(&disk, plates_newest(&disk), &save);
        nv_read(path, plates_at(&disk, next_block(&disk, used, save.after)),
                page, sizeof(page));
        begun = memcmp(page, zeros, sizeof(page)) != 0;
        plates_unload(&save);
    }
    free(used);
    return begun;
}

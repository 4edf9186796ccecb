// ext2.c -- read the files of an ext2 file system
//
// Nothing on the disk is believed.  Each number is compared with what it may
// be where it is read: block numbers in ext2_read_block(), inode numbers in
// ext2_open(), entry lengths in ext2_next().  Every loop is bounded by a
// number that was checked, so a damaged disk costs time but never all of it:
// a file has at most three levels of pointers, a directory at most
// EXT2_DIRECTORY_MAX bytes, a path at most the parts the caller wrote.
#include "resources/ext2.h"

#include "resources/ext2_parts.h"
#include "tender/error.h"
#include "tender/text.h"

#define SUPERBLOCK_SECTOR 2u
#define SUPERBLOCK_BYTES 1024u
#define MAGIC 0xef53u
#define INCOMPATIBLE_KNOWN 0x0002u // entries have a type
#define DIRECT 12u
#define ENTRY_HEAD 8u

// Some bytes of one block.
int
ext2_read_block(struct ext2 *fs, u32 block, u32 offset, void *to, u32 bytes)
{
    u32 sectors = fs->block_bytes / EXT2_SECTOR;

    if (block < fs->first_block || block >= fs->blocks)
        return E_DAMAGED;
    if (offset > fs->block_bytes || bytes > fs->block_bytes - offset)
        return E_DAMAGED;
    return fs->read(fs->state, block * sectors, sectors, offset, to, bytes);
}

// --- the superblock ---

static int
check_shape(struct ext2 *fs, const u8 *super, u32 sectors)
{
    u32 group_blocks = get32(super + 32);
    u32 bits = fs->block_bytes * 8; // of one bitmap block

    if (fs->first_block != (fs->block_bytes == 1024 ? 1u : 0u))
        return E_DAMAGED;
    if (fs->blocks <= fs->first_block ||
        fs->blocks > sectors / (fs->block_bytes / EXT2_SECTOR))
        return E_DAMAGED;
    if (group_blocks == 0 || group_blocks > bits)
        return E_DAMAGED;
    if (fs->group_inodes == 0 || fs->group_inodes > bits)
        return E_DAMAGED;
    fs->groups = (fs->blocks - fs->first_block - 1) / group_blocks + 1;
    if (fs->inodes < ROOT_INODE ||
        (fs->inodes - 1) / fs->group_inodes >= fs->groups)
        return E_DAMAGED;
    return 0;
}

static int
check_revision(struct ext2 *fs, const u8 *super)
{
    u32 revision = get32(super + 76);

    fs->inode_bytes = INODE_BYTES_MIN;
    if (revision == 0)
        return 0;
    if (revision != 1 || (get32(super + 96) & ~INCOMPATIBLE_KNOWN) != 0)
        return E_DAMAGED; // or of a later kind
    fs->inode_bytes = get16(super + 88);
    if (fs->inode_bytes < INODE_BYTES_MIN ||
        fs->inode_bytes > fs->block_bytes ||
        (fs->inode_bytes & (fs->inode_bytes - 1)) != 0)
        return E_DAMAGED;
    return 0;
}

int
ext2_mount(struct ext2 *fs, ext2_reader read, void *state, u32 sectors)
{
    u8 super[128];

    memset(fs, 0, sizeof(*fs));
    fs->read = read;
    fs->state = state;
    if (sectors < SUPERBLOCK_SECTOR + SUPERBLOCK_BYTES / EXT2_SECTOR)
        return E_DAMAGED;
    int err = read(state, SUPERBLOCK_SECTOR, SUPERBLOCK_BYTES / EXT2_SECTOR, 0,
                   super, sizeof(super));

    if (err < 0)
        return err;
    if (get16(super + 56) != MAGIC || get32(super + 24) > 2)
        return E_DAMAGED;
    fs->block_bytes = 1024u << get32(super + 24);
    fs->inodes = get32(super);
    fs->blocks = get32(super + 4);
    fs->first_block = get32(super + 20);
    fs->group_inodes = get32(super + 40);
    err = check_revision(fs, super);
    return err < 0 ? err : check_shape(fs, super, sectors);
}

// --- the blocks of a file ---

// Which pointer of the inode leads to the nth block; returns through how many
// levels of pointer blocks, *nth becomes the number below it.
static int
find_level(const struct ext2 *fs, u32 *nth, u32 *pointer)
{
    u32 per_block = fs->block_bytes / 4;
    u64 span = 1;

    if (*nth < DIRECT) {
        *pointer = *nth;
        return 0;
    }
    *nth -= DIRECT;
    for (int level = 1; level <= 3; level++) {
        span *= per_block;
        *pointer = DIRECT + (u32)level - 1;
        if (*nth < span)
            return level;
        *nth -= (u32)span;
    }
    return E_DAMAGED;
}

// The block that holds the nth of a file; *block 0 is a hole.
static int
find_block(struct ext2 *fs, const struct ext2_file *file, u32 nth, u32 *block)
{
    u32 per_block = fs->block_bytes / 4;
    u32 pointer;
    int level = find_level(fs, &nth, &pointer);

    if (level < 0)
        return level;
    *block = file->pointer[pointer];
    for (; level > 0 && *block != 0; level--) {
        u32 span = 1;
        u8 raw[4];

        for (int i = 1; i < level; i++)
            span *= per_block; // at most 1024 * 1024
        int err =
            ext2_read_block(fs, *block, nth / span % per_block * 4, raw, 4);

        if (err < 0)
            return err;
        *block = get32(raw);
    }
    return 0;
}

int
ext2_read(struct ext2 *fs, const struct ext2_file *file, u32 offset, void *to,
          u32 bytes)
{
    u8 *at = to;

    if (offset >= file->bytes)
        return 0;
    bytes = MIN(bytes, file->bytes - offset);
    for (u32 left = bytes; left > 0;) {
        u32 in_block = offset % fs->block_bytes;
        u32 n = MIN(left, fs->block_bytes - in_block);
        u32 block;
        int err = find_block(fs, file, offset / fs->block_bytes, &block);

        if (err < 0)
            return err;
        if (block == 0)
            memset(at, 0, n);
        else if ((err = ext2_read_block(fs, block, in_block, at, n)) < 0)
            return err;
        at += n;
        offset += n;
        left -= n;
    }
    return (int)bytes;
}

// --- directories ---

// The head of the entry at an offset; returns its length on the disk.
static int
read_entry(struct ext2 *fs, const struct ext2_file *directory, u32 offset,
           struct ext2_name *name)
{
    u8 head[ENTRY_HEAD];
    int got = ext2_read(fs, directory, offset, head, sizeof(head));

    if (got < 0)
        return got;
    u32 bytes = get16(head + 4);
    u32 room = fs->block_bytes - offset % fs->block_bytes;

    name->inode = get32(head);
    name->length = head[6];
    name->type = head[7]; // 0 in revision 0
    if (got != (int)sizeof(head) || bytes < ENTRY_HEAD || bytes % 4 != 0 ||
        bytes > room)
        return E_DAMAGED;
    if (name->length > bytes - ENTRY_HEAD || name->inode > fs->inodes)
        return E_DAMAGED;
    return (int)bytes;
}

int
ext2_next(struct ext2 *fs, const struct ext2_file *directory, u32 *offset,
          struct ext2_name *name)
{
    if (!directory->directory)
        return E_FILE;
    while (*offset < directory->bytes) {
        int bytes = read_entry(fs, directory, *offset, name);

        if (bytes < 0)
            return bytes;
        u32 at = *offset + ENTRY_HEAD;

        *offset += (u32)bytes;
        if (name->inode == 0 || name->length == 0)
            continue; // vacant, or a part of the index
        name->name[name->length] = 0;
        int got = ext2_read(fs, directory, at, name->name, name->length);

        return got < 0 ? got : 0;
    }
    return E_NAME;
}

static int
look_up(struct ext2 *fs, const struct ext2_file *directory, const char *part,
        u32 length, u32 *inode)
{
    struct ext2_name name;
    u32 offset = 0;
    int err;

    while ((err = ext2_next(fs, directory, &offset, &name)) == 0)
        if (name.length == length && memcmp(name.name, part, length) == 0) {
            *inode = name.inode;
            return 0;
        }
    return err == E_NAME ? E_FILE : err;
}

int
ext2_find_in(struct ext2 *fs, const struct ext2_file *directory,
             const char *name, u32 *inode)
{
    return look_up(fs, directory, name, text_length(name), inode);
}

int
ext2_find(struct ext2 *fs, const char *path, struct ext2_file *file)
{
    int err = ext2_open(fs, ROOT_INODE, file);

    if (err == 0 && !file->directory)
        err = E_DAMAGED;
    while (err == 0) {
        u32 length = 0, inode = 0;

        while (*path == '/')
            path++;
        if (*path == 0)
            return 0;
        while (path[length] != 0 && path[length] != '/')
            length++;
        if (!file->directory)
            return E_FILE;
        err = look_up(fs, file, path, length, &inode);
        if (err == 0)
            err = ext2_open(fs, inode, file);
        path += length;
    }
    return err;
}

// ext2_inode.c -- what an inode of an ext2 says, and where it lies
#include "resources/ext2_parts.h"
#include "tender/error.h"
#include "tender/text.h"

#define GROUP_BYTES 32u
#define MODE_KIND 0xf000u
#define MODE_CHARACTER 0x2000u
#define MODE_DIRECTORY 0x4000u
#define MODE_BLOCK 0x6000u
#define MODE_REGULAR 0x8000u
#define MODE_LINK 0xa000u
#define FILE_MAX 0x7fffffffu

// Where an inode lies: a block and an offset in it.
static int
locate(struct ext2 *fs, u32 inode, u32 *block, u32 *offset)
{
    if (inode == 0 || inode > fs->inodes)
        return E_DAMAGED;
    u32 group = (inode - 1) / fs->group_inodes;
    u32 index = (inode - 1) % fs->group_inodes;
    u32 groups_per_block = fs->block_bytes / GROUP_BYTES;
    u8 table[4];
    int err = ext2_read_block(
        fs, fs->first_block + 1 + group / groups_per_block,
        group % groups_per_block * GROUP_BYTES + 8, table, sizeof(table));

    if (err < 0)
        return err;
    u32 start = get32(table);
    u32 inodes_per_block = fs->block_bytes / fs->inode_bytes;

    if (start < fs->first_block || start >= fs->blocks)
        return E_DAMAGED; // also keeps the sum from overflowing
    *block = start + index / inodes_per_block;
    *offset = index % inodes_per_block * fs->inode_bytes;
    return 0;
}

static int
read_inode(struct ext2 *fs, u32 inode, u8 *raw)
{
    u32 block, offset;
    int err = locate(fs, inode, &block, &offset);

    if (err == 0)
        err = ext2_read_block(fs, block, offset, raw, INODE_BYTES_MIN);
    if (err < 0)
        return err;
    return get16(raw + 26) == 0 ? E_DAMAGED // deleted, but a directory names it
                                : 0;
}

static void
note_file(struct ext2_file *file, u32 inode, const u8 *raw)
{
    file->inode = inode;
    file->directory = (get16(raw) & MODE_KIND) == MODE_DIRECTORY;
    file->bytes = get32(raw + 4);
    for (u32 i = 0; i < EXT2_POINTERS; i++)
        file->pointer[i] = get32(raw + 40 + i * 4);
}

int
ext2_open(struct ext2 *fs, u32 inode, struct ext2_file *file)
{
    u8 raw[INODE_BYTES_MIN];
    int err = read_inode(fs, inode, raw);

    if (err < 0)
        return err;
    u32 kind = get16(raw) & MODE_KIND;

    note_file(file, inode, raw);
    if (!file->directory && kind != MODE_REGULAR)
        return E_FILE;
    if (file->directory && (file->bytes > EXT2_DIRECTORY_MAX ||
                            file->bytes % fs->block_bytes != 0))
        return E_DAMAGED;
    if (!file->directory && (get32(raw + 108) != 0 || file->bytes > FILE_MAX))
        return E_DAMAGED; // no program is so large
    return 0;
}

// A device's number: as it was long ago, or with more bits.
static u32
device_of(const u8 *raw)
{
    u32 old = get32(raw + 40);

    return old != 0 ? old : get32(raw + 44);
}

int
ext2_look(struct ext2 *fs, u32 inode, struct ext2_inode *result)
{
    u8 raw[INODE_BYTES_MIN];
    int err = read_inode(fs, inode, raw);

    if (err < 0)
        return err;
    u32 kind = get16(raw) & MODE_KIND;
    int device = kind == MODE_CHARACTER || kind == MODE_BLOCK;

    *result =
        (struct ext2_inode){.mode = get16(raw),
                            .links = get16(raw + 26),
                            .uid = get16(raw + 2) | get16(raw + 120) << 16,
                            .gid = get16(raw + 24) | get16(raw + 122) << 16,
                            .bytes = get32(raw + 4),
                            .atime = get32(raw + 8),
                            .ctime = get32(raw + 12),
                            .mtime = get32(raw + 16),
                            .device = device ? device_of(raw) : 0};
    if (kind == MODE_REGULAR && get32(raw + 108) != 0)
        return E_DAMAGED; // longer than this reader can tell
    return 0;
}

// A short target lies in the inode itself, where the pointers would be.
int
ext2_read_link(struct ext2 *fs, u32 inode, void *to, u32 bytes)
{
    u8 raw[INODE_BYTES_MIN];
    struct ext2_file file;
    int err = read_inode(fs, inode, raw);

    if (err < 0)
        return err;
    if ((get16(raw) & MODE_KIND) != MODE_LINK)
        return E_FILE;
    note_file(&file, inode, raw);
    u32 attributes = get32(raw + 104) != 0 ? fs->block_bytes / EXT2_SECTOR : 0;

    if (file.bytes >= sizeof(file.pointer) || get32(raw + 28) != attributes)
        return ext2_read(fs, &file, 0, to, bytes);
    bytes = MIN(bytes, file.bytes);
    memcpy(to, raw + 40, bytes);
    return (int)bytes;
}

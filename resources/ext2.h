// ext2.h -- read the files of an ext2 file system
//
// Read-only.  Knows 1, 2 and 4 KiB blocks, revisions 0 and 1, directory entries
// with a type, and directories with an index (which it reads in order).
#ifndef RESOURCES_EXT2_H
#define RESOURCES_EXT2_H

#include "tender/types.h"

#define EXT2_SECTOR 512u
#define EXT2_NAME_MAX 255u
#define EXT2_POINTERS 15u
#define EXT2_DIRECTORY_MAX 0x100000u // bytes; a longer one is damaged

// Read bytes from a byte offset inside a sector-aligned unit of the partition:
// the range lies in [sector, sector + sectors).  sectors <= 8 and sector is a
// multiple of it.  0 or an error, which is passed on.
typedef int (*ext2_reader)(void *state, u32 sector, u32 sectors, u32 offset,
                           void *to, u32 bytes);

struct ext2 {
    ext2_reader read;
    void *state;
    u32 block_bytes;
    u32 first_block; // of group 0
    u32 blocks;
    u32 inodes;
    u32 group_inodes;
    u32 groups;
    u32 inode_bytes;
};

struct ext2_file {
    u32 inode;
    u32 directory; // else it is a regular file
    u32 bytes;
    u32 pointer[EXT2_POINTERS];
};

// All an inode says about itself.
struct ext2_inode {
    u32 mode; // type and permissions
    u32 links;
    u32 uid, gid;
    u32 bytes;
    u32 atime, mtime, ctime; // seconds
    u32 device;              // of a device
};

struct ext2_name {
    u32 inode;
    u32 type; // 0: unknown
    u32 length;
    char name[EXT2_NAME_MAX + 1];
};

// Look at the superblock.  sectors: of the partition.  E_DAMAGED if it is no
// ext2 or one that this reader does not know.
int ext2_mount(struct ext2 *fs, ext2_reader read, void *state, u32 sectors);

// Follow a path from the root.  E_FILE if there is no such file, or if it is
// neither a file nor a directory.
int ext2_find(struct ext2 *fs, const char *path, struct ext2_file *file);

// The file of an inode number.
int ext2_open(struct ext2 *fs, u32 inode, struct ext2_file *file);

// Anything that is there, also links and devices.
int ext2_look(struct ext2 *fs, u32 inode, struct ext2_inode *result);

// The target of a symbolic link, without a 0; returns its length, at most
// bytes.
int ext2_read_link(struct ext2 *fs, u32 inode, void *to, u32 bytes);

// The inode of a name in a directory.  E_FILE if there is none.
int ext2_find_in(struct ext2 *fs, const struct ext2_file *directory,
                 const char *name, u32 *inode);

// Returns how many bytes there were, fewer than asked at the end of the file.
int ext2_read(struct ext2 *fs, const struct ext2_file *file, u32 offset,
              void *to, u32 bytes);

// The entry at *offset of a directory, moving *offset behind it; begin with
// 0.  E_NAME at the end.
int ext2_next(struct ext2 *fs, const struct ext2_file *directory, u32 *offset,
              struct ext2_name *name);

#endif

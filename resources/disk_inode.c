// disk_inode.c -- questions about an inode of the boot disk
#include "resources/disk.h"

int
disk_inode_answer(struct ext2 *fs, struct disk_inode *what)
{
    struct ext2_file file;

    if (what->ask == DISK_INODE_LOOK)
        return ext2_look(fs, what->inode, what->buffer);
    if (what->ask == DISK_INODE_LINK)
        return ext2_read_link(fs, what->inode, what->buffer, what->bytes);
    int err = ext2_open(fs, what->inode, &file);

    if (err < 0)
        return err;
    if (what->ask == DISK_INODE_READ)
        return ext2_read(fs, &file, what->offset, what->buffer, what->bytes);
    if (what->ask == DISK_INODE_FIND)
        return ext2_find_in(fs, &file, what->buffer, &what->found);
    return ext2_next(fs, &file, &what->offset, what->buffer);
}

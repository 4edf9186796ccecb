// disk.h -- the files of the boot disk
#ifndef RESOURCES_DISK_H
#define RESOURCES_DISK_H

#include "resources/ext2.h"
#include "tender/driver.h"
#include "tender/gate.h"

#define DISK_CACHE_LINES 16u
#define DISK_LINE_SECTORS 8u
#define DISK_LINE_BYTES (DISK_LINE_SECTORS * EXT2_SECTOR)

struct disk_line {
    u32 sector; // of the partition, a multiple of DISK_LINE_SECTORS
    u32 valid;
    u32 used; // when
    u32 spare;
    u8 bytes[DISK_LINE_BYTES];
};

struct disk {
    struct gate *gate;
    struct disk_driver *driver; // NULL: no disk
    struct disk_line *lines;
    u32 busy;    // an operation goes on; others wait
    u32 mounted; // first, sectors and fs are right
    u32 first;   // sector of the partition
    u32 sectors; // of it
    u32 uses;
    u32 transfers;
    struct ext2 fs;
};

// DISK_INODE, for the kernel: about the inode of a number.
enum disk_inode_ask {
    DISK_INODE_LOOK, // buffer: struct ext2_inode
    DISK_INODE_READ, // bytes at offset into buffer; -> bytes there were
    DISK_INODE_LINK, // its target into buffer; -> length
    DISK_INODE_FIND, // of the name in buffer; -> 0, found
    DISK_INODE_NEXT, // the entry at offset, which moves; buffer: struct ext2_name
};

struct disk_inode {
    enum disk_inode_ask ask;
    u32 inode;
    u32 offset;
    u32 bytes;
    void *buffer;
    u32 found;
};

int disk_inode_answer(struct ext2 *fs, struct disk_inode *what);

u32 disk_bytes(void);
void disk_init(struct disk *disk, struct gate *gate, void *memory, u32 bytes);
void disk_attach(struct disk *disk, struct disk_driver *driver);

// The driver's transfer has ended; from its interrupt.
void disk_interrupt(struct disk *disk);

// After a restore: the disk may be another one now, so forget what was read.
void disk_recovered(struct disk *disk);

#endif

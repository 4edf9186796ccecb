// stat_user.h -- how programs of i386 see what is known about a file
//
// The layouts are Linux's and never change.
#ifndef LINUX_STAT_USER_H
#define LINUX_STAT_USER_H

#include "tender/types.h"

struct stat_time {
    u32 seconds, nanoseconds;
};

struct stat_i386 {
    u32 device, number;
    u16 mode, links, uid, gid;
    u32 rdev, size, block_bytes, blocks;
    struct stat_time access, modified, changed;
    u32 spare[2];
};

_Static_assert(sizeof(struct stat_i386) == 64, "struct stat");
_Static_assert(offsetof(struct stat_i386, size) == 20, "struct stat");
_Static_assert(offsetof(struct stat_i386, access) == 32, "struct stat");

struct stat64_i386 {
    u64 device;
    u32 spare;
    u32 number_low;
    u32 mode, links, uid, gid;
    u64 rdev;
    u32 spare_2;
    u64 size;
    u32 block_bytes;
    u64 blocks;
    struct stat_time access, modified, changed;
    u64 number;
} __attribute__((packed, aligned(4)));

_Static_assert(sizeof(struct stat64_i386) == 96, "struct stat64");
_Static_assert(offsetof(struct stat64_i386, mode) == 16, "struct stat64");
_Static_assert(offsetof(struct stat64_i386, rdev) == 32, "struct stat64");
_Static_assert(offsetof(struct stat64_i386, size) == 44, "struct stat64");
_Static_assert(offsetof(struct stat64_i386, blocks) == 56, "struct stat64");
_Static_assert(offsetof(struct stat64_i386, access) == 64, "struct stat64");
_Static_assert(offsetof(struct stat64_i386, number) == 88, "struct stat64");

struct statx_time {
    u64 seconds;
    u32 nanoseconds;
    u32 spare;
};

struct statx {
    u32 mask, block_bytes;
    u64 attributes;
    u32 links, uid, gid;
    u16 mode, spare;
    u64 number, size, blocks, attributes_mask;
    struct statx_time access, born, changed, modified;
    u32 rdev_major, rdev_minor, device_major, device_minor;
    u64 mount;
    u32 direct_memory, direct_offset;
    u64 spare_2[12];
};

_Static_assert(sizeof(struct statx) == 256, "struct statx");
_Static_assert(offsetof(struct statx, mode) == 28, "struct statx");
_Static_assert(offsetof(struct statx, number) == 32, "struct statx");
_Static_assert(offsetof(struct statx, access) == 64, "struct statx");
_Static_assert(offsetof(struct statx, rdev_major) == 128, "struct statx");
_Static_assert(offsetof(struct statx, mount) == 144, "struct statx");

struct statfs_i386 {
    u32 type, block_bytes, blocks, free, available, files, files_free;
    u32 id[2];
    u32 name_max, fragment_bytes, flags;
    u32 spare[4];
};

_Static_assert(sizeof(struct statfs_i386) == 64, "struct statfs");

struct statfs64_i386 {
    u32 type, block_bytes;
    u64 blocks, free, available, files, files_free;
    u32 id[2];
    u32 name_max, fragment_bytes, flags;
    u32 spare[4];
} __attribute__((packed, aligned(4)));

_Static_assert(sizeof(struct statfs64_i386) == 84, "struct statfs64");

#endif

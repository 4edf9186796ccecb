// beside.h -- the same calls on files of the machine this runs on
//
// For tests that compare. Flags, modes and errors are those of Linux, which this
// is. -errno on failure.
#ifndef HOST_BESIDE_H
#define HOST_BESIDE_H

#include "tender/types.h"

struct beside_stat {
    u32 mode, links;
    u64 size;
};

// Work in a new folder below /tmp; and remove it.
void beside_open_folder(void);
void beside_close_folder(void);

int beside_open(const char *path, u32 flags, u32 mode);
int beside_close(int file);
int beside_read(int file, void *to, u32 bytes, u64 at);
int beside_write(int file, const void *from, u32 bytes, u64 at);
int beside_resize(int file, u64 size);
int beside_truncate(const char *path, u64 size);
int beside_mkdir(const char *path, u32 mode);
int beside_rmdir(const char *path);
int beside_unlink(const char *path);
int beside_link(const char *from, const char *to);
int beside_symlink(const char *target, const char *path);
int beside_rename(const char *from, const char *to);
int beside_readlink(const char *path, char *to, u32 bytes);
int beside_chmod(const char *path, u32 mode);
int beside_stat(const char *path, int follow, struct beside_stat *s);
int beside_stat_file(int file, struct beside_stat *s);
// How many names, without "." and "..".
int beside_count(const char *path);

#endif

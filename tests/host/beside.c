// beside.c -- the same calls on files of the machine this runs on
#include "beside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

void
beside_open_folder(void)
{
    snprintf(folder, sizeof(folder), "/tmp/tender-files-XXXXXX");
    if (mkdtemp(folder) == NULL || chdir(folder) < 0 || chmod(".", 0755) < 0)
        abort();
    umask(022);
}

void
beside_close_folder(void)
{
    char command[96];

    snprintf(command, sizeof(command), "rm -rf %s", folder);
    if (chdir("/") < 0 || system(command) != 0)
        abort();
}

static int
result(long value)
{
    return value < 0 ? -errno : (int)value;
}

int
beside_open(const char *path, u32 flags, u32 mode)
{
    return result(open(path, (int)flags, mode));
}

int
beside_close(int file)
{
    return result(close(file));
}

int
beside_read(int file, void *to, u32 bytes, u64 at)
{
    return result(pread(file, to, bytes, (off_t)at));
}

int
beside_write(int file, const void *from, u32 bytes, u64 at)
{
    return result(pwrite(file, from, bytes, (off_t)at));
}

int
beside_resize(int file, u64 size)
{
    return result(ftruncate(file, (off_t)size));
}

int
beside_truncate(const char *path, u64 size)
{
    return result(truncate(path, (off_t)size));
}

int
beside_mkdir(const char *path, u32 mode)
{
    return result(mkdir(path, mode));
}

int
beside_rmdir(const char *path)
{
    return result(rmdir(path));
}

int
beside_unlink(const char *path)
{
    return result(unlink(path));
}

int
beside_link(const char *from, const char *to)
{
    return result(link(from, to));
}

int
beside_symlink(const char *target, const char *path)
{
    return result(symlink(target, path));
}

int
beside_rename(const char *from, const char *to)
{
    return result(rename(from, to));
}

int
beside_readlink(const char *path, char *to, u32 bytes)
{
    return result(readlink(path, to, bytes));
}

int
beside_chmod(const char *path, u32 mode)
{
    return result(chmod(path, mode));
}

static int
put(int err, const struct stat *from, struct beside_stat *s)
{
    if (err < 0)
        return -errno;
    *s = (struct beside_stat){from->st_mode, (u32)from->st_nlink,
                              (u64)from->st_size};
    return 0;
}

int
beside_stat(const char *path, int follow, struct beside_stat *s)
{
    struct stat st;

    return put(follow ? stat(path, &st) : lstat(path, &st), &st, s);
}

int
beside_stat_file(int file, struct beside_stat *s)
{
    struct stat st;

    return put(fstat(file, &st), &st, s);
}

int
beside_count(const char *path)
{
    DIR *dir = opendir(path);
    int names = -2;

    if (dir == NULL)
        return -errno;
    while (readdir(dir) != NULL)
        names++;
    closedir(dir);
    return names;
}

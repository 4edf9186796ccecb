// path_stat.c -- what is known about a file, in the forms of i386
#include "linux/file/stat_user.h"

#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/call/user.h"

#define STATX_BASIC 0x7ffu
#define STATX_SYNC 0x6000u // how to ask a server: there is none
#define STATX_RESERVED 0x80000000u
#define SECOND 1000000u

// What a path leads to, copied: it may change while a program's page is fetched.
static int
look(struct task *t, int at, u32 path, u32 flags, struct inode *to)
{
    struct inode *inode;
    int err = path_find_user(t, at, path, flags, &inode, NULL);

    if (err < 0)
        return err;
    *to = *inode;
    inode_drop(inode);
    return 0;
}

static int
look_at(struct task *t, u32 descriptor, struct inode *to)
{
    const struct file *f = files_get(t->files, descriptor);

    if (f == NULL)
        return -EBADF;
    *to = *f->inode;
    return 0;
}

// In units of 512 bytes. Of a file of the disk, pages are those in memory.
static u64
blocks_of(const struct inode *i)
{
    if (i->device == DEVICE_DISK)
        return (i->size + 511) / 512;
    return (u64)i->pages * (PAGE_SIZE / 512);
}

// --- times: whole seconds downwards, and what is left ---

#define EPOCH 0x80000000ll // no time of a file is more seconds before 1970

static long long
seconds_of(long long us)
{
    return (long long)((u64)(us + EPOCH * SECOND) / SECOND) - EPOCH;
}

static u32
nanoseconds_of(long long us)
{
    return (u32)((u64)(us + EPOCH * SECOND) % SECOND * 1000);
}

static struct stat_time
time_of(long long us)
{
    return (struct stat_time){(u32)seconds_of(us), nanoseconds_of(us)};
}

// --- struct stat ---

static int
put_stat(struct task *t, u32 at, const struct inode *i)
{
    struct stat_i386 s = {
        .device = i->device,
        .number = i->number,
        .mode = (u16)i->mode,
        .links = (u16)MIN(i->links, 0xffffu),
        .uid = (u16)MIN(i->uid, 0xffffu),
        .gid = (u16)MIN(i->gid, 0xffffu),
        .rdev = i->rdev,
        .size = (u32)i->size,
        .block_bytes = PAGE_SIZE,
        .blocks = (u32)blocks_of(i),
        .access = time_of(i->atime),
        .modified = time_of(i->mtime),
        .changed = time_of(i->ctime),
    };

    if (i->size > 0x7fffffff)
        return -EOVERFLOW;
    return user_put(t, at, &s, sizeof(s));
}

static int
stat_path(struct task *t, const u32 *a, u32 flags)
{
    struct inode i;
    int err = look(t, AT_FDCWD, a[0], flags, &i);

    return err < 0 ? err : put_stat(t, a[1], &i);
}

int
sys_stat(struct task *t, const u32 *a)
{
    return stat_path(t, a, 0);
}

int
sys_lstat(struct task *t, const u32 *a)
{
    return stat_path(t, a, PATH_NOFOLLOW);
}

int
sys_fstat(struct task *t, const u32 *a)
{
    struct inode i;
    int err = look_at(t, a[0], &i);

    return err < 0 ? err : put_stat(t, a[1], &i);
}

// --- struct stat64 ---

static int
put_stat64(struct task *t, u32 at, const struct inode *i)
{
    struct stat64_i386 s = {
        .device = i->device,
        .number_low = i->number,
        .mode = i->mode,
        .links = i->links,
        .uid = i->uid,
        .gid = i->gid,
        .rdev = i->rdev,
        .size = i->size,
        .block_bytes = PAGE_SIZE,
        .blocks = blocks_of(i),
        .access = time_of(i->atime),
        .modified = time_of(i->mtime),
        .changed = time_of(i->ctime),
        .number = i->number,
    };

    return user_put(t, at, &s, sizeof(s));
}

static int
stat64_at(struct task *t, int at, u32 path, u32 to, u32 flags)
{
    struct inode i;
    int err = look(t, at, path, flags, &i);

    return err < 0 ? err : put_stat64(t, to, &i);
}

int
sys_stat64(struct task *t, const u32 *a)
{
    return stat64_at(t, AT_FDCWD, a[0], a[1], 0);
}

int
sys_lstat64(struct task *t, const u32 *a)
{
    return stat64_at(t, AT_FDCWD, a[0], a[1], PATH_NOFOLLOW);
}

int
sys_fstat64(struct task *t, const u32 *a)
{
    struct inode i;
    int err = look_at(t, a[0], &i);

    return err < 0 ? err : put_stat64(t, a[1], &i);
}

int
sys_fstatat64(struct task *t, const u32 *a)
{
    u32 flags;
    int err = user_path_flags(
        a[3], AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH, &flags);

    return err < 0 ? err : stat64_at(t, (int)a[0], a[1], a[2], flags);
}

// --- struct statx ---

static struct statx_time
long_time_of(long long us)
{
    return (struct statx_time){.seconds = seconds_of(us),
                               .nanoseconds = nanoseconds_of(us)};
}

static int
put_statx(struct task *t, u32 at, const struct inode *i)
{
    struct statx s = {
        .mask = STATX_BASIC,
        .block_bytes = PAGE_SIZE,
        .links = i->links,
        .uid = i->uid,
        .gid = i->gid,
        .mode = (u16)i->mode,
        .number = i->number,
        .size = i->size,
        .blocks = blocks_of(i),
        .access = long_time_of(i->atime),
        .changed = long_time_of(i->ctime),
        .modified = long_time_of(i->mtime),
        .rdev_major = i->rdev >> 8,
        .rdev_minor = i->rdev & 0xff,
        .device_minor = i->device,
    };

    return user_put(t, at, &s, sizeof(s));
}

int
sys_statx(struct task *t, const u32 *a)
{
    struct inode i;
    u32 flags;
    int err = user_path_flags(a[2],
                              AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT |
                                  AT_EMPTY_PATH | STATX_SYNC,
                              &flags);

    if (err < 0 || (a[3] & STATX_RESERVED) != 0 ||
        (a[2] & STATX_SYNC) == STATX_SYNC)
        return -EINVAL;
    err = look(t, (int)a[0], a[1], flags, &i);
    return err < 0 ? err : put_statx(t, a[4], &i);
}

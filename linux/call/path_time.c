// path_time.c -- the times of files, set
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/file/path.h"
#include "linux/call/user.h"

#define TIME_NOW 0x3fffffffll
#define TIME_OMIT 0x3ffffffell
#define NOW (1ll << 62)
#define OMIT (NOW + 1)
#define SECOND 1000000ll

// Access and modification: microseconds, NOW or OMIT.
struct times {
    long long time[2];
};

static int
may_set(struct task *t, const struct inode *inode, const struct times *times)
{
    int now = times->time[0] == NOW && times->time[1] == NOW;
    int err = user_changeable(inode);

    if (err < 0 || t->euid == 0 || t->euid == inode->uid)
        return err;
    return now ? inode_access(t, inode, 2) : -EPERM;
}

static int
set_times(struct task *t, struct inode *inode, const struct times *times)
{
    long long now = linux_real_us(t->linux);

    if (times->time[0] == OMIT && times->time[1] == OMIT)
        return 0;
    int err = may_set(t, inode, times);

    if (err < 0)
        return err;
    if (times->time[0] != OMIT)
        inode->atime = times->time[0] == NOW ? now : times->time[0];
    if (times->time[1] != OMIT)
        inode->mtime = times->time[1] == NOW ? now : times->time[1];
    inode->ctime = now;
    return 0;
}

static int
set_at(struct task *t, int at, u32 path, u32 flags, const struct times *times)
{
    struct inode *inode;
    int err = path_find_user(t, at, path, flags, &inode, NULL);

    if (err < 0)
        return err;
    err = set_times(t, inode, times);
    inode_drop(inode);
    return err;
}

// Path 0: the descriptor itself.
static int
set_of(struct task *t, u32 descriptor, const struct times *times)
{
    struct file *f = files_get(t->files, descriptor);

    if (f == NULL)
        return -EBADF;
    return set_times(t, f->inode, times);
}

// As on ext4: of the years 1901 to 2514.
static int
time_of(long long seconds, long long nanoseconds, long long *result)
{
    if (nanoseconds == TIME_NOW || nanoseconds == TIME_OMIT) {
        *result = nanoseconds == TIME_NOW ? NOW : OMIT;
        return 0;
    }
    if (nanoseconds < 0 || nanoseconds >= 1000 * SECOND)
        return -EINVAL;
    seconds = MIN(MAX(seconds, -0x80000000ll), 0x3ffffffffll);
    *result = seconds * SECOND + (u32)nanoseconds / 1000;
    return 0;
}

// --- nanoseconds ---

static int
get_narrow(struct task *t, u32 at, struct times *times)
{
    int pair[4]; // seconds, nanoseconds, twice
    int err = user_get(t, pair, at, sizeof(pair));

    for (u32 i = 0; err == 0 && i < 2; i++)
        err = time_of(pair[2 * i], pair[2 * i + 1], &times->time[i]);
    return err;
}

static int
get_wide(struct task *t, u32 at, struct times *times)
{
    long long pair[4];
    int err = user_get(t, pair, at, sizeof(pair));

    // Of the nanoseconds' upper half the library makes no use.
    for (u32 i = 0; err == 0 && i < 2; i++)
        err = time_of(pair[2 * i], (int)pair[2 * i + 1], &times->time[i]);
    return err;
}

static int
utimens(struct task *t, const u32 *a,
        int (*get)(struct task *t, u32 at, struct times *times))
{
    struct times times = {{NOW, NOW}};
    u32 flags;
    int err = a[2] == 0 ? 0 : get(t, a[2], &times);

    if (err == 0)
        err =
            user_path_flags(a[3], AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, &flags);
    if (err < 0)
        return err;
    if (a[1] != 0)
        return set_at(t, (int)a[0], a[1], flags, &times);
    return a[3] != 0 ? -EINVAL : set_of(t, a[0], &times);
}

int
sys_utimensat(struct task *t, const u32 *a)
{
    return utimens(t, a, get_narrow);
}

int
sys_utimensat_time64(struct task *t, const u32 *a)
{
    return utimens(t, a, get_wide);
}

// --- microseconds, seconds ---

static int
utimes_at(struct task *t, int at, u32 path, u32 from)
{
    struct times times = {{NOW, NOW}};
    int pair[4]; // seconds, microseconds, twice
    int err = from == 0 ? 0 : user_get(t, pair, from, sizeof(pair));

    for (u32 i = 0; from != 0 && err == 0 && i < 2; i++) {
        if (pair[2 * i + 1] < 0 || pair[2 * i + 1] >= SECOND)
            return -EINVAL;
        err = time_of(pair[2 * i], pair[2 * i + 1] * 1000ll, &times.time[i]);
    }
    if (err < 0)
        return err;
    return path == 0 ? set_of(t, (u32)at, &times)
                     : set_at(t, at, path, 0, &times);
}

int
sys_utimes(struct task *t, const u32 *a)
{
    return a[0] == 0 ? -EFAULT : utimes_at(t, AT_FDCWD, a[0], a[1]);
}

int
sys_futimesat(struct task *t, const u32 *a)
{
    return utimes_at(t, (int)a[0], a[1], a[2]);
}

int
sys_utime(struct task *t, const u32 *a)
{
    struct times times = {{NOW, NOW}};
    int pair[2];
    int err = a[1] == 0 ? 0 : user_get(t, pair, a[1], sizeof(pair));

    for (u32 i = 0; a[1] != 0 && err == 0 && i < 2; i++)
        err = time_of(pair[i], 0, &times.time[i]);
    return err < 0 ? err : set_at(t, AT_FDCWD, a[0], 0, &times);
}

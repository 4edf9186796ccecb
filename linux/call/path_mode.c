// path_mode.c -- owners and permissions
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/file/path.h"
#include "linux/call/user.h"

#define KEEP (~0u)
#define KEEP_16 0xffffu

// --- permissions ---

static int
set_mode(struct task *t, struct inode *inode, u32 mode)
{
    int err = user_changeable(inode);

    if (err < 0)
        return err;
    if (t->euid != 0 && t->euid != inode->uid)
        return -EPERM;
    if (inode_is(inode, S_IFLNK))
        return -EOPNOTSUPP;
    mode &= 07777;
    if (t->euid != 0 && !task_in_group(t, inode->gid))
        mode &= ~S_ISGID;
    inode->mode = (inode->mode & S_IFMT) | mode;
    inode->ctime = linux_real_us(t->linux);
    return 0;
}

static int
mode_at(struct task *t, int at, u32 path, u32 mode)
{
    struct inode *inode;
    int err = path_find_user(t, at, path, 0, &inode, NULL);

    if (err < 0)
        return err;
    err = set_mode(t, inode, mode);
    inode_drop(inode);
    return err;
}

int
sys_chmod(struct task *t, const u32 *a)
{
    return mode_at(t, AT_FDCWD, a[0], a[1]);
}

int
sys_fchmodat(struct task *t, const u32 *a)
{
    return mode_at(t, (int)a[0], a[1], a[2]);
}

int
sys_fchmod(struct task *t, const u32 *a)
{
    struct file *f = user_file(t, a[0]);

    if (f == NULL)
        return -EBADF;
    return set_mode(t, f->inode, a[1]);
}

// --- owners ---

static int
set_owner(struct task *t, struct inode *inode, u32 uid, u32 gid)
{
    int err = user_changeable(inode);
    int mine = t->euid == inode->uid;

    if (err < 0)
        return err;
    if (t->euid != 0 && uid != KEEP && !(mine && uid == inode->uid))
        return -EPERM;
    if (t->euid != 0 && gid != KEEP &&
        !(mine && (gid == inode->gid || task_in_group(t, gid))))
        return -EPERM;
    if (uid != KEEP)
        inode->uid = uid;
    if (gid != KEEP)
        inode->gid = gid;
    // A program does not run as its new owner without having been asked.
    if (!inode_is(inode, S_IFDIR)) {
        inode->mode &= ~S_ISUID;
        if ((inode->mode & 010) != 0)
            inode->mode &= ~S_ISGID;
    }
    inode->ctime = linux_real_us(t->linux);
    return 0;
}

static int
owner_at(struct task *t, int at, const u32 *a, u32 flags)
{
    struct inode *inode;
    int err = path_find_user(t, at, a[0], flags, &inode, NULL);

    if (err < 0)
        return err;
    err = set_owner(t, inode, a[1], a[2]);
    inode_drop(inode);
    return err;
}

// The old calls' ids have 16 bits.
static u32
wide_id(u32 id)
{
    return (id & KEEP_16) == KEEP_16 ? KEEP : id & KEEP_16;
}

int
sys_chown(struct task *t, const u32 *a)
{
    const u32 b[] = {a[0], wide_id(a[1]), wide_id(a[2])};

    return owner_at(t, AT_FDCWD, b, 0);
}

int
sys_lchown(struct task *t, const u32 *a)
{
    const u32 b[] = {a[0], wide_id(a[1]), wide_id(a[2])};

    return owner_at(t, AT_FDCWD, b, PATH_NOFOLLOW);
}

int
sys_chown32(struct task *t, const u32 *a)
{
    return owner_at(t, AT_FDCWD, a, 0);
}

int
sys_lchown32(struct task *t, const u32 *a)
{
    return owner_at(t, AT_FDCWD, a, PATH_NOFOLLOW);
}

int
sys_fchownat(struct task *t, const u32 *a)
{
    u32 flags;
    int err =
        user_path_flags(a[4], AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, &flags);

    return err < 0 ? err : owner_at(t, (int)a[0], a + 1, flags);
}

int
sys_fchown32(struct task *t, const u32 *a)
{
    struct file *f = user_file(t, a[0]);

    if (f == NULL)
        return -EBADF;
    return set_owner(t, f->inode, a[1], a[2]);
}

int
sys_fchown(struct task *t, const u32 *a)
{
    const u32 b[] = {a[0], wide_id(a[1]), wide_id(a[2])};

    return sys_fchown32(t, b);
}

// --- asking ---

static int
may(struct task *t, int at, const u32 *a, u32 flags)
{
    struct inode *inode;
    int err = path_find_user(t, at, a[0], flags, &inode, NULL);

    if (err < 0)
        return err;
    err = (flags & PATH_REAL) != 0 ? inode_access_real(t, inode, a[1])
                                   : inode_access(t, inode, a[1]);
    if (err == 0 && (a[1] & 2) != 0 && inode->device == DEVICE_DISK)
        err = -EROFS;
    inode_drop(inode);
    return err;
}

// With the ids of who started the program, unless the flags say otherwise.
static int
access_at(struct task *t, int at, const u32 *a, u32 flags)
{
    u32 walk;
    int err = user_path_flags(
        flags, AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, &walk);

    if (err < 0 || (a[1] & ~7u) != 0)
        return -EINVAL;
    if ((flags & AT_EACCESS) == 0)
        walk |= PATH_REAL;
    return may(t, at, a, walk);
}

int
sys_access(struct task *t, const u32 *a)
{
    return access_at(t, AT_FDCWD, a, 0);
}

int
sys_faccessat(struct task *t, const u32 *a)
{
    return access_at(t, (int)a[0], a + 1, 0);
}

int
sys_faccessat2(struct task *t, const u32 *a)
{
    return access_at(t, (int)a[0], a + 1, a[3]);
}

int
sys_umask(struct task *t, const u32 *a)
{
    u32 old = t->place->umask;

    t->place->umask = a[0] & 0777;
    return (int)old;
}

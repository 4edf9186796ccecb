// path_open.c -- opening files, and making them so
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/file/path_calls.h"
#include "linux/file/tree.h"
#include "linux/call/user.h"

#define NOT_KEPT (O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC)
#define PATH_ONLY (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define SMALL_MAX 0x7fffffffu

// An open file that only names.
static const struct file_ops name_ops;

// What the flags ask for, as inode_access() has it.
static u32
wanted(u32 flags)
{
    static const u32 access[] = {4, 2, 6, 6};
    u32 want = access[flags & O_ACCMODE];

    return (flags & O_TRUNC) != 0 ? want | 2 : want;
}

static int
check_type(const struct inode *inode, u32 flags)
{
    if (inode_is(inode, S_IFLNK) && (flags & O_PATH) == 0)
        return (flags & O_DIRECTORY) != 0 ? -ENOTDIR : -ELOOP;
    if (inode_is(inode, S_IFDIR)) {
        u32 changes = (flags & O_CREAT) | (wanted(flags) & 2);

        return (flags & O_PATH) == 0 && changes != 0 ? -EISDIR : 0;
    }
    return (flags & O_DIRECTORY) != 0 ? -ENOTDIR : 0;
}

// May an inode that was there be opened so?
static int
check_open(const struct task *t, const struct inode *inode, u32 flags)
{
    u32 want = wanted(flags);
    int err = check_type(inode, flags);

    if (err < 0 || (flags & O_PATH) != 0)
        return err;
    err = inode_access(t, inode, want);
    // What /proc has can be opened so, and refuses to be written.
    if (err == 0 && (want & 2) != 0 && inode_is(inode, S_IFREG) &&
        inode->ops->write == NULL && inode->device != DEVICE_PROC)
        err = user_changeable(inode);
    if (err == 0 && (want & 2) != 0 && inode_is(inode, S_IFREG) &&
        file_executed(t->linux, inode))
        err = -ETXTBSY;
    if (err < 0)
        return err;
    if (inode_is(inode, S_IFREG) && inode->size > SMALL_MAX &&
        (flags & O_LARGEFILE) == 0)
        return -EOVERFLOW;
    if ((flags & O_NOATIME) != 0 && t->euid != 0 && t->euid != inode->uid)
        return -EPERM;
    return 0;
}

// A path was walked: the inode it leads to, which is made if it is to be. Held
// also after an error. 1: it was there, 0: it is new, or -errno
static int
take_inode(struct task *t, struct path *p, u32 flags, u32 mode,
           struct inode **result)
{
    if (p->inode == NULL)
        return path_create(t, p, S_IFREG | (mode & 07777), 0, result);
    if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
        return -EEXIST;
    *result = p->inode;
    inode_hold(*result);
    int err = check_open(t, *result, flags);

    return err < 0 ? err : 1; // it was there
}

// A file without a name on the file system of a directory.
static int
take_nameless(struct task *t, const struct path *p, u32 flags, u32 mode,
              struct inode **result)
{
    if (!inode_is(p->inode, S_IFDIR))
        return -ENOTDIR;
    if ((flags & O_ACCMODE) == 0)
        return -EINVAL;
    int err = user_changeable(p->inode);

    if (err == 0)
        err = inode_access(t, p->inode, 3);
    if (err == 0)
        err = tree_nameless(t->linux, S_IFREG, result);
    if (err < 0)
        return err;
    (*result)->mode |= mode & 07777 & ~t->place->umask;
    (*result)->uid = t->euid;
    (*result)->gid = t->egid;
    if ((flags & O_EXCL) != 0)
        tree_stay_nameless(*result, p->inode);
    return 0;
}

// Open the inode at a descriptor. It is emptied last, when nothing can fail.
static int
open_inode(struct task *t, struct inode *inode, u32 flags, int existed)
{
    struct file *f = NULL;
    int err = 0;

    if ((flags & O_PATH) == 0)
        err = file_open(t, inode, flags, &f);
    else if ((f = file_new(t->linux, &name_ops, flags, inode, NULL)) == NULL)
        err = -ENOMEM;
    if (err < 0 || f == NULL)
        return err;
    f->flags &= ~NOT_KEPT;
    if ((flags & O_TRUNC) != 0 && existed && inode_is(inode, S_IFREG) &&
        inode->ops->truncate != NULL)
        err = inode->ops->truncate(inode, 0);
    if (err == 0)
        err = files_add(t->files, f, 0, (flags & O_CLOEXEC) != 0);
    if (err < 0)
        file_drop(f);
    return err;
}

static int
open_at(struct task *t, int at, u32 path, u32 flags, u32 mode)
{
    u32 walk = 0;
    struct path p;
    struct inode *inode = NULL;

    if ((flags & O_PATH) != 0)
        flags &= PATH_ONLY;
    if ((flags & O_TMPFILE_BIT) != 0 &&
        (flags & (O_DIRECTORY | O_CREAT)) != O_DIRECTORY)
        return -EINVAL;
    if ((flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY))
        return -EINVAL;
    if ((flags & O_CREAT) != 0)
        walk = PATH_CREATE | ((flags & O_EXCL) != 0 ? PATH_NOFOLLOW : 0);
    if ((flags & O_NOFOLLOW) != 0)
        walk |= PATH_NOFOLLOW;
    if (files_vacant(t->files, 0) < 0)
        return -EMFILE;
    int err = path_walk_user(t, at, path, walk, &p);

    if (err < 0)
        return err;
    if ((flags & O_TMPFILE_BIT) != 0)
        err = take_nameless(t, &p, flags, mode, &inode);
    else
        err = take_inode(t, &p, flags, mode, &inode);
    if (err >= 0)
        err = open_inode(t, inode, flags, err == 1);
    inode_drop(inode);
    path_drop(&p);
    return err;
}

int
sys_open(struct task *t, const u32 *a)
{
    return open_at(t, AT_FDCWD, a[0], a[1], a[2]);
}

int
sys_creat(struct task *t, const u32 *a)
{
    return open_at(t, AT_FDCWD, a[0], O_CREAT | O_WRONLY | O_TRUNC, a[1]);
}

int
sys_openat(struct task *t, const u32 *a)
{
    return open_at(t, (int)a[0], a[1], a[2], a[3]);
}

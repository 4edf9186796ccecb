// path_rename.c -- names moved
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/file/path_calls.h"

#define RENAME_NOREPLACE 1u

static int
check(struct task *t, const struct path *old, const struct path *new, u32 flags)
{
    if (old->dir->device != new->dir->device)
        return -EXDEV;
    if (old->special || new->special)
        return -EBUSY;
    if (old->inode == NULL)
        return -ENOENT;
    if (new->inode != NULL && (flags & RENAME_NOREPLACE) != 0)
        return -EEXIST;
    if (!inode_is(old->inode, S_IFDIR) && (old->slash || new->slash))
        return -ENOTDIR;
    int err = path_may_delete(t, old);

    if (err == 0)
        err = new->inode != NULL ? path_may_delete(t, new)
                                 : path_may_create(t, new);
    // Its ".." will be another.
    if (err == 0 && inode_is(old->inode, S_IFDIR) && old->dir != new->dir)
        err = inode_access(t, old->inode, 2);
    return err;
}

static int
rename_at(struct task *t, const u32 *a, u32 flags)
{
    struct path old, new;

    if ((flags & ~RENAME_NOREPLACE) != 0)
        return -EINVAL;
    int err = path_walk_user(t, (int)a[0], a[1], PATH_PARENT, &old);

    if (err < 0)
        return err;
    err = path_walk_user(t, (int)a[2], a[3], PATH_PARENT, &new);
    if (err == 0) {
        err = path_again(&old); // the second walk may have waited
        if (err == 0)
            err = check(t, &old, &new, flags);
        if (err == 0)
            err = old.dir->ops->rename(old.dir, old.name, new.dir, new.name);
        path_drop(&new);
    }
    path_drop(&old);
    return err;
}

int
sys_renameat2(struct task *t, const u32 *a)
{
    return rename_at(t, a, a[4]);
}

int
sys_renameat(struct task *t, const u32 *a)
{
    return rename_at(t, a, 0);
}

int
sys_rename(struct task *t, const u32 *a)
{
    const u32 at[] = {(u32)AT_FDCWD, a[0], (u32)AT_FDCWD, a[1]};

    return rename_at(t, at, 0);
}

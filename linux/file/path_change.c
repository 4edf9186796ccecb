// path_change.c -- may a task change a directory, and how new files look
#include "linux/errno.h"
#include "linux/linux.h"
#include "linux/file/path_calls.h"
#include "linux/file/tree.h"
#include "linux/call/user.h"
#include "tender/text.h"

int
user_string(struct task *t, char *to, u32 from, u32 most)
{
    const char *text = (const char *)(word)from;

    if (t->memory != NULL)
        return memory_string(t->memory, to, from, most);
    if (text_length(text) >= most)
        return -ENAMETOOLONG;
    text_copy(to, text, most);
    return (int)text_length(text);
}

int
user_changeable(const struct inode *inode)
{
    if (inode_is_tree(inode))
        return 0;
    return inode->device == DEVICE_PROC ? -EPERM : -EROFS;
}

int
user_path_flags(u32 flags, u32 allowed, u32 *result)
{
    *result = 0;
    if ((flags & ~allowed) != 0)
        return -EINVAL;
    if ((flags & AT_SYMLINK_NOFOLLOW) != 0)
        *result |= PATH_NOFOLLOW;
    if ((flags & AT_EMPTY_PATH) != 0)
        *result |= PATH_EMPTY;
    return 0;
}

int
path_may_create(struct task *t, const struct path *p)
{
    if (p->inode != NULL)
        return -EEXIST;
    if (p->dir->device == DEVICE_PROC)
        return -ENOENT;
    int err = user_changeable(p->dir);

    return err < 0 ? err : inode_access(t, p->dir, 3);
}

int
path_may_delete(struct task *t, const struct path *p)
{
    if (p->inode == NULL)
        return -ENOENT;
    int err = user_changeable(p->dir);

    if (err == 0)
        err = inode_access(t, p->dir, 3);
    if (err < 0)
        return err;
    if ((p->dir->mode & S_ISVTX) != 0 && t->euid != 0 &&
        t->euid != p->inode->uid && t->euid != p->dir->uid)
        return -EPERM;
    return p->inode->over != NULL ? -EBUSY : 0; // something is mounted there
}

int
path_create(struct task *t, struct path *p, u32 mode, u32 device,
            struct inode **result)
{
    int err = path_may_create(t, p);

    if (err < 0)
        return err;
    if ((p->dir->mode & S_ISGID) != 0 && (mode & S_IFMT) == S_IFDIR)
        mode |= S_ISGID;
    err = p->dir->ops->create(p->dir, p->name, mode & ~t->place->umask, device,
                              result);
    if (err < 0)
        return err;
    (*result)->uid = t->euid;
    (*result)->gid = t->egid;
    if ((p->dir->mode & S_ISGID) != 0)
        (*result)->gid = p->dir->gid;
    return 0;
}

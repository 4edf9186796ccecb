// path_size.c -- files cut and lengthened; attributes there are none of
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/file/path.h"
#include "linux/call/user.h"

static int
cut(struct task *t, struct inode *inode, u64 size)
{
    u32 last = 1;

    if (inode_is(inode, S_IFDIR))
        return -EISDIR;
    if (!inode_is(inode, S_IFREG))
        return -EINVAL;
    if (inode->ops->truncate == NULL)
        return user_changeable(inode) < 0 ? user_changeable(inode) : -EPERM;
    int err = size > inode->size ? limit_size(t, size - 1, &last) : 0;

    return err < 0 ? err : inode->ops->truncate(inode, size);
}

static int
cut_path(struct task *t, u32 path, u64 size)
{
    struct inode *inode;

    if ((long long)size < 0)
        return -EINVAL;
    int err = path_find_user(t, AT_FDCWD, path, 0, &inode, NULL);

    if (err < 0)
        return err;
    if (!inode_is(inode, S_IFDIR))
        err = inode_access(t, inode, 2);
    if (err == 0 && file_executed(t->linux, inode))
        err = -ETXTBSY;
    if (err == 0)
        err = cut(t, inode, size);
    inode_drop(inode);
    return err;
}

static int
cut_file(struct task *t, u32 descriptor, u64 size)
{
    struct file *f = user_file(t, descriptor);

    if (f == NULL)
        return -EBADF;
    if ((long long)size < 0 || (f->flags & O_ACCMODE) == 0)
        return -EINVAL;
    if (!inode_is(f->inode, S_IFREG))
        return -EINVAL;
    return cut(t, f->inode, size);
}

int
sys_truncate(struct task *t, const u32 *a)
{
    return cut_path(t, a[0], (u64)(long long)(int)a[1]);
}

int
sys_ftruncate(struct task *t, const u32 *a)
{
    return cut_file(t, a[0], (u64)(long long)(int)a[1]);
}

int
sys_truncate64(struct task *t, const u32 *a)
{
    return cut_path(t, a[0], wide(a + 1));
}

int
sys_ftruncate64(struct task *t, const u32 *a)
{
    return cut_file(t, a[0], wide(a + 1));
}

// --- extended attributes ---

static int
no_attribute(struct task *t, u32 path, u32 flags, int answer)
{
    struct inode *inode;
    int err = path_find_user(t, AT_FDCWD, path, flags, &inode, NULL);

    if (err < 0)
        return err;
    inode_drop(inode);
    return answer;
}

int
sys_getxattr(struct task *t, const u32 *a)
{
    return no_attribute(t, a[0], 0, -EOPNOTSUPP);
}

int
sys_lgetxattr(struct task *t, const u32 *a)
{
    return no_attribute(t, a[0], PATH_NOFOLLOW, -EOPNOTSUPP);
}

int
sys_fgetxattr(struct task *t, const u32 *a)
{
    return user_file(t, a[0]) == NULL ? -EBADF : -EOPNOTSUPP;
}

int
sys_listxattr(struct task *t, const u32 *a)
{
    return no_attribute(t, a[0], 0, 0);
}

int
sys_llistxattr(struct task *t, const u32 *a)
{
    return no_attribute(t, a[0], PATH_NOFOLLOW, 0);
}

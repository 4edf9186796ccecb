// path_names.c -- names made and removed
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/file/path_calls.h"
#include "linux/file/tree.h"
#include "linux/call/user.h"
#include "tender/text.h"

// What is no directory cannot be made with a slash behind its name.
static int
check_slash(const struct path *p)
{
    return p->inode == NULL && p->slash ? -ENOENT : 0;
}

// --- directories and nodes ---

static int
make(struct task *t, int at, u32 path, u32 mode, u32 device)
{
    struct path p;
    struct inode *inode = NULL;
    int err = path_walk_user(t, at, path, PATH_PARENT, &p);

    if (err < 0)
        return err;
    if ((mode & S_IFMT) != S_IFDIR)
        err = check_slash(&p);
    if (err == 0)
        err = path_create(t, &p, mode, device, &inode);
    inode_drop(inode);
    path_drop(&p);
    return err;
}

int
sys_mkdirat(struct task *t, const u32 *a)
{
    return make(t, (int)a[0], a[1], S_IFDIR | (a[2] & 01777), 0);
}

int
sys_mkdir(struct task *t, const u32 *a)
{
    return make(t, AT_FDCWD, a[0], S_IFDIR | (a[1] & 01777), 0);
}

static int
make_node(struct task *t, int at, u32 path, u32 mode, u32 device)
{
    switch (mode & S_IFMT) {
    case 0:
        mode |= S_IFREG;
        device = 0;
        break;
    case S_IFREG:
    case S_IFIFO:
    case S_IFSOCK:
        device = 0;
        break;
    case S_IFCHR:
    case S_IFBLK:
        if (t->euid != 0)
            return -EPERM;
        break;
    case S_IFDIR:
        return -EPERM;
    default:
        return -EINVAL;
    }
    return make(t, at, path, mode & (S_IFMT | 07777), device);
}

int
sys_mknodat(struct task *t, const u32 *a)
{
    return make_node(t, (int)a[0], a[1], a[2], a[3]);
}

int
sys_mknod(struct task *t, const u32 *a)
{
    return make_node(t, AT_FDCWD, a[0], a[1], a[2]);
}

// --- removing ---

static int
remove(struct task *t, int at, u32 path, int directory)
{
    struct path p;
    int err = path_walk_user(t, at, path, PATH_PARENT, &p);

    if (err < 0)
        return err;
    if (p.special && !directory)
        err = -EISDIR;
    else if (p.special && text_equal(p.name, "."))
        err = -EINVAL;
    else if (p.special)
        err = p.name[0] == 0 ? -EBUSY : -ENOTEMPTY;
    else if (p.slash && p.inode != NULL && !inode_is(p.inode, S_IFDIR))
        err = -ENOTDIR;
    else
        err = path_may_delete(t, &p);
    if (err == 0)
        err = p.dir->ops->unlink(p.dir, p.name, directory);
    path_drop(&p);
    return err;
}

int
sys_unlink(struct task *t, const u32 *a)
{
    return remove(t, AT_FDCWD, a[0], 0);
}

int
sys_rmdir(struct task *t, const u32 *a)
{
    return remove(t, AT_FDCWD, a[0], 1);
}

int
sys_unlinkat(struct task *t, const u32 *a)
{
    if ((a[2] & ~AT_REMOVEDIR) != 0)
        return -EINVAL;
    return remove(t, (int)a[0], a[1], a[2] != 0);
}

// --- links ---

static int
link_to(struct task *t, struct inode *inode, int at, u32 path)
{
    struct path p;
    int err = path_walk_user(t, at, path, PATH_PARENT, &p);

    if (err < 0)
        return err;
    err = check_slash(&p);
    if (err == 0)
        err = path_may_create(t, &p);
    // A pipe without a name, or an epoll, is on no file system of names.
    int nowhere = inode->links == 0 && !inode_is(inode, S_IFREG);

    if (err == -EROFS ||
        (err == 0 && (nowhere || p.dir->device != inode->device)))
        err = -EXDEV;
    else if (err == 0 && inode_is(inode, S_IFDIR))
        err = -EPERM;
    else if (err == 0 && inode->links == 0 && inode->parent != NULL)
        err = -ENOENT; // it was removed: not one that never had a name
    if (err == 0)
        err = p.dir->ops->link(p.dir, p.name, inode);
    path_drop(&p);
    return err;
}

static int
link_at(struct task *t, const u32 *a, u32 flags)
{
    u32 walk = PATH_NOFOLLOW;
    struct inode *inode;

    if ((flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) != 0)
        return -EINVAL;
    if ((flags & AT_SYMLINK_FOLLOW) != 0)
        walk = 0;
    if ((flags & AT_EMPTY_PATH) != 0)
        walk |= PATH_EMPTY;
    int err = path_find_user(t, (int)a[0], a[1], walk, &inode, NULL);

    if (err < 0)
        return err;
    err = link_to(t, inode, (int)a[2], a[3]);
    inode_drop(inode);
    return err;
}

int
sys_linkat(struct task *t, const u32 *a)
{
    return link_at(t, a, a[4]);
}

int
sys_link(struct task *t, const u32 *a)
{
    const u32 at[] = {(u32)AT_FDCWD, a[0], (u32)AT_FDCWD, a[1]};

    return link_at(t, at, 0);
}

static int
make_symlink(struct task *t, const char *target, int at, u32 path)
{
    struct path p;
    struct inode *inode;
    int err = path_walk_user(t, at, path, PATH_PARENT, &p);

    if (err < 0)
        return err;
    err = check_slash(&p);
    if (err == 0)
        err = path_may_create(t, &p);
    if (err == 0)
        err = p.dir->ops->symlink(p.dir, p.name, target);
    if (err == 0 && p.dir->ops->lookup(p.dir, p.name, &inode) == 0) {
        inode->uid = t->euid;
        inode->gid = (p.dir->mode & S_ISGID) != 0 ? p.dir->gid : t->egid;
        inode_drop(inode);
    }
    path_drop(&p);
    return err;
}

static int
symlink_at(struct task *t, u32 target, int at, u32 path)
{
    struct pages *pages = &t->linux->pages;
    page_no page = pages_new_raw(pages);

    if (page == 0)
        return -ENOMEM;
    char *text = pages_at(pages, page);
    int length = user_string(t, text, target, FILE_PATH_MAX);

    if (length == 0)
        length = -ENOENT;
    if (length > 0)
        length = make_symlink(t, text, at, path);
    pages_drop(pages, page);
    return length;
}

int
sys_symlinkat(struct task *t, const u32 *a)
{
    return symlink_at(t, a[0], (int)a[1], a[2]);
}

int
sys_symlink(struct task *t, const u32 *a)
{
    return symlink_at(t, a[0], AT_FDCWD, a[1]);
}

static int
read_link(struct task *t, const struct path *p, u32 to, u32 bytes)
{
    struct pages *pages = &t->linux->pages;
    struct inode *inode = p->inode;

    if (!inode_is(inode, S_IFLNK) || inode->ops->readlink == NULL)
        return p->special && p->name[0] == 0 ? -ENOENT : -EINVAL;
    page_no page = pages_new_raw(pages);

    if (page == 0)
        return -ENOMEM;
    char *text = pages_at(pages, page);
    int length = inode->ops->readlink(inode, text, MIN(bytes, PAGE_SIZE));
    int err = length <= 0 ? 0 : user_put(t, to, text, (u32)length);

    pages_drop(pages, page);
    return err < 0 ? err : length;
}

int
sys_readlinkat(struct task *t, const u32 *a)
{
    struct path p;

    if ((int)a[3] <= 0)
        return -EINVAL;
    int err =
        path_walk_user(t, (int)a[0], a[1], PATH_NOFOLLOW | PATH_EMPTY, &p);

    if (err < 0)
        return err;
    err = read_link(t, &p, a[2], a[3]);
    path_drop(&p);
    return err;
}

int
sys_readlink(struct task *t, const u32 *a)
{
    const u32 at[] = {(u32)AT_FDCWD, a[0], a[1], a[2]};

    return sys_readlinkat(t, at);
}

// tree_names.c -- names come and go in the directories of the tree
#include "linux/file/tree.h"

#include "linux/errno.h"
#include "linux/linux.h"
#include "tender/text.h"

// May a name come into a directory?
static int
check_new(const struct inode *dir, const char *name)
{
    if (dir->links == 0)
        return -ENOENT; // it was removed, somebody only works in it
    if (entry_find(dir, name) != NULL)
        return -EEXIST;
    return pages_room_files(&dir->linux->pages) ? 0 : -ENOSPC;
}

int
tree_create(struct inode *dir, const char *name, u32 mode, u32 device,
            struct inode **result)
{
    int err = check_new(dir, name);

    if (err < 0)
        return err;
    struct inode *inode = tree_new(dir->linux, mode);

    if (inode == NULL)
        return -ENOSPC;
    err = entry_add(dir, name, inode);
    if (err < 0) {
        inode_drop(inode);
        return err;
    }
    inode->rdev = device;
    inode->links = 1;
    inode->parent = dir;
    if (inode_is(inode, S_IFDIR)) {
        inode->links = 2; // its name and its "."
        dir->links++;
    }
    tree_touch(dir);
    *result = inode;
    return 0;
}

// The target of a link: in the heap if it fits there, else in a page.
static int
put_target(struct inode *inode, const char *target)
{
    u32 bytes = text_length(target) + 1;
    char *to;

    if (bytes > FILE_PATH_MAX)
        return -ENAMETOOLONG;
    if (bytes <= 2048) {
        to = inode->state = heap_new(&inode->linux->heap, bytes);
    } else {
        inode->word[0] = pages_new(&inode->linux->pages);
        if (inode->word[0] == 0)
            return -ENOSPC;
        to = pages_at(&inode->linux->pages, inode->word[0]);
    }
    if (to == NULL)
        return -ENOSPC;
    memcpy(to, target, bytes);
    inode->size = bytes - 1;
    return 0;
}

int
tree_symlink(struct inode *dir, const char *name, const char *target)
{
    int err = check_new(dir, name);

    if (err < 0)
        return err;
    struct inode *inode = tree_new(dir->linux, S_IFLNK | 0777);

    if (inode == NULL)
        return -ENOSPC;
    err = put_target(inode, target);
    if (err == 0)
        err = entry_add(dir, name, inode);
    if (err == 0) {
        inode->links = 1;
        inode->parent = dir;
        tree_touch(dir);
    }
    inode_drop(inode);
    return err;
}

int
tree_link(struct inode *dir, const char *name, struct inode *inode)
{
    int err = check_new(dir, name);

    if (err < 0)
        return err;
    if (inode_is(inode, S_IFDIR))
        return -EPERM;
    err = entry_add(dir, name, inode);
    if (err < 0)
        return err;
    if (inode->links++ == 0)
        tree_forget_name(inode);
    inode->parent = dir;
    inode->ctime = linux_real_us(inode->linux);
    tree_touch(dir);
    return 0;
}

int
tree_unlink(struct inode *dir, const char *name, int directory)
{
    struct entry *e = entry_find(dir, name);

    if (e == NULL)
        return -ENOENT;
    struct inode *inode = e->inode;

    if (directory && !inode_is(inode, S_IFDIR))
        return -ENOTDIR;
    if (!directory && inode_is(inode, S_IFDIR))
        return -EISDIR;
    if (directory && entry_count(inode) != 0)
        return -ENOTEMPTY;
    entry_remove(dir, e);
    if (directory)
        dir->links--;
    tree_touch(dir);
    tree_unname(inode, dir, name);
    return 0;
}

// tree_rename.c -- a name moves, perhaps over another
//
// First everything is refused that can be, then the new name is made, which may
// fail, then the old one goes, which cannot.
#include "linux/file/tree.h"

#include "linux/errno.h"
#include "linux/linux.h"
#include "tender/text.h"

static int
is_within(const struct inode *dir, const struct inode *in)
{
    while (dir != NULL && dir != in)
        dir = dir->parent;
    return dir == in;
}

static int
check(const struct inode *moved, const struct inode *from,
      const struct inode *to, const struct entry *over)
{
    int directory = inode_is(moved, S_IFDIR);

    if (to->links == 0)
        return -ENOENT;
    if (directory && is_within(to, moved))
        return -EINVAL;
    if (over == NULL)
        return 0;
    if (is_within(from, over->inode))
        return -ENOTEMPTY;
    if (directory && !inode_is(over->inode, S_IFDIR))
        return -ENOTDIR;
    if (!directory && inode_is(over->inode, S_IFDIR))
        return -EISDIR;
    return directory && entry_count(over->inode) != 0 ? -ENOTEMPTY : 0;
}

int
tree_rename(struct inode *from, const char *name, struct inode *to,
            const char *new_name)
{
    struct entry *old = entry_find(from, name);
    struct entry *over = entry_find(to, new_name);

    if (old == NULL)
        return -ENOENT;
    struct inode *moved = old->inode;

    if (over != NULL && over->inode == moved)
        return 0; // two names of one file: both stay
    int err = check(moved, from, to, over);

    if (err == 0 && over == NULL)
        err = entry_add(to, new_name, moved);
    if (err < 0)
        return err;
    struct inode *gone = NULL;

    if (over != NULL) {
        gone = over->inode;
        over->inode = moved; // the name never leads nowhere
    }
    entry_remove(from, old);
    moved->parent = to;
    if (inode_is(moved, S_IFDIR)) {
        from->links--;
        to->links += gone == NULL;
    }
    moved->ctime = linux_real_us(moved->linux);
    tree_touch(from);
    tree_touch(to);
    if (gone != NULL)
        tree_unname(gone, to, new_name);
    return 0;
}

// path_of.c -- the absolute path of a directory
//
// Upwards, looking in each directory for the name of where we came from. So it
// is the same for all file systems.
#include "linux/file/path.h"

#include "linux/errno.h"
#include "linux/linux.h"
#include "tender/text.h"

// The name under which a directory lists an inode.
static int
name_in(struct inode *dir, u32 number, struct directory_item *item)
{
    u64 position = 0;
    int got;

    while ((got = dir->ops->list(dir, &position, item)) > 0)
        if (item->inode == number && !text_equal(item->name, ".") &&
            !text_equal(item->name, ".."))
            return 0;
    return got < 0 ? got : -ENOENT;
}

// Put a part and a slash before what is there.
static int
put_before(char *to, u32 *at, const char *name)
{
    u32 length = text_length(name);

    if (length + 1 > *at)
        return -ERANGE;
    *at -= length + 1;
    to[*at] = '/';
    memcpy(to + *at + 1, name, length);
    return 0;
}

// One directory upwards, with its name. 1: it was the root.
static int
climb(struct task *t, struct inode **dir, char *to, u32 *at)
{
    struct directory_item item;
    struct inode *up, *here = *dir;

    while (here != t->place->root && here->over != NULL)
        here = here->over;
    if (here == t->place->root)
        return 1;
    if (here->links == 0)
        return -ENOENT;
    int err = here->ops->lookup(here, "..", &up);

    if (err < 0)
        return err;
    // The top of all, but not of this task: its root was changed below it.
    err = up == here ? -ENOENT : name_in(up, here->number, &item);
    if (err == 0)
        err = put_before(to, at, item.name);
    inode_drop(*dir);
    *dir = up;
    return err;
}

int
path_of(struct task *t, struct inode *dir, char *to, u32 bytes)
{
    u32 at = bytes - 1;
    int err = 0;

    if (bytes < 2)
        return -ERANGE;
    inode_hold(dir);
    while (err == 0)
        err = climb(t, &dir, to, &at);
    inode_drop(dir);
    if (err < 0)
        return err;
    if (at == bytes - 1)
        to[--at] = '/';
    memmove(to, to + at, bytes - 1 - at);
    to[bytes - 1 - at] = 0;
    return (int)(bytes - 1 - at);
}

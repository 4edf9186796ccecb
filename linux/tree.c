// tree.c -- the file system in plates
//
// Inodes are objects of the heap. One goes when nothing names it and nothing
// holds it. A directory's parent is held only by a directory that was removed
// and in which somebody still works: its ".." leads there.
//
//                     state               word
//     regular         -                   pages (tree_data.c)
//     directory       entries' root       [0] how many (tree_entries.c)
//     symbolic link   target, or NULL     [0] the target's page
#include "linux/tree.h"

#include "linux/errno.h"
#include "linux/linux.h"
#include "tender/assert.h"
#include "tender/text.h"

struct inode *
tree_new(struct linux *l, u32 mode)
{
    struct inode *inode = heap_new(&l->heap, sizeof(*inode));

    if (inode == NULL)
        return NULL;
    inode->linux = l;
    inode->ops = &tree_ops;
    inode->number = ++l->inodes;
    inode->device = DEVICE_TREE;
    inode->refs = 1;
    inode->mode = mode;
    inode->atime = inode->mtime = inode->ctime = linux_real_us(l);
    return inode;
}

void
tree_touch(struct inode *inode)
{
    inode->mtime = inode->ctime = linux_real_us(inode->linux);
}

void
tree_unname(struct inode *inode)
{
    inode_hold(inode);
    inode->ctime = linux_real_us(inode->linux);
    if (inode_is(inode, S_IFDIR)) {
        inode->links = 0;
        inode_hold(inode->parent);
    } else {
        inode->links--;
    }
    inode_drop(inode);
}

static void
destroy(struct inode *inode)
{
    struct linux *l = inode->linux;

    ASSERT(inode->links == 0 && inode->refs == 0);
    if (inode_is(inode, S_IFREG)) // areas hold it: it is not mapped
        data_cut(inode, 0);
    if (inode_is(inode, S_IFLNK) && inode->state != NULL)
        heap_free(&l->heap, inode->state, (u32)inode->size + 1);
    if (inode_is(inode, S_IFLNK) && inode->word[0] != 0)
        pages_drop(&l->pages, inode->word[0]);
    heap_free(&l->heap, inode, sizeof(*inode));
}

// With a removed directory its parent may go, and so on: a loop, for the depth
// has no limit and the stack has.
static void
release(struct inode *inode)
{
    while (inode != NULL && inode->refs == 0 && inode->links == 0) {
        struct inode *parent = inode->parent;

        destroy(inode);
        if (parent != NULL)
            parent->refs--;
        inode = parent;
    }
}

// --- looking ---

static int
lookup(struct inode *dir, const char *name, struct inode **result)
{
    struct inode *inode = NULL;

    if (text_equal(name, ".."))
        inode = dir->parent != NULL ? dir->parent : dir;
    else if (text_equal(name, "."))
        inode = dir;
    else {
        struct entry *e = entry_find(dir, name);

        inode = e == NULL ? NULL : e->inode;
    }
    if (inode == NULL)
        return -ENOENT;
    inode_hold(inode);
    *result = inode;
    return 0;
}

// Positions: 0 ".", 1 "..", 2 + key.
static int
list(struct inode *dir, u64 *position, struct directory_item *item)
{
    const struct inode *inode = dir;

    if (dir->links == 0)
        return 0;
    if (*position < 2) {
        if (*position == 1 && dir->parent != NULL)
            inode = dir->parent;
        text_copy(item->name, *position == 0 ? "." : "..", 3);
        ++*position;
    } else {
        if (*position - 2 >= ENTRY_KEYS)
            return 0;
        struct entry *e = entry_from(dir, (u32)(*position - 2));

        if (e == NULL)
            return 0;
        inode = e->inode;
        text_copy(item->name, e->name, sizeof(item->name));
        *position = (u64)e->key + 3;
    }
    item->inode = inode->number;
    item->type = (inode->mode & S_IFMT) >> 12;
    return 1;
}

static int
readlink(struct inode *inode, char *to, u32 bytes)
{
    const char *target = inode->state;

    if (target == NULL)
        target = pages_at(&inode->linux->pages, inode->word[0]);
    if (bytes > inode->size)
        bytes = (u32)inode->size;
    memcpy(to, target, bytes);
    return (int)bytes;
}

const struct inode_ops tree_ops = {
    .lookup = lookup,
    .list = list,
    .create = tree_create,
    .symlink = tree_symlink,
    .link = tree_link,
    .unlink = tree_unlink,
    .rename = tree_rename,
    .readlink = readlink,
    .read = tree_read,
    .write = tree_write,
    .truncate = tree_truncate,
    .page = tree_page,
    .release = release,
};

// --- making ---

int
tree_make(struct linux *l, struct inode **root)
{
    struct inode *inode = tree_new(l, S_IFDIR | 0755);

    if (inode == NULL)
        return -ENOMEM;
    inode->links = 2;
    *root = inode;
    return 0;
}

int
tree_nameless(struct linux *l, u32 mode, struct inode **result)
{
    struct inode *inode = tree_new(l, mode);

    if (inode == NULL)
        return -ENOMEM;
    *result = inode;
    return 0;
}

int
tree_anonymous(struct linux *l, struct inode **result)
{
    return tree_nameless(l, S_IFREG | 0600, result);
}

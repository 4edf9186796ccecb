// tree.c -- the file system in plates
//
// Inodes are objects of the heap. One goes when nothing names it and nothing
// holds it. Its parent is held only by one that was removed: by a directory in
// which somebody still works (its ".." leads there), by a file for its name.
// A file of which a name was removed may have forgotten its parent.
//
//                     state               word
//     regular         the name it had,    pages (tree_data.c)
//                     or NULL
//     directory       entries' root       [0] how many (tree_entries.c)
//     symbolic link   target, or NULL     [0] the target's page
#include "linux/file/tree.h"

#include "linux/errno.h"
#include "linux/linux.h"
#include "tender/assert.h"
#include "tender/text.h"

// What is shown of an empty one, as on Linux where files are in memory. It is
// not 0: scripts ask for that with test -s.
#define EMPTY_DIRECTORY 40u

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
    if (inode_is(inode, S_IFDIR))
        inode->size = EMPTY_DIRECTORY;
    return inode;
}

void
tree_touch(struct inode *inode)
{
    inode->mtime = inode->ctime = linux_real_us(inode->linux);
}

// Somebody still has it open: what was it called?
static void
keep_name(struct inode *inode, const char *name)
{
    u32 bytes = text_length(name) + 1;

    if (inode->refs <= 1 || !inode_is(inode, S_IFREG))
        return;
    inode->state = heap_new(&inode->linux->heap, bytes);
    if (inode->state != NULL)
        memcpy(inode->state, name, bytes);
}

void
tree_unname(struct inode *inode, struct inode *dir, const char *name)
{
    inode_hold(inode);
    inode->ctime = linux_real_us(inode->linux);
    inode->links = inode_is(inode, S_IFDIR) ? 0 : inode->links - 1;
    if (inode->links == 0) {
        inode->parent = dir;
        inode_hold(dir);
        keep_name(inode, name);
    } else if (inode->parent == dir) {
        inode->parent = NULL; // the other names are elsewhere, perhaps
    }
    inode_drop(inode);
}

static void
drop_name(struct inode *inode)
{
    char *name = inode->state;

    if (inode_is(inode, S_IFREG) && name != NULL) {
        heap_free(&inode->linux->heap, name, text_length(name) + 1);
        inode->state = NULL;
    }
}

void
tree_forget_name(struct inode *inode)
{
    drop_name(inode);
    inode_drop(inode->parent);
    inode->parent = NULL;
}

static struct inode *
seen_in(struct inode *inode, const char **name)
{
    if (inode->parent != NULL)
        inode_hold(inode->parent);
    *name = inode->links == 0 ? inode->state : NULL;
    return inode->parent;
}

static void
destroy(struct inode *inode)
{
    struct linux *l = inode->linux;

    ASSERT(inode->links == 0 && inode->refs == 0);
    if (inode_is(inode, S_IFREG)) // areas hold it: it is not mapped
        data_cut(inode, 0);
    drop_name(inode);
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
    .seen_in = seen_in,
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

void
tree_stay_nameless(struct inode *inode, struct inode *dir)
{
    ASSERT(inode->links == 0 && inode->parent == NULL);
    inode->parent = dir;
    inode_hold(dir);
}

int
tree_anonymous(struct linux *l, struct inode **result)
{
    int err = tree_nameless(l, S_IFREG | 0600, result);

    if (err == 0)
        (*result)->device = DEVICE_SHARED;
    return err;
}

// disk_tree.c -- /disk: the files of the boot disk, read-only
//
// An inode is here as long as somebody holds it; all that are, form a list at
// the root (state: the next one; parent: the root). Every question is put to
// the disk by the inode's number and may wait; the disk may be another one after
// a power cut, and answers what it has.
#include "linux/errno.h"
#include "linux/linux.h"
#include "linux/file/tree.h"
#include "tender/error.h"
#include "tender/text.h"

#define ROOT_INODE 2u
#define SECOND 1000000ll

extern const struct inode_ops disk_tree_ops;

static int
ask(const struct inode *inode, struct disk_inode *what)
{
    what->inode = inode->number;
    int got = gate_control(inode->linux->gate, KIND_ID(KIND_DISK), DISK_INODE,
                           (word)what, 0, 0);

    return errno_of(got);
}

// --- inodes ---

static struct inode *
find_live(const struct inode *root, u32 number)
{
    struct inode *inode = (struct inode *)root;

    while (inode != NULL && inode->number != number)
        inode = inode->state;
    return inode;
}

static void
fill(struct inode *inode, const struct ext2_inode *from)
{
    inode->ops = &disk_tree_ops;
    inode->device = DEVICE_DISK;
    inode->refs = 1;
    inode->mode = from->mode;
    inode->links = from->links;
    inode->uid = from->uid;
    inode->gid = from->gid;
    inode->rdev = from->device;
    inode->size = from->bytes;
    inode->atime = (int)from->atime * SECOND;
    inode->mtime = (int)from->mtime * SECOND;
    inode->ctime = (int)from->ctime * SECOND;
}

// The inode of a number, held.
static int
get_inode(struct inode *root, u32 number, struct inode **result)
{
    struct ext2_inode about;
    struct inode key = {.linux = root->linux, .number = number};
    struct disk_inode what = {.ask = DISK_INODE_LOOK, .buffer = &about};
    int err = find_live(root, number) != NULL ? 0 : ask(&key, &what);

    if (err < 0)
        return err;
    *result = find_live(root, number); // somebody else may have made it
    if (*result != NULL) {
        inode_hold(*result);
        return 0;
    }
    struct inode *inode = heap_new(&root->linux->heap, sizeof(*inode));

    if (inode == NULL)
        return -ENOMEM;
    inode->linux = root->linux;
    inode->number = number;
    fill(inode, &about);
    inode->parent = root;
    inode->state = root->state;
    root->state = inode;
    *result = inode;
    return 0;
}

static void
release(struct inode *inode)
{
    struct inode *before = inode->parent;

    if (before == NULL)
        return; // the root stays
    while (before->state != inode)
        before = before->state;
    before->state = inode->state;
    data_cut(inode, 0);
    heap_free(&inode->linux->heap, inode, sizeof(*inode));
}

static struct inode *
root_of(struct inode *inode)
{
    return inode->parent != NULL ? inode->parent : inode;
}

// --- directories ---

static int
lookup(struct inode *dir, const char *name, struct inode **result)
{
    struct disk_inode what = {.ask = DISK_INODE_FIND, .buffer = (void *)name};
    int err = ask(dir, &what);

    if (err == 0)
        err = get_inode(root_of(dir), what.found, result);
    if (err == 0)
        (*result)->seen_in = dir->number;
    return err;
}

static struct inode *
seen_in(struct inode *inode, const char **name)
{
    struct inode *dir;

    *name = NULL;
    if (inode->seen_in == 0 ||
        get_inode(root_of(inode), inode->seen_in, &dir) < 0)
        return NULL;
    return dir;
}

static u32
type_of(u32 type)
{
    static const u8 types[] = {0, 8, 4, 2, 6, 1, 12, 10};

    return type < sizeof(types) ? types[type] : 0;
}

static int
list(struct inode *dir, u64 *position, struct directory_item *item)
{
    struct ext2_name name;
    struct disk_inode what = {.ask = DISK_INODE_NEXT,
                              .inode = dir->number,
                              .offset = (u32)*position,
                              .buffer = &name};

    // A position that no listing gave is refused by the disk as damage.
    if (*position >= dir->size)
        return 0;
    int got = gate_control(dir->linux->gate, KIND_ID(KIND_DISK), DISK_INODE,
                           (word)&what, 0, 0);

    if (got < 0)
        return got == E_NAME ? 0 : errno_of(got);
    *position = what.offset;
    item->inode = name.inode;
    item->type = type_of(name.type);
    text_copy(item->name, name.name, sizeof(item->name));
    return 1;
}

static int
readlink(struct inode *inode, char *to, u32 bytes)
{
    struct disk_inode what = {
        .ask = DISK_INODE_LINK, .buffer = to, .bytes = bytes};

    return ask(inode, &what);
}

// --- files ---

// A page of the file, with zeros behind its end; the caller's.
static int
load(struct inode *inode, u32 index, page_no *result)
{
    struct pages *pages = &inode->linux->pages;
    page_no page = pages_new(pages);
    struct disk_inode what = {.ask = DISK_INODE_READ,
                              .offset = index * PAGE_SIZE,
                              .bytes = PAGE_SIZE};

    if (page == 0)
        return -ENOMEM;
    what.buffer = pages_at(pages, page);
    int got = ask(inode, &what);

    if (got < 0) {
        pages_drop(pages, page);
        return got;
    }
    *result = page;
    return 0;
}

// For mappings the pages stay as long as the inode.
static int
page(struct inode *inode, u32 index, int write, page_no *result)
{
    page_no loaded;

    (void)write; // the right to write is never given: it cannot be opened so
    if ((u64)index * PAGE_SIZE >= inode->size)
        return -EIO;
    *result = data_page(inode, index);
    if (*result != 0)
        return 0;
    int err = load(inode, index, &loaded);

    if (err < 0)
        return err;
    *result = data_page(inode, index); // while the disk was read
    if (*result == 0) {
        err = data_set(inode, index, loaded);
        *result = loaded;
    }
    if (*result != loaded || err < 0)
        pages_drop(&inode->linux->pages, loaded);
    return err;
}

// For reading they do not: a large file would fill the memory.
static int
read_page(struct inode *inode, u32 index, page_no *result)
{
    *result = data_page(inode, index);
    if (*result == 0)
        return load(inode, index, result);
    pages_hold(&inode->linux->pages, *result);
    return 0;
}

static int
read(struct inode *inode, struct buffer *to, u32 bytes, u64 at)
{
    struct pages *pages = &inode->linux->pages;
    u32 done = 0;
    int err = 0;

    while (err == 0 && done < bytes && at < inode->size) {
        u32 from = (u32)(at % PAGE_SIZE);
        page_no n;

        err = read_page(inode, (u32)(at / PAGE_SIZE), &n);
        if (err < 0)
            break;
        u32 left = (u32)MIN((u64)(PAGE_SIZE - from), inode->size - at);

        left = MIN(left, bytes - done);
        while (err == 0 && left > 0) { // up to what the program lacks
            u32 piece = tree_piece(to, left, at);

            err = buffer_put(to, (u8 *)pages_at(pages, n) + at % PAGE_SIZE,
                             piece);
            if (err == 0) {
                left -= piece;
                done += piece;
                at += piece;
            }
        }
        pages_drop(pages, n);
    }
    return done > 0 ? (int)done : err;
}

const struct inode_ops disk_tree_ops = {
    .lookup = lookup,
    .list = list,
    .readlink = readlink,
    .seen_in = seen_in,
    .read = read,
    .page = page,
    .release = release,
};

int
disk_tree_make(struct linux *l, struct inode **root)
{
    struct ext2_inode about;
    struct inode key = {.linux = l, .number = ROOT_INODE};
    struct disk_inode what = {.ask = DISK_INODE_LOOK, .buffer = &about};
    int err = ask(&key, &what);

    if (err < 0)
        return err;
    struct inode *inode = heap_new(&l->heap, sizeof(*inode));

    if (inode == NULL)
        return -ENOMEM;
    inode->linux = l;
    inode->number = ROOT_INODE;
    fill(inode, &about);
    *root = inode;
    return 0;
}

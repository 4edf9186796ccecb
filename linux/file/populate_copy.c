// populate_copy.c -- a directory of the boot disk is copied into the tree
//
// No recursion: directories in hand form a chain in the heap, as do the files
// with several names, which stay one file.
#include "linux/errno.h"
#include "linux/linux.h"
#include "linux/file/populate.h"
#include "linux/file/tree.h"
#include "tender/text.h"

struct in_hand {
    struct in_hand *next;
    struct inode *from, *to; // held
    u64 position;
};

struct twin {
    struct twin *next;
    u32 number;       // on the disk
    struct inode *to; // held
};

struct copy {
    struct linux *l;
    struct in_hand *top;
    struct twin *twins;
    u32 copied, lost;
    int first_error;
    char first_lost[64];
    struct directory_item item;
};

// Takes over the holds, also after an error.
static int
push(struct copy *c, struct inode *from, struct inode *to)
{
    struct in_hand *dir = heap_new(&c->l->heap, sizeof(*dir));

    if (dir == NULL) {
        inode_drop(from);
        inode_drop(to);
        return -ENOMEM;
    }
    dir->from = from;
    dir->to = to;
    dir->next = c->top;
    c->top = dir;
    return 0;
}

static void
pop(struct copy *c)
{
    struct in_hand *dir = c->top;

    c->top = dir->next;
    inode_drop(dir->from);
    inode_drop(dir->to);
    heap_free(&c->l->heap, dir, sizeof(*dir));
}

static void
forget_twins(struct copy *c)
{
    while (c->twins != NULL) {
        struct twin *twin = c->twins;

        c->twins = twin->next;
        inode_drop(twin->to);
        heap_free(&c->l->heap, twin, sizeof(*twin));
    }
}

static struct inode *
find_twin(const struct copy *c, u32 number)
{
    const struct twin *twin = c->twins;

    while (twin != NULL && twin->number != number)
        twin = twin->next;
    return twin == NULL ? NULL : twin->to;
}

// Without the note its other names become files of their own: no harm.
static void
note_twin(struct copy *c, u32 number, struct inode *to)
{
    struct twin *twin = heap_new(&c->l->heap, sizeof(*twin));

    if (twin == NULL)
        return;
    inode_hold(to);
    *twin = (struct twin){c->twins, number, to};
    c->twins = twin;
}

// --- one file ---

// Whatever page it reads is the file's own: nothing is copied twice.
static int
copy_bytes(struct inode *from, struct inode *to)
{
    struct pages *pages = &to->linux->pages;

    for (u64 at = 0; at < from->size; at += PAGE_SIZE) {
        page_no page;
        int got = data_make(to, (u32)(at / PAGE_SIZE), &page);

        if (got < 0)
            return got;
        struct buffer b = {NULL, (word)pages_at(pages, page)};

        got = from->ops->read(from, &b, PAGE_SIZE, at);
        if (got < 0)
            return got;
    }
    to->size = from->size;
    return 0;
}

// They are root's, whoever made the image.
static void
copy_about(const struct inode *from, struct inode *to)
{
    to->atime = from->atime;
    to->mtime = from->mtime;
}

static int
copy_link(struct copy *c, struct inode *from, struct inode *dir)
{
    struct pages *pages = &c->l->pages;
    page_no page = pages_new(pages);

    if (page == 0)
        return -ENOMEM;
    char *target = pages_at(pages, page);
    int length = from->ops->readlink(from, target, PAGE_SIZE - 1);

    if (length >= 0)
        length = dir->ops->symlink(dir, c->item.name, target);
    pages_drop(pages, page);
    return length < 0 ? length : 0;
}

// A file gets its name when it is whole: a copy that was broken off leaves none.
static int
copy_regular(struct copy *c, struct inode *from, struct inode *dir)
{
    struct inode *to = find_twin(c, from->number);

    if (to != NULL)
        return dir->ops->link(dir, c->item.name, to);
    int err = tree_nameless(c->l, from->mode, &to);

    if (err < 0)
        return err;
    err = copy_bytes(from, to);
    copy_about(from, to);
    if (err == 0)
        err = dir->ops->link(dir, c->item.name, to);
    if (err == 0 && from->links > 1)
        note_twin(c, from->number, to);
    inode_drop(to);
    return err;
}

static int
copy_other(struct copy *c, struct inode *from, struct inode *dir)
{
    struct inode *to;
    int err = dir->ops->create(dir, c->item.name, from->mode, from->rdev, &to);

    if (err < 0)
        return err;
    copy_about(from, to);
    inode_drop(to);
    return 0;
}

// A directory that is there already keeps its owner and permissions.
static int
enter(struct copy *c, struct inode *from, struct inode *dir)
{
    struct inode *to;
    int err = dir->ops->lookup(dir, c->item.name, &to);

    if (err == -ENOENT) {
        err = dir->ops->create(dir, c->item.name, from->mode, 0, &to);
        if (err == 0)
            copy_about(from, to);
    }
    if (err < 0)
        return err;
    if (!inode_is(to, S_IFDIR)) {
        inode_drop(to);
        return -ENOTDIR;
    }
    inode_hold(from);
    return push(c, from, to);
}

static int
copy_inode(struct copy *c, struct inode *from, struct inode *dir)
{
    if (inode_is(from, S_IFDIR))
        return enter(c, from, dir);
    if (entry_find(dir, c->item.name) != NULL)
        return 0; // it was there
    if (inode_is(from, S_IFLNK))
        return copy_link(c, from, dir);
    if (inode_is(from, S_IFREG))
        return copy_regular(c, from, dir);
    return copy_other(c, from, dir);
}

// --- all ---

static void
note_lost(struct copy *c, int err)
{
    if (c->lost++ > 0)
        return;
    c->first_error = err;
    text_copy(c->first_lost, c->item.name, sizeof(c->first_lost));
}

// The next entry of the innermost directory. 0 or -ERESTART
static int
step(struct copy *c)
{
    struct in_hand *dir = c->top;
    struct inode *from;
    int err = dir->from->ops->list(dir->from, &dir->position, &c->item);

    if (err == 0 || (err < 0 && err != -ERESTART)) {
        if (err < 0)
            note_lost(c, err);
        pop(c);
        return 0;
    }
    if (err < 0)
        return err;
    if (text_equal(c->item.name, ".") || text_equal(c->item.name, ".."))
        return 0;
    err = dir->from->ops->lookup(dir->from, c->item.name, &from);
    if (err == 0) {
        err = copy_inode(c, from, dir->to);
        inode_drop(from);
    }
    if (err < 0 && err != -ERESTART)
        note_lost(c, err);
    c->copied += err == 0;
    return err == -ERESTART ? err : 0;
}

static int
start(struct copy *c, const char *name)
{
    struct inode *disk, *from;
    int err = c->l->root->ops->lookup(c->l->root, "disk", &disk);

    if (err < 0)
        return err;
    err = disk->mounted->ops->lookup(disk->mounted, name, &from);
    inode_drop(disk);
    if (err < 0)
        return err;
    inode_hold(c->l->root);
    return push(c, from, c->l->root);
}

int
populate_copy(struct linux *l, const char *name)
{
    struct copy *c = heap_new(&l->heap, sizeof(*c));

    if (c == NULL)
        return -ENOMEM;
    c->l = l;
    int err = start(c, name);

    if (err < 0 && err != -ERESTART)
        say("linux: there is nothing to copy in /%s of the boot disk "
            "(error %d)",
            name, -err);
    while (err == 0 && c->top != NULL)
        err = step(c);
    while (c->top != NULL)
        pop(c);
    if (c->lost > 0)
        say("linux: %u of %u files of /%s were not copied, the first is %s "
            "(error %d)",
            c->lost, c->lost + c->copied, name, c->first_lost, -c->first_error);
    forget_twins(c);
    heap_free(&l->heap, c, sizeof(*c));
    return err == -ERESTART ? err : 0;
}

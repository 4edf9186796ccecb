// path.c -- where a path leads
//
// What is left of the path lies at the end of a page; the target of a symbolic
// link is put before it. So no depth of links needs more than the page.
#include "linux/file/path.h"

#include "linux/errno.h"
#include "linux/linux.h"
#include "tender/assert.h"
#include "tender/text.h"

struct walk {
    struct task *t;
    char *text;         // a page
    u32 at;             // what is left begins here
    struct inode *here; // held
    u32 links;          // followed
};

void
path_drop(struct path *p)
{
    inode_drop(p->dir);
    inode_drop(p->inode);
    p->dir = p->inode = NULL;
}

// --- steps ---

// Take over a hold and give up another.
static void
go_to(struct walk *w, struct inode *inode)
{
    inode_drop(w->here);
    w->here = inode;
}

static int
parent_of(const struct task *t, struct inode *dir, struct inode **result)
{
    while (dir != t->place->root && dir->over != NULL)
        dir = dir->over;
    if (dir != t->place->root)
        return dir->ops->lookup(dir, "..", result);
    inode_hold(dir);
    *result = dir;
    return 0;
}

static void
cross_mounts(struct inode **inode)
{
    while ((*inode)->mounted != NULL) {
        struct inode *root = (*inode)->mounted;

        inode_hold(root);
        inode_drop(*inode);
        *inode = root;
    }
}

static int
step(struct walk *w, const char *name, struct inode **result)
{
    struct inode *dir = w->here;

    if (text_equal(name, ".")) {
        inode_hold(dir);
        *result = dir;
        return 0;
    }
    if (text_equal(name, ".."))
        return parent_of(w->t, dir, result);
    int err = dir->ops->lookup(dir, name, result);

    if (err == 0)
        cross_mounts(result);
    return err;
}

// Go on with a link's target and then what is left. 1: done; 0: it led to an
// inode, which replaces the link.
static int
follow(struct walk *w, struct inode **link)
{
    const struct inode_ops *ops = (*link)->ops;
    struct inode *inode = *link;
    int got = 1;

    if (++w->links > LINKS_MAX)
        return -ELOOP;
    if (ops->follow != NULL)
        got = ops->follow(*link, w->t, &inode);
    if (got <= 0) {
        if (got == 0) {
            inode_drop(*link);
            *link = inode;
        }
        return got;
    }
    if (ops->readlink == NULL)
        return -EINVAL;
    got = ops->readlink(*link, w->text, w->at);
    if (got < 0)
        return got;
    if (got == 0)
        return -ENOENT;
    if ((u32)got == w->at)
        return -ENAMETOOLONG; // perhaps there is more of it
    memmove(w->text + w->at - got, w->text, (u32)got);
    w->at -= (u32)got;
    if (w->text[w->at] == '/') {
        inode_hold(w->t->place->root);
        go_to(w, w->t->place->root);
    }
    return 1;
}

// --- parts ---

// Cut off the next part; *next is what its end was before. -> length
static int
take_part(struct walk *w, struct path *p, u32 *last)
{
    const char *at = w->text + w->at;
    u32 length = 0;
    u32 slashes = 0;

    while (at[length] != 0 && at[length] != '/')
        length++;
    while (at[length + slashes] == '/')
        slashes++;
    if (length > FILE_NAME_MAX)
        return -ENAMETOOLONG;
    memcpy(p->name, at, length);
    p->name[length] = 0;
    p->slash = slashes > 0;
    p->special =
        length == 0 || text_equal(p->name, ".") || text_equal(p->name, "..");
    *last = at[length + slashes] == 0;
    w->at += length;
    return (int)length;
}

static int
is_followed(const struct inode *inode, const struct path *p, u32 flags,
            u32 last)
{
    if (!inode_is(inode, S_IFLNK))
        return 0;
    if (!last)
        return 1;
    if ((flags & PATH_PARENT) != 0)
        return 0;
    return (flags & PATH_NOFOLLOW) == 0 || p->slash;
}

// The last part is known.
static int
arrive(struct walk *w, struct inode *inode, u32 flags, struct path *p)
{
    u32 directory = (flags & PATH_DIRECTORY) != 0;

    if ((flags & PATH_PARENT) == 0) // else the caller says what it means
        directory |= p->slash;
    if (inode != NULL && directory != 0 && !inode_is(inode, S_IFDIR)) {
        inode_drop(inode);
        return -ENOTDIR;
    }
    inode_hold(w->here);
    p->dir = w->here;
    p->inode = inode;
    return 0;
}

static int
may_pass(const struct walk *w, u32 flags)
{
    const struct task *t = w->t;

    return (flags & PATH_REAL) != 0 ? inode_access_real(t, w->here, 1)
                                    : inode_access(t, w->here, 1);
}

// One part. 0: there are more, 1: it was the last, or -errno.
static int
walk_part(struct walk *w, u32 flags, struct path *p)
{
    struct inode *inode = NULL;
    u32 last;
    int err;

    if (!inode_is(w->here, S_IFDIR))
        return -ENOTDIR;
    err = may_pass(w, flags);
    if (err == 0)
        err = take_part(w, p, &last);
    if (err >= 0 && last && p->slash && !p->special &&
        (flags & PATH_CREATE) != 0)
        err = -EISDIR; // as Linux: whatever is there
    if (err >= 0)
        err = step(w, p->name, &inode);
    if (err == -ENOENT && last && (flags & (PATH_CREATE | PATH_PARENT)) != 0)
        return arrive(w, NULL, flags, p) < 0 ? -ENOTDIR : 1;
    if (err < 0)
        return err;
    if (is_followed(inode, p, flags, last)) {
        err = follow(w, &inode);
        if (err != 0) {
            inode_drop(inode);
            return err < 0 ? err : 0;
        }
    }
    if (last) {
        err = arrive(w, inode, flags, p);
        return err < 0 ? err : 1;
    }
    go_to(w, inode);
    return 0;
}

static int
walk(struct walk *w, u32 flags, struct path *p)
{
    int done = 0;

    while (done == 0) {
        while (w->text[w->at] == '/')
            w->at++;
        if (w->text[w->at] == 0) { // the root, or an empty path
            take_part(w, p, &(u32){0});
            inode_hold(w->here);
            done = arrive(w, w->here, flags, p) < 0 ? -ENOTDIR : 1;
        } else {
            done = walk_part(w, flags, p);
        }
    }
    return done < 0 ? done : 0;
}

int
path_again(struct path *p)
{
    struct inode *inode = NULL;

    if (p->special)
        return 0;
    int err = p->dir->ops->lookup(p->dir, p->name, &inode);

    if (err < 0 && err != -ENOENT)
        return err;
    if (inode != NULL)
        cross_mounts(&inode);
    inode_drop(p->inode);
    p->inode = inode;
    return 0;
}

// --- beginnings ---

static int
start_of(const struct task *t, int at, char first, struct inode **result)
{
    struct file *f;

    if (first == '/') {
        *result = t->place->root;
    } else if (at == AT_FDCWD) {
        *result = t->place->cwd;
    } else {
        f = files_get(t->files, (u32)at);
        if (f == NULL)
            return -EBADF;
        *result = f->inode;
    }
    inode_hold(*result);
    return 0;
}

static int
walk_page(struct task *t, int at, char *page, u32 length, u32 flags,
          struct path *p)
{
    struct walk w = {.t = t, .text = page, .at = PAGE_SIZE - length - 1};

    ASSERT(length < PAGE_SIZE);
    memset(p, 0, sizeof(*p));
    if (length == 0 && (flags & PATH_EMPTY) == 0)
        return -ENOENT;
    memmove(page + w.at, page, length);
    page[PAGE_SIZE - 1] = 0;
    int err = start_of(t, at, page[w.at], &w.here);

    if (err < 0)
        return err;
    cross_mounts(&w.here);
    err = walk(&w, flags, p);
    inode_drop(w.here);
    return err;
}

// A page, and in it the path: from the task or, memory NULL, from the kernel.
static int
walk_from(struct task *t, int at, struct memory *memory, word path, u32 flags,
          struct path *p)
{
    struct pages *pages = &t->linux->pages;
    page_no page = pages_new_raw(pages);
    int length;

    memset(p, 0, sizeof(*p));
    if (page == 0)
        return -ENOMEM;
    char *text = pages_at(pages, page);

    if (memory != NULL) {
        length = memory_string(memory, text, (u32)path, FILE_PATH_MAX);
    } else {
        length = (int)text_length((const char *)path);
        text_copy(text, (const char *)path, FILE_PATH_MAX);
        if ((u32)length >= FILE_PATH_MAX)
            length = -ENAMETOOLONG;
    }
    if (length >= 0)
        length = walk_page(t, at, text, (u32)length, flags, p);
    pages_drop(pages, page);
    return length;
}

int
path_walk(struct task *t, int at, const char *path, u32 flags, struct path *p)
{
    return walk_from(t, at, NULL, (word)path, flags, p);
}

int
path_walk_user(struct task *t, int at, u32 path, u32 flags, struct path *p)
{
    return walk_from(t, at, t->memory, path, flags, p);
}

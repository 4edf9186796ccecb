// populate.c -- the first files: directories, devices, what is mounted
//
// What is there is left as it is. So it may be broken off anywhere (whoever
// started it was killed while the disk was read) and done again.
#include "linux/file/populate.h"

#include "linux/errno.h"
#include "linux/linux.h"
#include "linux/file/tree.h"
#include "tender/text.h"
#include "tender/wait.h"

enum populated { NOT_YET, BUSY, DONE };

struct node {
    const char *path; // from the root, without a slash at the begin
    u32 mode;
    u32 device;
    u32 owner; // user and group
};

static const struct node nodes[] = {
    {"bin", S_IFDIR | 0755, 0, 0},
    {"dev", S_IFDIR | 0755, 0, 0},
    {"dev/shm", S_IFDIR | S_ISVTX | 0777, 0, 0},
    {"disk", S_IFDIR | 0755, 0, 0},
    {"etc", S_IFDIR | 0755, 0, 0},
    {"home", S_IFDIR | 0755, 0, 0},
    {"home/user", S_IFDIR | 0755, 0, 1000}, // of /etc/passwd
    {"mnt", S_IFDIR | 0755, 0, 0},
    {"proc", S_IFDIR | 0555, 0, 0},
    {"root", S_IFDIR | 0700, 0, 0},
    {"run", S_IFDIR | 0755, 0, 0},
    {"sbin", S_IFDIR | 0755, 0, 0},
    {"tmp", S_IFDIR | S_ISVTX | 0777, 0, 0},
    {"usr", S_IFDIR | 0755, 0, 0},
    {"usr/bin", S_IFDIR | 0755, 0, 0},
    {"usr/lib", S_IFDIR | 0755, 0, 0},
    {"usr/sbin", S_IFDIR | 0755, 0, 0},
    {"var", S_IFDIR | 0755, 0, 0},
    {"var/log", S_IFDIR | 0755, 0, 0},
    {"var/tmp", S_IFDIR | S_ISVTX | 0777, 0, 0},
    {"dev/null", S_IFCHR | 0666, DEVICE(1, 3), 0},
    {"dev/zero", S_IFCHR | 0666, DEVICE(1, 5), 0},
    {"dev/full", S_IFCHR | 0666, DEVICE(1, 7), 0},
    {"dev/random", S_IFCHR | 0666, DEVICE(1, 8), 0},
    {"dev/urandom", S_IFCHR | 0666, DEVICE(1, 9), 0},
    {"dev/tty", S_IFCHR | 0666, DEVICE(5, 0), 0},
    {"dev/console", S_IFCHR | 0600, DEVICE(5, 1), 0},
    {"dev/ttyS0", S_IFCHR | 0600, DEVICE(4, 64), 0},
};

static const char *const links[][2] = {
    {"dev/fd", "/proc/self/fd"},       {"dev/stdin", "/proc/self/fd/0"},
    {"dev/stdout", "/proc/self/fd/1"}, {"dev/stderr", "/proc/self/fd/2"},
    {"etc/mtab", "/proc/mounts"},
};

// The directory of a path of the tree, held, and the last part.
static int
find_parent(struct linux *l, const char *path, struct inode **dir,
            const char **last)
{
    struct inode *here = l->root;
    int err = 0;

    inode_hold(here);
    for (;;) {
        char part[FILE_NAME_MAX + 1];
        u32 length = 0;
        struct inode *next = NULL;

        while (path[length] != '/' && path[length] != 0)
            length++;
        *last = path;
        *dir = here;
        if (path[length] == 0)
            return 0;
        text_copy(part, path, length + 1);
        err = here->ops->lookup(here, part, &next);
        inode_drop(here);
        if (err < 0)
            return err;
        here = next;
        path += length + 1;
    }
}

static int
add_node(struct linux *l, const struct node *node)
{
    const char *last;
    struct inode *dir, *inode = NULL;
    int err = find_parent(l, node->path, &dir, &last);

    if (err < 0)
        return err;
    err = dir->ops->create(dir, last, node->mode, node->device, &inode);
    if (err == 0)
        inode->uid = inode->gid = node->owner;
    inode_drop(inode);
    inode_drop(dir);
    return err == -EEXIST ? 0 : err;
}

static int
add_link(struct linux *l, const char *path, const char *target)
{
    const char *last;
    struct inode *dir;
    int err = find_parent(l, path, &dir, &last);

    if (err < 0)
        return err;
    err = dir->ops->symlink(dir, last, target);
    inode_drop(dir);
    return err == -EEXIST ? 0 : err;
}

// Put a file system at a directory of the root; err is what making it gave.
static int
mount(struct linux *l, const char *name,
      int (*make)(struct linux *l, struct inode **root))
{
    struct inode *at, *root;
    int err = l->root->ops->lookup(l->root, name, &at);

    if (err < 0)
        return err;
    if (at->mounted == NULL)
        err = make(l, &root); // may wait
    if (err < 0 || at->mounted != NULL) {
        inode_drop(at);
        return err;
    }
    at->mounted = root;
    root->over = at; // keeps the hold
    return 0;
}

static int
make_all(struct linux *l)
{
    int err = l->root == NULL ? tree_make(l, &l->root) : 0;

    for (u32 i = 0; err == 0 && i < ARRAY_LEN(nodes); i++)
        err = add_node(l, &nodes[i]);
    for (u32 i = 0; err == 0 && i < ARRAY_LEN(links); i++)
        err = add_link(l, links[i][0], links[i][1]);
    if (err < 0)
        return err;
    int proc = mount(l, "proc", proc_make);
    int disk = mount(l, "disk", disk_tree_make);

    if (proc == -ERESTART || disk == -ERESTART)
        return -ERESTART;
    if (proc < 0)
        say("linux: there is no /proc (error %d)", -proc);
    if (disk < 0)
        say("linux: there is no /disk (error %d)", -disk);
    return disk < 0 ? 0 : populate_copy(l, "linux");
}

int
linux_populate(struct linux *l)
{
    u32 channel = (u32)(word)&l->populated;

    while (l->populated == BUSY) {
        int err = wait_on(l->gate, channel, 0);

        if (err < 0)
            return errno_of(err);
    }
    if (l->populated == DONE)
        return 0;
    l->populated = BUSY;
    int err = make_all(l);

    l->populated = err < 0 ? NOT_YET : DONE;
    wait_wake(l->gate, channel, ~0u);
    return err;
}

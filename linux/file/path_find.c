// path_find.c -- paths in short, and who may go there
#include "linux/errno.h"
#include "linux/linux.h"
#include "linux/file/path.h"
#include "tender/text.h"

int
inode_access(const struct task *t, const struct inode *inode, u32 want)
{
    return inode_access_of(t->euid, t->egid, inode, want);
}

int
inode_access_of(u32 uid, u32 gid, const struct inode *inode, u32 want)
{
    u32 mode = inode->mode;

    if (uid == 0) {
        int run = !inode_is(inode, S_IFREG) || (mode & 0111) != 0;

        return (want & 1) == 0 || run ? 0 : -EACCES;
    }
    if (uid == inode->uid)
        mode >>= 6;
    else if (gid == inode->gid)
        mode >>= 3;
    return (want & ~mode & 7) == 0 ? 0 : -EACCES;
}

// --- the short form ---

static int
found(struct path *p, u32 flags, struct inode **result, char *last)
{
    if ((flags & PATH_PARENT) != 0) {
        text_copy(last, p->name, FILE_NAME_MAX + 1);
        *result = p->dir;
        p->dir = NULL;
    } else {
        *result = p->inode;
        p->inode = NULL;
    }
    path_drop(p);
    return 0;
}

int
path_find(struct task *t, int at, const char *path, u32 flags,
          struct inode **result, char *last)
{
    struct path p;
    int err = path_walk(t, at, path, flags, &p);

    return err < 0 ? err : found(&p, flags, result, last);
}

int
path_find_user(struct task *t, int at, u32 path, u32 flags,
               struct inode **result, char *last)
{
    struct path p;
    int err = path_walk_user(t, at, path, flags, &p);

    return err < 0 ? err : found(&p, flags, result, last);
}

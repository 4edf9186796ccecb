// path_find.c -- paths in short, and who may go there
#include "linux/errno.h"
#include "linux/linux.h"
#include "linux/file/path.h"
#include "tender/text.h"

static int
is_supplementary(const struct task *t, u32 gid)
{
    for (u32 i = 0; i < t->groups_used; i++)
        if (t->groups[i] == gid)
            return 1;
    return 0;
}

int
task_in_group(const struct task *t, u32 gid)
{
    return t->egid == gid || is_supplementary(t, gid);
}

// uid, in_group: of whom it is asked.
static int
access_of(u32 uid, int in_group, const struct inode *inode, u32 want)
{
    u32 mode = inode->mode;

    if (uid == 0) {
        int run = !inode_is(inode, S_IFREG) || (mode & 0111) != 0;

        return (want & 1) == 0 || run ? 0 : -EACCES;
    }
    if (uid == inode->uid)
        mode >>= 6;
    else if (in_group)
        mode >>= 3;
    return (want & ~mode & 7) == 0 ? 0 : -EACCES;
}

int
inode_access(const struct task *t, const struct inode *inode, u32 want)
{
    return access_of(t->euid, task_in_group(t, inode->gid), inode, want);
}

int
inode_access_real(const struct task *t, const struct inode *inode, u32 want)
{
    return access_of(t->uid,
                     t->gid == inode->gid || is_supplementary(t, inode->gid),
                     inode, want);
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

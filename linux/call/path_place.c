// path_place.c -- where a task is: working directory and root
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/file/path.h"
#include "linux/call/user.h"
#include "tender/text.h"

// Go there; takes over the caller's hold, also after an error.
static int
enter(struct task *t, struct inode *dir, struct inode **place)
{
    int err = inode_is(dir, S_IFDIR) ? inode_access(t, dir, 1) : -ENOTDIR;

    if (err == 0 && place == &t->place->root && t->euid != 0)
        err = -EPERM;
    if (err < 0) {
        inode_drop(dir);
        return err;
    }
    inode_drop(*place);
    *place = dir;
    return 0;
}

int
sys_chdir(struct task *t, const u32 *a)
{
    struct inode *dir;
    int err = path_find_user(t, AT_FDCWD, a[0], PATH_DIRECTORY, &dir, NULL);

    return err < 0 ? err : enter(t, dir, &t->place->cwd);
}

int
sys_fchdir(struct task *t, const u32 *a)
{
    struct file *f = files_get(t->files, a[0]);

    if (f == NULL)
        return -EBADF;
    inode_hold(f->inode);
    return enter(t, f->inode, &t->place->cwd);
}

int
sys_chroot(struct task *t, const u32 *a)
{
    struct inode *dir;
    int err = path_find_user(t, AT_FDCWD, a[0], PATH_DIRECTORY, &dir, NULL);

    return err < 0 ? err : enter(t, dir, &t->place->root);
}

// -> the length with the 0
int
sys_getcwd(struct task *t, const u32 *a)
{
    struct pages *pages = &t->linux->pages;
    page_no page = pages_new_raw(pages);

    if (page == 0)
        return -ENOMEM;
    char *text = pages_at(pages, page);
    int length = path_of(t, t->place->cwd, text, PAGE_SIZE);

    if (length >= 0)
        length = (u32)length + 1 > a[1] ? -ERANGE : length + 1;
    if (length >= 0) {
        int err = user_put(t, a[0], text, (u32)length);

        length = err < 0 ? err : length;
    }
    pages_drop(pages, page);
    return length;
}

// --- mounting: what there is, is mounted ---

int
sys_mount(struct task *t, const u32 *a)
{
    (void)a;
    return t->euid != 0 ? -EPERM : -ENODEV;
}

int
sys_umount2(struct task *t, const u32 *a)
{
    struct inode *dir;

    if (t->euid != 0)
        return -EPERM;
    int err = path_find_user(t, AT_FDCWD, a[0], 0, &dir, NULL);

    if (err < 0)
        return err;
    err = dir->over != NULL || dir == t->linux->root ? -EBUSY : -EINVAL;
    inode_drop(dir);
    return err;
}

// proc_link.c -- the links of /proc: to processes, programs, directories, files
//
// They lead to the inode itself (follow); what is read of them is for people,
// and the name of a file is looked for where it most likely is.
#include "linux/errno.h"
#include "linux/proc.h"
#include "tender/text.h"

struct inode *
proc_program(const struct task *t)
{
    const struct area *a = t->memory == NULL ? NULL : t->memory->areas;

    // The program is what is mapped lowest.
    for (; a != NULL; a = a->next)
        if (a->inode != NULL && (a->prot & PROT_EXEC))
            return a->inode;
    return NULL;
}

static struct file *
file_of(const struct inode *link, const struct task *t)
{
    return t->files == NULL ? NULL : files_get(t->files, proc_descriptor(link));
}

int
proc_follow(struct inode *link, struct task *t, struct inode **result)
{
    const struct task *of = proc_task(link);
    struct inode *to = NULL;
    const struct file *f;

    (void)t;
    if (proc_pid(link) == 0)
        return 1;
    if (of == NULL)
        return -ENOENT;
    if (proc_number(link) == PROC_EXE)
        to = proc_program(of);
    else if (proc_number(link) == PROC_CWD && of->place != NULL)
        to = of->place->cwd;
    else if (proc_number(link) == PROC_TOP && of->place != NULL)
        to = of->place->root;
    else if (proc_number(link) == PROC_FD && (f = file_of(link, of)) != NULL)
        to = f->inode;
    if (to == NULL)
        return -ENOENT;
    inode_hold(to);
    *result = to;
    return 0;
}

// --- names ---

// Is it listed in a directory? Then its path.
static u32
name_in(struct linux *l, const char *path, const struct inode *inode, char *to,
        u32 bytes)
{
    struct directory_item item;
    struct task *t = task_current(l);
    struct inode *dir;
    u64 position = 0;
    u32 length = 0;

    if (t == NULL ||
        path_find(t, AT_FDCWD, path, PATH_DIRECTORY, &dir, NULL) < 0)
        return 0;
    while (length == 0 && dir->device == inode->device &&
           dir->ops->list(dir, &position, &item) > 0)
        if (item.inode == inode->number)
            length = text_format(to, bytes, "%s/%s", path, item.name);
    inode_drop(dir);
    return length;
}

u32
proc_name_of(struct linux *l, struct inode *inode, char *to, u32 bytes)
{
    static const char *const places[] = {"/dev", "/bin", "/usr/bin", "/sbin",
                                         "/tmp", "/etc", "/root",    "/home"};
    struct task *t = task_current(l);
    u32 length = 0;

    if (inode_is(inode, S_IFDIR) && t != NULL) {
        int got = path_of(t, inode, to, bytes);

        if (got > 0)
            return (u32)got;
    }
    if (inode_is(inode, S_IFIFO) && inode->links == 0)
        return text_format(to, bytes, "pipe:[%u]", inode->number);
    if ((inode->mode & S_IFMT) == 0)
        return text_format(to, bytes, "anon_inode:[%u]", inode->number);
    for (u32 i = 0; length == 0 && i < ARRAY_LEN(places); i++)
        length = name_in(l, places[i], inode, to, bytes);
    if (length == 0)
        length = text_format(to, bytes, "inode:[%u]", inode->number);
    return length;
}

// --- reading ---

int
proc_readlink(struct inode *link, char *to, u32 bytes)
{
    struct linux *l = link->linux;
    struct task *t = task_current(l);
    char name[FILE_NAME_MAX + 1];
    struct inode *inode;
    u32 length;
    int err;

    if (proc_number(link) == PROC_MOUNTS) {
        length = text_format(name, sizeof(name), "self/mounts");
    } else if (proc_number(link) == PROC_SELF) {
        if (t == NULL)
            return -ENOENT;
        length = text_format(name, sizeof(name), "%u", t->pid);
    } else {
        err = proc_follow(link, t, &inode);
        if (err < 0)
            return err;
        length = proc_name_of(l, inode, name, sizeof(name));
        inode_drop(inode);
    }
    length = MIN(length, bytes);
    memcpy(to, name, length);
    return (int)length;
}

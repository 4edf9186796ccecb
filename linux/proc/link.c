// link.c -- the links of /proc: to processes, programs, directories, files
//
// They lead to the inode itself (follow); what is read of them is for people,
// and the name of a file is looked for where it most likely is.
#include "linux/errno.h"
#include "linux/proc/proc.h"
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

// What a process has open is its own and the superuser's business: a link to
// it would lead past the directories that are closed to others.
static int
may_look(const struct task *t, const struct task *of)
{
    return t == NULL || t->pid == of->pid || t->euid == 0 ||
           (t->euid == of->euid && t->euid == of->uid && t->euid == of->suid);
}

static struct inode *
directory_of(const struct inode *link, const struct task *of)
{
    if (task_is_init(of))
        return of->linux->root;
    if (of->place == NULL)
        return NULL;
    return proc_number(link) == PROC_CWD ? of->place->cwd : of->place->root;
}

int
proc_follow(struct inode *link, struct task *t, struct inode **result)
{
    const struct task *of = proc_task(link);
    struct inode *to = NULL;
    const struct file *f;

    if (proc_pid(link) == 0)
        return 1;
    if (of == NULL)
        return -ENOENT;
    if (!may_look(t, of))
        return -EACCES;
    if (proc_number(link) == PROC_EXE)
        to = proc_program(of);
    else if (proc_number(link) == PROC_CWD || proc_number(link) == PROC_TOP)
        to = directory_of(link, of);
    else if (proc_number(link) == PROC_FD && (f = file_of(link, of)) != NULL)
        to = f->inode;
    if (to == NULL)
        return -ENOENT;
    inode_hold(to);
    *result = to;
    return 0;
}

// --- names ---

// What a directory calls an inode; found: room for it.
static const char *
name_in(struct inode *dir, const struct inode *inode,
        struct directory_item *found)
{
    u64 position = 0;

    while (dir->ops->list(dir, &position, found) > 0)
        if (found->inode == inode->number)
            return found->name;
    return NULL;
}

// By its name in a directory, or the one it had there. 0: it has none
static u32
path_in(struct task *t, struct inode *dir, const struct inode *inode,
        const char *old, char *to, u32 bytes)
{
    struct directory_item found;
    const char *name = old != NULL ? old : name_in(dir, inode, &found);
    int at = name == NULL ? -ENOENT : path_of(t, dir, to, bytes);
    u32 length = (u32)at;

    if (at < 0)
        return 0;
    if (length > 1)
        length += text_format(to + length, bytes - length, "/");
    length += text_format(to + length, bytes - length, "%s%s", name,
                          old != NULL ? " (deleted)" : "");
    return length;
}

static u32
name_of(struct linux *l, struct inode *inode, char *to, u32 bytes)
{
    struct task *t = task_current(l);
    const char *old = NULL;
    struct inode *dir = NULL;
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
    if (inode->ops->seen_in != NULL && t != NULL)
        dir = inode->ops->seen_in(inode, &old);
    if (dir != NULL)
        length = path_in(t, dir, inode, old, to, bytes);
    inode_drop(dir);
    if (length == 0)
        length = text_format(to, bytes, "/inode:[%u]", inode->number);
    return length;
}

// Looking may wait, and the area or file whose inode it is may go.
u32
proc_name_of(struct linux *l, struct inode *inode, char *to, u32 bytes)
{
    inode_hold(inode);
    u32 length = name_of(l, inode, to, bytes);

    inode_drop(inode);
    return length;
}

// --- reading ---

int
proc_readlink(struct inode *link, char *to, u32 bytes)
{
    struct linux *l = link->linux;
    struct task *t = task_current(l);
    page_no page = pages_new_raw(&l->pages);
    struct inode *inode;
    u32 length = 0;
    int err = 0;

    if (page == 0)
        return -ENOMEM;
    char *name = pages_at(&l->pages, page);

    if (proc_number(link) == PROC_MOUNTS) {
        length = text_format(name, PAGE_SIZE, "self/mounts");
    } else if (proc_number(link) == PROC_SELF) {
        if (t == NULL)
            err = -ENOENT;
        else
            length = text_format(name, PAGE_SIZE, "%u", t->pid);
    } else {
        err = proc_follow(link, t, &inode);
        if (err == 0) {
            length = proc_name_of(l, inode, name, PAGE_SIZE);
            inode_drop(inode);
        }
    }
    length = MIN(length, bytes);
    if (err == 0)
        memcpy(to, name, length);
    pages_drop(&l->pages, page);
    return err < 0 ? err : (int)length;
}

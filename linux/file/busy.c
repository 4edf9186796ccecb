// busy.c -- a file is executed, or written to: not both at once
#include "linux/linux.h"

int
file_executed(const struct linux *l, const struct inode *inode)
{
    for (const struct memory *m = l->memories; m != NULL; m = m->next)
        for (const struct area *a = m->areas; a != NULL; a = a->next)
            if (a->inode == inode && (a->prot & PROT_EXEC) &&
                !(a->flags & MAP_SHARED))
                return 1;
    return 0;
}

int
file_written(const struct linux *l, const struct inode *inode)
{
    const struct task *t;
    u32 task = 0;

    while ((t = task_next(l, &task)) != NULL)
        for (u32 i = 0; t->files != NULL && i < t->files->end; i++) {
            const struct file *f = t->files->file[i];

            if (f != NULL && f->inode == inode && (f->flags & O_ACCMODE) != 0 &&
                (f->flags & O_PATH) == 0)
                return 1;
        }
    return 0;
}

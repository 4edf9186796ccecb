// files.c -- the descriptors of a task
//
// A table is larger than an object of the heap: it has a page.
#include "linux/file/file.h"

#include "linux/errno.h"
#include "linux/linux.h"
#include "linux/file/lock.h"
#include "tender/assert.h"

_Static_assert(sizeof(struct files) <= PAGE_SIZE, "a table has one page");

struct files *
files_new(struct linux *l)
{
    page_no page = pages_new(&l->pages);

    if (page == 0)
        return NULL;
    struct files *files = pages_at(&l->pages, page);

    files->refs = 1;
    files->page = page;
    files->linux = l;
    return files;
}

struct files *
files_copy(struct files *from)
{
    struct files *files = files_new(from->linux);

    if (files == NULL)
        return NULL;
    for (u32 i = 0; i < DESCRIPTORS_MAX; i++)
        if (from->file[i] != NULL) {
            files->file[i] = from->file[i];
            files->close_on_exec[i] = from->close_on_exec[i];
            file_hold(files->file[i]);
        }
    return files;
}

void
files_drop(struct files *files)
{
    ASSERT(files->refs > 0);
    if (--files->refs > 0)
        return;
    for (u32 i = 0; i < DESCRIPTORS_MAX; i++)
        if (files->file[i] != NULL)
            files_close(files, i);
    pages_drop(&files->linux->pages, files->page);
}

void
files_exec(struct files *files)
{
    for (u32 i = 0; i < DESCRIPTORS_MAX; i++)
        if (files->file[i] != NULL && files->close_on_exec[i])
            files_close(files, i);
}

struct file *
files_get(const struct files *files, u32 descriptor)
{
    return descriptor < DESCRIPTORS_MAX ? files->file[descriptor] : NULL;
}

int
files_add(struct files *files, struct file *f, u32 from, int close_on_exec)
{
    u32 end = limit_descriptors(files->linux);

    for (u32 i = from; i < end; i++)
        if (files->file[i] == NULL) {
            files->file[i] = f;
            files->close_on_exec[i] = close_on_exec != 0;
            return (int)i;
        }
    return -EMFILE;
}

int
files_close(struct files *files, u32 descriptor)
{
    struct file *f = files_get(files, descriptor);

    if (f == NULL)
        return -EBADF;
    files->file[descriptor] = NULL;
    files->close_on_exec[descriptor] = 0;
    // Any descriptor of a file that is closed ends the process's locks on it.
    lock_forget(f->inode, files);
    file_drop(f);
    return 0;
}

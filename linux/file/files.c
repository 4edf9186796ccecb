// files.c -- the descriptors of a task
#include "linux/file/file.h"

#include "linux/errno.h"
#include "linux/linux.h"
#include "linux/file/lock.h"
#include "tender/assert.h"

struct files *
files_new(struct linux *l)
{
    page_no page = pages_new(&l->pages);
    struct files *files = page == 0 ? NULL : heap_new(&l->heap, sizeof(*files));

    if (files == NULL) {
        if (page != 0)
            pages_drop(&l->pages, page);
        return NULL;
    }
    files->refs = 1;
    files->linux = l;
    files->page = page;
    files->file = pages_at(&l->pages, page);
    return files;
}

void
files_put(struct files *files, u32 descriptor, struct file *f,
          int close_on_exec)
{
    ASSERT(files->file[descriptor] == NULL);
    files->file[descriptor] = f;
    files->close_on_exec[descriptor] = close_on_exec != 0;
    files->end = MAX(files->end, descriptor + 1);
}

struct files *
files_copy(struct files *from)
{
    struct files *files = files_new(from->linux);

    if (files == NULL)
        return NULL;
    for (u32 i = 0; i < from->end; i++)
        if (from->file[i] != NULL) {
            file_hold(from->file[i]);
            files_put(files, i, from->file[i], from->close_on_exec[i]);
        }
    return files;
}

void
files_drop(struct files *files)
{
    struct linux *l = files->linux;

    ASSERT(files->refs > 0);
    if (--files->refs > 0)
        return;
    for (u32 i = 0; i < files->end; i++)
        if (files->file[i] != NULL)
            files_close(files, i);
    pages_drop(&l->pages, files->page);
    heap_free(&l->heap, files, sizeof(*files));
}

void
files_exec(struct files *files)
{
    for (u32 i = 0; i < files->end; i++)
        if (files->file[i] != NULL && files->close_on_exec[i])
            files_close(files, i);
}

struct file *
files_get(const struct files *files, u32 descriptor)
{
    return descriptor < DESCRIPTORS_MAX ? files->file[descriptor] : NULL;
}

int
files_vacant(const struct files *files, u32 from)
{
    u32 end = limit_descriptors(files->linux);

    for (u32 i = from; i < end; i++)
        if (files->file[i] == NULL)
            return (int)i;
    return -EMFILE;
}

int
files_add(struct files *files, struct file *f, u32 from, int close_on_exec)
{
    int n = files_vacant(files, from);

    if (n >= 0)
        files_put(files, (u32)n, f, close_on_exec);
    return n;
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

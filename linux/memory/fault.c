// fault.c -- a program touches its memory
//
// What an address shows is decided here and nowhere else: for the program's own
// accesses (memory_fault()) and for those of calls (memory/copy.c).
#include "linux/errno.h"
#include "linux/memory/parts.h"
#include "tender/machine.h"
#include "tender/text.h"

// The i386 has no right to execute apart from reading, and none to write
// without reading.
static int
allows(const struct area *a, int write)
{
    return write ? (a->prot & PROT_WRITE) != 0 : a->prot != 0;
}

static u32
file_index(const struct area *a, u32 va)
{
    return a->first + ((va - a->start) >> PAGE_SHIFT);
}

// The file's page, held. May wait.
static int
file_page(struct inode *inode, u32 index, int write, page_no *page)
{
    int err;

    if (inode->ops->page == NULL)
        return -EIO;
    if ((u64)index * PAGE_SIZE >= inode->size)
        return -EIO; // behind the end: SIGBUS
    inode_hold(inode);
    err = inode->ops->page(inode, index, write, page);
    if (err == 0)
        pages_hold(&inode->linux->pages, *page);
    inode_drop(inode);
    if (err < 0 && err != -ENOMEM)
        err = -EIO;
    return err;
}

// Put the file's page in the map. While its file system waited, everything may
// have changed: 1 says that it has, and nothing was put.
static int
load_file(struct memory *m, const struct area *a, u32 va, int write)
{
    struct inode *inode = a->inode;
    u32 index = file_index(a, va);
    page_no page;
    int err = file_page(inode, index, write, &page);

    if (err < 0)
        return err;
    const struct area *now = memory_area(m, va);
    page_no *slot = map_make(m, va);

    if (slot == NULL) {
        pages_drop(pool_of(m), page);
        return -ENOMEM;
    }
    if (now == NULL || now->inode != inode || file_index(now, va) != index ||
        (*slot != 0 && *slot != page && !write)) {
        pages_drop(pool_of(m), page);
        return 1;
    }
    if (*slot == page)
        pages_drop(pool_of(m), page); // the map holds it already
    else
        map_put(m, va, page);
    return 0;
}

static int
load_zeros(struct memory *m, u32 va)
{
    page_no page = map_make(m, va) == NULL ? 0 : pages_new(pool_of(m));

    if (page == 0)
        return -ENOMEM;
    map_put(m, va, page);
    return 0;
}

// A page that others hold, too, is copied for the one who writes.
static int
make_own(struct memory *m, u32 va)
{
    struct pages *pool = pool_of(m);
    page_no old = *map_at(m, va);

    if (pages_refs(pool, old) == 1)
        return 0;
    page_no page = pages_new_raw(pool);

    if (page == 0)
        return -ENOMEM;
    machine_copy_page(pages_at(pool, page), pages_at(pool, old));
    map_put(m, va, page);
    return 0;
}

// One attempt. 1: something changed while it waited, try again.
static int
touch(struct memory *m, u32 va, int write)
{
    const struct area *a = area_grown(m, va);
    int shared_write;

    if (a == NULL || !allows(a, write))
        return -EFAULT;
    shared_write = write && (a->flags & MAP_SHARED) != 0;
    if (a->inode != NULL && (memory_page_at(m, va) == 0 || shared_write)) {
        int err = load_file(m, a, va, shared_write);

        // Without a wait in between the area is the same; after one, look
        // again at everything.
        if (err != 0 || !write || shared_write)
            return err;
        return 1;
    }
    if (memory_page_at(m, va) == 0)
        return load_zeros(m, va);
    return write && !shared_write ? make_own(m, va) : 0;
}

int
memory_touch(struct memory *m, u32 va, int write, page_no *page)
{
    int err;

    if (va < MEMORY_BASE || va >= MEMORY_END)
        return -EFAULT;
    while ((err = touch(m, va, write)) == 1)
        ;
    if (err == 0)
        *page = *map_at(m, va);
    return err;
}

// May the program write the page without another fault? A shared page only
// after its file has been told of a write.
static int
writable(const struct memory *m, u32 va, page_no page, int write)
{
    const struct area *a = memory_area(m, va);

    if ((a->prot & PROT_WRITE) == 0)
        return 0;
    return (a->flags & MAP_SHARED) ? write : pages_refs(pool_of(m), page) == 1;
}

int
memory_fault(struct memory *m, u32 address, int write)
{
    u32 va = address & ~(PAGE_SIZE - 1);
    page_no page = 0;
    int err = memory_touch(m, address, write, &page);

    m->faults++;
    if (err < 0)
        return err;
    return entry_show(m, va, page, writable(m, va, page, write));
}

// linux_files.h -- files for the tests of address spaces, in pages of the pool
//
// For one test program: it has inode_hold() and the like of its own.
#ifndef HOST_LINUX_FILES_H
#define HOST_LINUX_FILES_H

#include <check.h>
#include <string.h>

#include "linux/errno.h"
#include "pooled.h"

#define FAKE_FILES 8u
#define FAKE_PAGES 16u

static struct fake_file {
    struct inode inode; // first
    page_no page[FAKE_PAGES];
} fake_file[FAKE_FILES];

static int
fake_page(struct inode *inode, u32 index, int write, page_no *result)
{
    struct fake_file *f = (struct fake_file *)inode;

    (void)write;
    if (f->page[index] == 0)
        f->page[index] = pages_new(&lx.pages);
    *result = f->page[index];
    return *result == 0 ? -ENOMEM : 0;
}

static const struct inode_ops fake_ops = {.page = fake_page};

void
inode_hold(struct inode *inode)
{
    inode->refs++;
}

void
inode_drop(struct inode *inode)
{
    struct fake_file *f = (struct fake_file *)inode;

    if (inode == NULL || --inode->refs != 0)
        return;
    for (u32 i = 0; i < FAKE_PAGES; i++)
        if (f->page[i] != 0)
            pages_drop(&lx.pages, f->page[i]);
    memset(f, 0, sizeof(*f));
}

// A file of so many bytes of zeros, held once.
static struct inode *
file_new_fake(u32 bytes)
{
    u32 i = 0;

    while (i < FAKE_FILES && fake_file[i].inode.refs != 0)
        i++;
    ck_assert_uint_lt(i, FAKE_FILES);
    fake_file[i].inode = (struct inode){.linux = &lx,
                                        .ops = &fake_ops,
                                        .refs = 1,
                                        .mode = S_IFREG | 0644,
                                        .size = bytes};
    return &fake_file[i].inode;
}

int
tree_anonymous(struct linux *l, struct inode **result)
{
    (void)l;
    *result = file_new_fake(0);
    return 0;
}

static void *
file_at(struct inode *inode, u32 index)
{
    page_no page;

    ck_assert_int_eq(fake_page(inode, index, 1, &page), 0);
    return pages_at(&lx.pages, page);
}

// The file ends after so many pages.
static void
file_cut(struct inode *inode, u32 pages)
{
    struct fake_file *f = (struct fake_file *)inode;

    memory_forget(&lx, inode, pages);
    inode->size = pages * PAGE_SIZE;
    for (u32 i = pages; i < FAKE_PAGES; i++) {
        if (f->page[i] != 0)
            pages_drop(&lx.pages, f->page[i]);
        f->page[i] = 0;
    }
}

static void
fake_files_open(void)
{
    memset(fake_file, 0, sizeof(fake_file));
}

// Nobody but the test holds any: let go.
static void
fake_files_close(void)
{
    for (u32 i = 0; i < FAKE_FILES; i++)
        if (fake_file[i].inode.refs != 0) {
            ck_assert_uint_eq(fake_file[i].inode.refs, 1);
            inode_drop(&fake_file[i].inode);
        }
}

#endif

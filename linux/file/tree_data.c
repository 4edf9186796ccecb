// tree_data.c -- where the pages of a file are
//
//     word[0..3]   the first four pages: most files are no longer
//     word[4]      a page with the numbers of pages 4..1023
//     word[5]      a page with the numbers of 1024 such pages
//
// A number 0 is a hole. Pages of numbers are there as long as the file reaches
// so far; data_cut() frees them.
#include "linux/file/tree.h"

#include "linux/errno.h"
#include "linux/linux.h"

#define DIRECT 4u
#define LEAF 4u // word[LEAF]
#define TOP 5u
#define NUMBERS (PAGE_SIZE / 4)

static u32 *
numbers(const struct inode *inode, page_no page)
{
    return pages_at(&inode->linux->pages, page);
}

// The page of numbers behind a number; made if it must be. NULL: there is none.
static u32 *
descend(const struct inode *inode, u32 *number, int make)
{
    if (*number == 0 && make)
        *number = pages_new(&inode->linux->pages);
    return *number == 0 ? NULL : numbers(inode, *number);
}

// Where the number of a page is noted.
static u32 *
place_of(struct inode *inode, u32 index, int make)
{
    u32 *leaf = &inode->word[LEAF];

    if (index < DIRECT)
        return &inode->word[index];
    if (index >= NUMBERS) {
        u32 *top = descend(inode, &inode->word[TOP], make);

        if (top == NULL)
            return NULL;
        leaf = &top[index / NUMBERS];
    }
    u32 *in_leaf = descend(inode, leaf, make);

    return in_leaf == NULL ? NULL : &in_leaf[index % NUMBERS];
}

page_no
data_page(const struct inode *inode, u32 index)
{
    u32 *place = NULL;

    if (index < FILE_PAGES_MAX)
        place = place_of((struct inode *)inode, index, 0);
    return place == NULL ? 0 : *place;
}

// Only what is a file system's counts as one's.
static void
count(struct inode *inode, int pages)
{
    inode->pages += (u32)pages;
    if (inode->device == DEVICE_TREE)
        inode->linux->tree_pages += (u32)pages;
}

int
data_set(struct inode *inode, u32 index, page_no page)
{
    u32 *place = place_of(inode, index, 1);

    if (place == NULL)
        return -ENOMEM;
    *place = page;
    count(inode, 1);
    return 0;
}

// Shared memory without a file is a program's, like all its memory.
static page_no
new_page(struct inode *inode)
{
    struct pages *pages = &inode->linux->pages;

    return inode->device == DEVICE_TREE ? pages_new_file(pages)
                                        : pages_new(pages);
}

int
data_make(struct inode *inode, u32 index, page_no *result)
{
    *result = data_page(inode, index);
    if (*result != 0)
        return 0;
    page_no page = new_page(inode);

    if (page == 0 || data_set(inode, index, page) < 0) {
        if (page != 0)
            pages_drop(&inode->linux->pages, page);
        return inode->device == DEVICE_TREE ? -ENOSPC : -ENOMEM;
    }
    *result = page;
    return 0;
}

// --- less ---

static void
drop_data(struct inode *inode, u32 *numbers_at, u32 from, u32 to)
{
    for (u32 i = from; i < to; i++)
        if (numbers_at[i] != 0) {
            pages_drop(&inode->linux->pages, numbers_at[i]);
            numbers_at[i] = 0;
            count(inode, -1);
        }
}

void
data_clear(struct inode *inode, u32 index)
{
    u32 *place = place_of(inode, index, 0);

    if (place != NULL)
        drop_data(inode, place, 0, 1);
}

// A leaf loses its pages from one on, and itself if nothing is left before.
static void
cut_leaf(struct inode *inode, u32 *leaf, u32 from, u32 empty_at)
{
    if (*leaf == 0)
        return;
    drop_data(inode, numbers(inode, *leaf), from, NUMBERS);
    if (from <= empty_at) {
        pages_drop(&inode->linux->pages, *leaf);
        *leaf = 0;
    }
}

void
data_cut(struct inode *inode, u32 first)
{
    if (first < DIRECT)
        drop_data(inode, inode->word, first, DIRECT);
    if (first < NUMBERS)
        cut_leaf(inode, &inode->word[LEAF], MAX(first, DIRECT), DIRECT);
    if (inode->word[TOP] == 0)
        return;
    u32 *top = numbers(inode, inode->word[TOP]);

    for (u32 i = MAX(first / NUMBERS, 1); i < NUMBERS; i++)
        cut_leaf(inode, &top[i], i == first / NUMBERS ? first % NUMBERS : 0, 0);
    if (first <= NUMBERS) {
        pages_drop(&inode->linux->pages, inode->word[TOP]);
        inode->word[TOP] = 0;
    }
}

// --- looking for data ---

u32
data_next(const struct inode *inode, u32 index, u32 end, int hole)
{
    while (index < end) {
        u32 *place = place_of((struct inode *)inode, index, 0);

        if ((place == NULL || *place == 0) == (hole != 0))
            return index;
        if (place == NULL) // a leaf that is not there
            index = (index / NUMBERS + 1) * NUMBERS;
        else
            index++;
    }
    return end;
}

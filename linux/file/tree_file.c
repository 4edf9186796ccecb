// tree_file.c -- the bytes of regular files in plates
//
// What lies behind the end in the last page may have been written through a
// mapping: it is zeroed when the file grows over it.
//
// The program's side of a copy may have to be read from the disk first, which
// waits. Meanwhile the file may be cut: pages are held, and a page that was
// written is looked for again.
#include "linux/file/tree.h"

#include "linux/errno.h"
#include "linux/linux.h"
#include "tender/text.h"

u32
tree_piece(const struct buffer *b, u32 left, u64 at)
{
    u32 room = PAGE_SIZE - (u32)(at % PAGE_SIZE);

    if (b->memory != NULL)
        room = MIN(room, PAGE_SIZE - (u32)(b->address % PAGE_SIZE));
    return MIN(room, left);
}

// Bytes of one page, or of a hole.
static int
read_piece(struct inode *inode, struct buffer *to, u32 n, u64 at)
{
    struct pages *pages = &inode->linux->pages;
    page_no page = data_page(inode, (u32)(at / PAGE_SIZE));

    if (page == 0)
        return buffer_put_zeros(to, n);
    pages_hold(pages, page);
    int err = buffer_put(to, (u8 *)pages_at(pages, page) + at % PAGE_SIZE, n);

    pages_drop(pages, page);
    return err;
}

int
tree_read(struct inode *inode, struct buffer *to, u32 bytes, u64 at)
{
    u32 done = 0;
    int err = 0;

    while (done < bytes && at < inode->size) {
        u32 n = tree_piece(to, bytes - done, at);

        if (n > inode->size - at)
            n = (u32)(inode->size - at);
        err = read_piece(inode, to, n, at);
        if (err < 0)
            break;
        done += n;
        at += n;
    }
    return done > 0 ? (int)done : err;
}

// The file is about to be longer, up to here: nothing old may show.
static void
zero_tail(struct inode *inode, u64 end)
{
    u32 from = (u32)(inode->size % PAGE_SIZE);
    page_no page = data_page(inode, (u32)(inode->size / PAGE_SIZE));

    if (from == 0 || page == 0 || end <= inode->size)
        return;
    u64 room = MIN(end - inode->size, (u64)(PAGE_SIZE - from));

    memset((u8 *)pages_at(&inode->linux->pages, page) + from, 0, (u32)room);
}

static int
write_piece(struct inode *inode, struct buffer *from, u32 n, u64 at)
{
    struct pages *pages = &inode->linux->pages;
    u32 index = (u32)(at / PAGE_SIZE);
    page_no page;
    int err;

    do {
        struct buffer again = *from;

        err = data_make(inode, index, &page);
        if (err < 0)
            return err;
        pages_hold(pages, page);
        err =
            buffer_get(&again, (u8 *)pages_at(pages, page) + at % PAGE_SIZE, n);
        pages_drop(pages, page);
        if (err < 0)
            return err;
        if (data_page(inode, index) == page) {
            *from = again;
            return 0;
        }
    } while (1);
}

int
tree_write(struct inode *inode, struct buffer *from, u32 bytes, u64 at)
{
    u32 done = 0;
    int err = 0;

    if (bytes == 0)
        return 0;
    if (at >= FILE_BYTES_MAX)
        return -EFBIG;
    if (bytes > FILE_BYTES_MAX - at)
        bytes = (u32)(FILE_BYTES_MAX - at);
    while (done < bytes) {
        u32 n = tree_piece(from, bytes - done, at);

        zero_tail(inode, at);
        err = write_piece(inode, from, n, at);
        if (err < 0)
            break;
        done += n;
        at += n;
        inode->size = MAX(inode->size, at);
    }
    if (done == 0)
        return err;
    tree_touch(inode);
    return (int)done;
}

int
tree_truncate(struct inode *inode, u64 size)
{
    if (size > FILE_BYTES_MAX)
        return -EFBIG;
    if (size < inode->size) {
        u32 first = (u32)((size + PAGE_SIZE - 1) / PAGE_SIZE);

        memory_forget(inode->linux, inode, first);
        data_cut(inode, first);
    } else {
        zero_tail(inode, size);
    }
    inode->size = size;
    // A page that is in the file again in part: what was behind is gone.
    zero_tail(inode, size + PAGE_SIZE);
    tree_touch(inode);
    return 0;
}

void
tree_punch(struct inode *inode, u64 start, u64 end)
{
    struct pages *pages = &inode->linux->pages;
    u64 last = (inode->size + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;

    end = MIN(end, last);
    while (start < end) {
        u32 from = (u32)(start % PAGE_SIZE), index = (u32)(start / PAGE_SIZE);
        u32 n = (u32)MIN((u64)(PAGE_SIZE - from), end - start);
        page_no page = data_page(inode, index);

        // A page that is mapped stays where it is seen.
        if (n == PAGE_SIZE && page != 0 && pages_refs(pages, page) == 1)
            data_clear(inode, index);
        else if (page != 0)
            memset((u8 *)pages_at(pages, page) + from, 0, n);
        start += n;
    }
    tree_touch(inode);
}

int
tree_page(struct inode *inode, u32 index, int write, page_no *result)
{
    (void)write; // a hole gets its page also for reading
    if ((u64)index * PAGE_SIZE >= inode->size)
        return -EIO;
    return data_make(inode, index, result);
}

// copy.c -- bytes between the kernel and a program
//
// Through the pool's mapping, never the program's own: so what is written is
// seen by a save. Everything is touched before the first byte moves; what
// another thread unmaps while a page is waited for is found again and refused.
#include "linux/errno.h"
#include "linux/memory/parts.h"
#include "linux/task/oom.h"
#include "tender/text.h"

static u32
part(u32 va, u32 bytes)
{
    return MIN(bytes, PAGE_SIZE - va % PAGE_SIZE);
}

// What would be SIGBUS for the program is -EFAULT for a call it makes.
static int
touch_page(struct memory *m, u32 va, int write, page_no *page)
{
    int err;

    do
        err = memory_touch(m, va, write, page);
    while (err == -ENOMEM && oom_make_room(m->linux));
    return err == -EIO ? -EFAULT : err;
}

static int
touch_all(struct memory *m, u32 va, u32 bytes, int write)
{
    page_no page = 0;
    int err = 0;

    if (bytes > MEMORY_END || va > MEMORY_END - bytes)
        return -EFAULT;
    if (part(va, bytes) == bytes)
        return 0; // one page: touching it when it is copied is enough
    while (err == 0 && bytes > 0) {
        u32 n = part(va, bytes);

        err = touch_page(m, va, write, &page);
        va += n;
        bytes -= n;
    }
    return err;
}

int
memory_in(struct memory *m, void *to, u32 from, u32 bytes)
{
    u8 *t = to;
    page_no page = 0;
    int err = touch_all(m, from, bytes, 0);

    while (err == 0 && bytes > 0) {
        u32 n = part(from, bytes);

        err = touch_page(m, from, 0, &page);
        if (err == 0)
            memcpy(t, (u8 *)pages_at(pool_of(m), page) + from % PAGE_SIZE, n);
        t += n;
        from += n;
        bytes -= n;
    }
    return err;
}

int
memory_out(struct memory *m, u32 to, const void *from, u32 bytes)
{
    const u8 *f = from;
    page_no page = 0;
    int err = touch_all(m, to, bytes, 1);

    while (err == 0 && bytes > 0) {
        u32 n = part(to, bytes);

        err = touch_page(m, to, 1, &page);
        if (err == 0)
            memcpy((u8 *)pages_at(pool_of(m), page) + to % PAGE_SIZE, f, n);
        f += n;
        to += n;
        bytes -= n;
    }
    return err;
}

// -> the length of what there is of a string in a page; n: there is no 0.
static u32
copy_string(char *to, const char *from, u32 n)
{
    u32 i = 0;

    while (i < n && (to[i] = from[i]) != 0)
        i++;
    return i;
}

int
memory_string(struct memory *m, char *to, u32 from, u32 most)
{
    u32 done = 0;

    while (done < most) {
        u32 n = part(from, most - done);
        page_no page = 0;
        int err = touch_page(m, from, 0, &page);

        if (err < 0)
            return err;
        u32 length = copy_string(
            to + done,
            (const char *)pages_at(pool_of(m), page) + from % PAGE_SIZE, n);

        done += length;
        from += n;
        if (length < n)
            return (int)done;
    }
    return -ENAMETOOLONG;
}

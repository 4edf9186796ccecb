// path_list.c -- the entries of a directory
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/call/user.h"
#include "tender/text.h"

struct entry64 {
    u64 inode;
    long long next;
    u16 bytes;
    u8 type; // the name follows
} __attribute__((packed));

struct entry32 {
    u32 inode;
    u32 next;
    u16 bytes; // the name follows; the last byte of all is the type
} __attribute__((packed));

_Static_assert(sizeof(struct entry64) == 19, "struct linux_dirent64");
_Static_assert(sizeof(struct entry32) == 10, "struct linux_dirent");

typedef int put_item(struct task *t, u32 to, u32 room, u64 next,
                     const struct directory_item *item);

// Each puts one record, or says -EINVAL if it does not fit. -> its length
static int
put_64(struct task *t, u32 to, u32 room, u64 next,
       const struct directory_item *item)
{
    u32 name = text_length(item->name) + 1;
    u32 bytes = (u32)(sizeof(struct entry64) + name + 7) & ~7u;
    struct entry64 e = {item->inode, (long long)next, (u16)bytes,
                        (u8)item->type};
    u64 zeros = 0;

    if (bytes > room)
        return -EINVAL;
    int err = user_put(t, to, &e, sizeof(e));

    if (err == 0)
        err = user_put(t, to + sizeof(e), item->name, name);
    if (err == 0)
        err = user_put(t, to + sizeof(e) + name, &zeros,
                       bytes - (u32)sizeof(e) - name);
    return err < 0 ? err : (int)bytes;
}

static int
put_32(struct task *t, u32 to, u32 room, u64 next,
       const struct directory_item *item)
{
    u32 name = text_length(item->name) + 1;
    u32 bytes = (u32)(sizeof(struct entry32) + name + 1 + 3) & ~3u;
    struct entry32 e = {item->inode, (u32)next, (u16)bytes};
    u8 end[4] = {0};
    u32 left = bytes - (u32)sizeof(e) - name; // 1 to 4

    if (bytes > room)
        return -EINVAL;
    end[left - 1] = (u8)item->type;
    int err = user_put(t, to, &e, sizeof(e));

    if (err == 0)
        err = user_put(t, to + sizeof(e), item->name, name);
    if (err == 0)
        err = user_put(t, to + sizeof(e) + name, end, left);
    return err < 0 ? err : (int)bytes;
}

// As many as fit. An entry that does not is the first of the next call.
static int
fill(struct task *t, struct file *f, u32 to, u32 room, put_item *put)
{
    struct directory_item item;
    u32 done = 0;

    for (;;) {
        u64 next = f->position;
        int got = f->inode->ops->list(f->inode, &next, &item);

        if (got > 0)
            got = put(t, to + done, room - done, next, &item);
        if (got <= 0)
            return done > 0 ? (int)done : got;
        f->position = next;
        done += (u32)got;
    }
}

static int
list(struct task *t, const u32 *a, put_item *put)
{
    struct file *f = user_file(t, a[0]);

    if (f == NULL)
        return -EBADF;
    if (f->ops != &directory_ops || f->inode->ops->list == NULL)
        return -ENOTDIR;
    int done = user_turn(t, f);

    if (done < 0)
        return done;
    if (f->inode->links == 0)
        done = -ENOENT; // removed
    else
        done = fill(t, f, a[1], MIN(a[2], TRANSFER_MAX), put);
    user_turn_over(t, f);
    return done;
}

int
sys_getdents(struct task *t, const u32 *a)
{
    return list(t, a, put_32);
}

int
sys_getdents64(struct task *t, const u32 *a)
{
    return list(t, a, put_64);
}

// user.h -- what calls share: moving arguments, descriptors, flags
#ifndef LINUX_USER_H
#define LINUX_USER_H

#include "linux/task/task.h"

#define AT_SYMLINK_NOFOLLOW 0x100u
#define AT_REMOVEDIR 0x200u
#define AT_EACCESS 0x200u
#define AT_SYMLINK_FOLLOW 0x400u
#define AT_NO_AUTOMOUNT 0x800u
#define AT_EMPTY_PATH 0x1000u

#define TRANSFER_MAX 0x7ffff000u // bytes one call moves

// To and from the task's memory. 0 or -EFAULT
static inline int
user_put(struct task *t, u32 to, const void *from, u32 bytes)
{
    struct buffer b = {t->memory, to};

    return buffer_put(&b, from, bytes);
}

static inline int
user_get(struct task *t, void *to, u32 from, u32 bytes)
{
    struct buffer b = {t->memory, from};

    return buffer_get(&b, to, bytes);
}

// A string with its 0. -> its length, -EFAULT or -ENAMETOOLONG
int user_string(struct task *t, char *to, u32 from, u32 most);

// A 64-bit argument: two words, low first.
static inline u64
wide(const u32 *a)
{
    return a[0] | (u64)a[1] << 32;
}

// The open file of a descriptor that can be used, not only named (O_PATH);
// NULL: -EBADF. Not held.
struct file *user_file(struct task *t, u32 descriptor);

// The caller's turn with the position of an open file, which others may share:
// it is held, and theirs alone until user_turn_over(). 0, or -EINTR: killed.
int user_turn(struct task *t, struct file *f);
void user_turn_over(struct task *t, struct file *f);

// Read or write with the checks and limits of all such calls; *position moves.
int user_transfer(struct task *t, struct file *f, int write, struct buffer *b,
                  u32 bytes, u64 *position);

// Between the parts of a call that may move much: is it to end with what it has?
static inline int
user_enough(struct task *t, u32 done)
{
    return task_breathe(t) != 0 || (done >= 0x10000 && signal_pending(t));
}

// How a wanted *at() flag is spelt for path_find(); others are -EINVAL.
int user_path_flags(u32 flags, u32 allowed, u32 *result);

// May the file system of an inode be changed? 0, -EROFS or -EPERM
int user_changeable(const struct inode *inode);

#endif

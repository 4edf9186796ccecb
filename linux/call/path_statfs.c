// path_statfs.c -- what is known about a file system
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/file/path.h"
#include "linux/file/stat_user.h"
#include "linux/call/user.h"

#define TMPFS_MAGIC 0x01021994u
#define EXT2_MAGIC 0xef53u
#define PROC_MAGIC 0x9fa0u
#define FLAG_VALID 0x20u
#define FLAG_READ_ONLY 1u

// The tree has what memory is left, but for the programs' part; the others have
// no room.
static void
describe(struct linux *l, const struct inode *inode, struct statfs64_i386 *s)
{
    *s = (struct statfs64_i386){.block_bytes = PAGE_SIZE,
                                .fragment_bytes = PAGE_SIZE,
                                .name_max = FILE_NAME_MAX,
                                .id = {inode->device},
                                .flags = FLAG_VALID};
    if (inode->device == DEVICE_DISK) {
        const struct ext2 *fs = &l->disk->fs;

        s->type = EXT2_MAGIC;
        s->flags |= FLAG_READ_ONLY;
        s->block_bytes = s->fragment_bytes = fs->block_bytes;
        s->blocks = fs->blocks;
        s->files = fs->inodes;
    } else if (inode->device == DEVICE_PROC) {
        s->type = PROC_MAGIC;
    } else {
        s->type = TMPFS_MAGIC;
        s->free = s->available = pages_left_files(&l->pages);
        s->blocks = l->tree_pages + s->free;
        s->files = s->blocks * 8;
        s->files_free = s->free * 8;
    }
}

static int
put_64(struct task *t, u32 to, const struct inode *inode)
{
    struct statfs64_i386 s;

    describe(t->linux, inode, &s);
    return user_put(t, to, &s, sizeof(s));
}

static int
put_32(struct task *t, u32 to, const struct inode *inode)
{
    struct statfs64_i386 s;

    describe(t->linux, inode, &s);
    struct statfs_i386 n = {.type = s.type,
                            .block_bytes = s.block_bytes,
                            .blocks = (u32)s.blocks,
                            .free = (u32)s.free,
                            .available = (u32)s.available,
                            .files = (u32)s.files,
                            .files_free = (u32)s.files_free,
                            .id = {s.id[0], s.id[1]},
                            .name_max = s.name_max,
                            .fragment_bytes = s.fragment_bytes,
                            .flags = s.flags};

    return user_put(t, to, &n, sizeof(n));
}

typedef int put_statfs(struct task *t, u32 to, const struct inode *inode);

static int
statfs_path(struct task *t, u32 path, u32 to, put_statfs *put)
{
    struct inode *inode;
    int err = path_find_user(t, AT_FDCWD, path, 0, &inode, NULL);

    if (err < 0)
        return err;
    err = put(t, to, inode);
    inode_drop(inode);
    return err;
}

static int
statfs_file(struct task *t, u32 descriptor, u32 to, put_statfs *put)
{
    struct file *f = files_get(t->files, descriptor);

    if (f == NULL)
        return -EBADF;
    return put(t, to, f->inode);
}

int
sys_statfs(struct task *t, const u32 *a)
{
    return statfs_path(t, a[0], a[1], put_32);
}

int
sys_fstatfs(struct task *t, const u32 *a)
{
    return statfs_file(t, a[0], a[1], put_32);
}

// The 64-bit forms say how large they think the structure is.
int
sys_statfs64(struct task *t, const u32 *a)
{
    if (a[1] != sizeof(struct statfs64_i386))
        return -EINVAL;
    return statfs_path(t, a[0], a[2], put_64);
}

int
sys_fstatfs64(struct task *t, const u32 *a)
{
    if (a[1] != sizeof(struct statfs64_i386))
        return -EINVAL;
    return statfs_file(t, a[0], a[2], put_64);
}

// inode.h -- files as a file system keeps them
//
// Errors are -errno. Inodes are counted: what hands one out holds it for the
// caller (inode_drop()).
#ifndef LINUX_INODE_H
#define LINUX_INODE_H

#include "linux/pool/buffer.h"
#include "linux/pool/pages.h"

#define S_IFMT 0170000u
#define S_IFIFO 0010000u
#define S_IFCHR 0020000u
#define S_IFDIR 0040000u
#define S_IFBLK 0060000u
#define S_IFREG 0100000u
#define S_IFLNK 0120000u
#define S_IFSOCK 0140000u
#define S_ISUID 04000u
#define S_ISGID 02000u
#define S_ISVTX 01000u

// Inode.device: which file system.
#define DEVICE_TREE 1u
#define DEVICE_DISK 2u
#define DEVICE_PROC 3u
#define DEVICE_SHARED 4u // shared memory without a file

#define FILE_NAME_MAX 255u
#define FILE_PATH_MAX 4096u

struct file;
struct file_ops;
struct inode;
struct linux;
struct task;

struct directory_item {
    u32 inode;
    u32 type; // DT_...: S_IFMT >> 12
    char name[FILE_NAME_MAX + 1];
};

// What a file system does. NULL: -EPERM (-EROFS where it would change it).
struct inode_ops {
    int (*lookup)(struct inode *dir, const char *name, struct inode **result);
    // The entry at *position, moved behind it: 1, 0 at the end, or -errno.
    // "." and ".." included.
    int (*list)(struct inode *dir, u64 *position, struct directory_item *item);
    // A new file, directory or device in a directory.
    int (*create)(struct inode *dir, const char *name, u32 mode, u32 device,
                  struct inode **result);
    int (*symlink)(struct inode *dir, const char *name, const char *target);
    int (*link)(struct inode *dir, const char *name, struct inode *inode);
    int (*unlink)(struct inode *dir, const char *name, int directory);
    int (*rename)(struct inode *from, const char *name, struct inode *to,
                  const char *new_name);
    int (*readlink)(struct inode *inode, char *to, u32 bytes); // -> length
    // May be NULL. A link that leads to an inode and not to a path
    // (/proc/self/fd/1): hands it out; 1: the link is to be read after all.
    int (*follow)(struct inode *inode, struct task *t, struct inode **result);
    // The directory in which it was last seen, held; NULL: not known. And what
    // it was called there, if it is not any more (NULL: that is not known).
    // For people: /proc.
    struct inode *(*seen_in)(struct inode *inode, const char **name);
    // A regular file's bytes; read -> bytes there were, write -> bytes.
    int (*read)(struct inode *inode, struct buffer *to, u32 bytes, u64 at);
    int (*write)(struct inode *inode, struct buffer *from, u32 bytes, u64 at);
    int (*truncate)(struct inode *inode, u64 size);
    // The page at an index, for mmap; write: it may be changed there. 0 or
    // -errno; not held. -ENODEV: it cannot be mapped.
    int (*page)(struct inode *inode, u32 index, int write, page_no *result);
    // Nobody holds it any more.
    void (*release)(struct inode *inode);
};

struct inode {
    struct linux *linux;
    const struct inode_ops *ops;
    u32 number;
    u32 device; // which file system
    u32 refs;   // open files, areas, working directories, calls
    u32 mode;   // type and permissions
    u32 links;
    u32 uid, gid;
    u32 rdev; // of a device
    u64 size;
    long long atime, mtime, ctime; // microseconds since 1970
    u32 pages;                     // that it occupies
    struct inode *parent;          // of the tree; not held while it has a name
    u32 seen_in;                   // of the disk: number of a directory
    struct inode *mounted; // the root of what is mounted here, held; or NULL
    struct inode *over;    // of such a root: what it is mounted on
    void *state;           // of the file system
    u32 word[6];           // of the file system
    struct pipe *pipe;     // of a FIFO that is open
    // Of its open files; NULL: as its type wants.
    const struct file_ops *file_ops;
    struct lock *locks; // lock.h
    u32 busy;           // it is being written to: others wait
};

void inode_hold(struct inode *inode);
void inode_drop(struct inode *inode); // NULL is fine

static inline int
inode_is(const struct inode *inode, u32 type)
{
    return (inode->mode & S_IFMT) == type;
}

// --- tree.c: the file system in plates ---

int tree_make(struct linux *l, struct inode **root);
// A regular file without a name: shared anonymous memory.
int tree_anonymous(struct linux *l, struct inode **result);
// An inode of any type without a name: for a pipe, so that it can be opened
// again through /proc/self/fd and fstat() knows it.
int tree_nameless(struct linux *l, u32 mode, struct inode **result);
// It gets no name any more, as if it had been removed from this directory.
void tree_stay_nameless(struct inode *inode, struct inode *dir);

// --- populate.c ---

// At the first use: make the tree with its directories and devices, and copy
// /linux of the boot disk into it. Makes nothing twice. 0 or -errno
int linux_populate(struct linux *l);

// --- disk_tree.c: /disk ---
int disk_tree_make(struct linux *l, struct inode **root);

// --- proc.c: /proc ---
int proc_make(struct linux *l, struct inode **root);

#endif

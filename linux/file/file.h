// file.h -- open files, and the descriptors of a task
#ifndef LINUX_FILE_H
#define LINUX_FILE_H

#include "linux/file/inode.h"

#define O_ACCMODE 00000003u
#define O_WRONLY 00000001u
#define O_RDWR 00000002u
#define O_CREAT 00000100u
#define O_EXCL 00000200u
#define O_NOCTTY 00000400u
#define O_TRUNC 00001000u
#define O_APPEND 00002000u
#define O_NONBLOCK 00004000u
#define O_ASYNC 00020000u
#define O_DIRECT 00040000u
#define O_LARGEFILE 00100000u
#define O_DIRECTORY 00200000u
#define O_NOFOLLOW 00400000u
#define O_NOATIME 01000000u
#define O_CLOEXEC 02000000u
#define O_PATH 010000000u
#define O_TMPFILE_BIT 020000000u // O_TMPFILE is this with O_DIRECTORY

#define POLLIN 0x001u
#define POLLPRI 0x002u
#define POLLOUT 0x004u
#define POLLERR 0x008u
#define POLLHUP 0x010u
#define POLLNVAL 0x020u
#define POLLRDNORM 0x040u
#define POLLRDBAND 0x080u
#define POLLWRNORM 0x100u
#define POLLWRBAND 0x200u

#define DESCRIPTORS_MAX (PAGE_SIZE / (u32)sizeof(struct file *)) // 1024

struct file;
struct task;

// What an open file does. NULL: -EINVAL (ioctl: -ENOTTY; poll: always ready).
struct file_ops {
    // file_open() has made it: 0, or -errno, and it goes again without release().
    int (*open)(struct task *t, struct file *f);
    // -> bytes, 0 at the end, -errno. *position moves for files that have one.
    int (*read)(struct task *t, struct file *f, struct buffer *to, u32 bytes,
                u64 *position);
    int (*write)(struct task *t, struct file *f, struct buffer *from, u32 bytes,
                 u64 *position);
    u32 (*poll)(struct file *f); // POLL... that hold now
    // A number that changes whenever something comes or goes, for edges; may be
    // NULL.
    u32 (*version)(struct file *f);
    int (*ioctl)(struct task *t, struct file *f, u32 code, u32 argument);
    void (*release)(struct file *f); // its last descriptor was closed
    u32 seekable;
};

struct file {
    const struct file_ops *ops;
    struct linux *linux;
    u32 refs;
    u32 flags; // O_...
    u64 position;
    u32 busy;            // a call uses the position: others wait (user_turn())
    struct inode *inode; // held
    void *state;         // pipe, ...
    rid owner;           // F_SETOWN
    u32 watchers;        // items of epolls that are about it
};

// An open file, held once; holds the inode. 0: no memory.
struct file *file_new(struct linux *l, const struct file_ops *ops, u32 flags,
                      struct inode *inode, void *state);
void file_hold(struct file *f);
void file_drop(struct file *f);

// Open an inode as its type wants it (regular, directory, FIFO, device).
int
file_open(struct task *t, struct inode *inode, u32 flags, struct file **result);

extern const struct file_ops regular_ops, directory_ops, pipe_ops, tty_ops;

// A device's operations, by its number (devices.c); NULL: -ENXIO.
const struct file_ops *device_ops(u32 rdev);
#define DEVICE(major, minor) ((major) << 8 | (minor))

// Something about a file has changed: whoever polls looks again.
void file_wake(struct linux *l);
// What holds now of what was asked for; POLLERR and POLLHUP always count.
u32 file_poll(struct file *f, u32 wanted);
// It is closed for good: no epoll watches it any more.
void epoll_forget(struct file *f);

// --- descriptors ---

struct files {
    u32 refs; // tasks
    struct linux *linux;
    struct file **file; // DESCRIPTORS_MAX of them, in a page of the pool
    page_no page;
    u32 end; // those from here on have never been used
    u8 close_on_exec[DESCRIPTORS_MAX];
};

struct files *files_new(struct linux *l);
struct files *files_copy(struct files *from);
void files_drop(struct files *files);
void files_exec(struct files *files); // close what is to be closed

// The open file of a descriptor, NULL: -EBADF. Not held.
struct file *files_get(const struct files *files, u32 descriptor);
// The lowest free descriptor from the given one on, or -EMFILE.
int files_vacant(const struct files *files, u32 from);
// The same, for a file; takes over the caller's hold. -> descriptor, -EMFILE (the
// hold stays with the caller).
int files_add(struct files *files, struct file *f, u32 from, int close_on_exec);
int files_close(struct files *files, u32 descriptor);
// Put it at a vacant descriptor, which takes over the caller's hold.
void files_put(struct files *files, u32 descriptor, struct file *f,
               int close_on_exec);

// Is the file the program of a process? Does anybody have it open for writing?
int file_executed(const struct linux *l, const struct inode *inode);
int file_written(const struct linux *l, const struct inode *inode);

// --- paths (path.c) ---

#define AT_FDCWD (-100)
#define PATH_NOFOLLOW 1u  // the last part is not followed if it is a link
#define PATH_PARENT 2u    // the directory in which the last part would be
#define PATH_DIRECTORY 4u // it must be one
#define PATH_EMPTY 8u     // an empty path is what at means itself
#define PATH_REAL 32u     // the way is the real user's, not the effective one's

// Follow a path in kernel memory. at: descriptor of a directory or AT_FDCWD.
// With PATH_PARENT, last gets the final part (FILE_NAME_MAX + 1 bytes).
int path_find(struct task *t, int at, const char *path, u32 flags,
              struct inode **result, char *last);
// The same, the path being at an address of the task's.
int path_find_user(struct task *t, int at, u32 path, u32 flags,
                   struct inode **result, char *last);
// The absolute path of a directory. -> length or -errno
int path_of(struct task *t, struct inode *dir, char *to, u32 bytes);

// May the task do this (4 read, 2 write, 1 search or execute)? 0 or -EACCES
int inode_access(const struct task *t, const struct inode *inode, u32 want);
// The same, asked for its real ids.
int
inode_access_real(const struct task *t, const struct inode *inode, u32 want);
// Is it the task's group, or one of its supplementary ones?
int task_in_group(const struct task *t, u32 gid);

#endif

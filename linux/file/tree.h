// tree.h -- the parts of the file system in plates
#ifndef LINUX_TREE_H
#define LINUX_TREE_H

#include "linux/file/inode.h"

// Two levels of page numbers: index / 1024, index % 1024.
#define FILE_PAGES_MAX 0x100000u
#define FILE_BYTES_MAX ((u64)FILE_PAGES_MAX * PAGE_SIZE)

extern const struct inode_ops tree_ops;

static inline int
inode_is_tree(const struct inode *inode)
{
    return inode->ops == &tree_ops;
}

// --- tree_data.c: page of a file -> page of the pool ---

// 0: a hole.
page_no data_page(const struct inode *inode, u32 index);
// The page, zeros if there was a hole. 0 or -ENOSPC, shared memory: -ENOMEM
int data_make(struct inode *inode, u32 index, page_no *result);
// Take over a page for a hole. 0 or -ENOMEM
int data_set(struct inode *inode, u32 index, page_no page);
// No pages from one on.
void data_cut(struct inode *inode, u32 first);
// The page at an index is a hole again.
void data_clear(struct inode *inode, u32 index);
// The first index from one on that is data (or a hole), at most end.
u32 data_next(const struct inode *inode, u32 index, u32 end, int hole);

// --- tree_entries.c: the names in a directory ---

struct entry {
    struct entry *left, *right;
    struct inode *inode; // its links count this
    u32 key;             // hash of the name, and a number among equal ones
    char name[];
};

// Keys are below this, so that a position fits a signed 32-bit number.
#define ENTRY_KEYS 0x40000000u

struct entry *entry_find(const struct inode *dir, const char *name);
// The first with this key or a greater one, NULL: none.
struct entry *entry_from(const struct inode *dir, u32 key);
int entry_add(struct inode *dir, const char *name, struct inode *inode);
void entry_remove(struct inode *dir, struct entry *e);

static inline u32
entry_count(const struct inode *dir)
{
    return dir->word[0];
}

// --- tree_file.c: bytes of regular files ---

int tree_read(struct inode *inode, struct buffer *to, u32 bytes, u64 at);
int tree_write(struct inode *inode, struct buffer *from, u32 bytes, u64 at);
int tree_truncate(struct inode *inode, u64 size);
// Zeros in a range, whole pages of which become holes; the size stays.
void tree_punch(struct inode *inode, u64 start, u64 end);
int tree_page(struct inode *inode, u32 index, int write, page_no *result);

// How many bytes may be moved at once: within one page of the file and one of
// the program, so that a fault leaves what came before it moved.
u32 tree_piece(const struct buffer *b, u32 left, u64 at);

// --- tree_names.c: what changes directories ---

int tree_create(struct inode *dir, const char *name, u32 mode, u32 device,
                struct inode **result);
int tree_symlink(struct inode *dir, const char *name, const char *target);
int tree_link(struct inode *dir, const char *name, struct inode *inode);
int tree_unlink(struct inode *dir, const char *name, int directory);

// --- tree_rename.c ---

int tree_rename(struct inode *from, const char *name, struct inode *to,
                const char *new_name);

// --- tree.c ---

// An inode that nothing names, held once. NULL: no memory.
struct inode *tree_new(struct linux *l, u32 mode);
// One name less, which it had in a directory; the last one of a directory is
// its only one.
void tree_unname(struct inode *inode, struct inode *dir, const char *name);
// A file that had lost all its names gets one: what it was called is old.
void tree_forget_name(struct inode *inode);
// Something was written to a file, or a directory changed.
void tree_touch(struct inode *inode);

#endif

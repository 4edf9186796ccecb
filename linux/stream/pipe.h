// pipe.h -- pipes, with names and without
//
//   P1  used <= PIPE_BYTES
//   P2  a slot has a page if a byte that is kept lies in it
//   P3  there is a reader, a writer, or somebody who opens it
#ifndef LINUX_PIPE_H
#define LINUX_PIPE_H

#include "linux/file/file.h"

#define PIPE_SLOTS 16u
#define PIPE_BYTES (PIPE_SLOTS * PAGE_SIZE)
#define PIPE_ATOMIC PAGE_SIZE // so much is written as a whole, or not yet

struct pipe {
    struct inode *inode;            // whose it is; not held
    u32 readers, writers;           // open files
    u32 reader_opens, writer_opens; // since it was made
    u32 first, used;                // ring of bytes
    u32 busy;                       // bytes are being copied: others wait
    u32 written, read;              // how often, for poll
    page_no page[PIPE_SLOTS];
};

// A pipe without a name: what it is read from, what is written to. 0 or -errno
int pipe_new(struct linux *l, u32 flags, struct file *end[2]);

const char *pipe_check(const struct pipe *p);

#endif

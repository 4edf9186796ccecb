// pipe_parts.h -- what the files of the pipes ask of each other
#ifndef LINUX_PIPE_PARTS_H
#define LINUX_PIPE_PARTS_H

#include "linux/stream/pipe.h"

// Wake who waits there, and who polls.
void pipe_tell(struct pipe *p, const u32 *channel);

// Opening a FIFO by its name, or a pipe by its descriptor's.
int pipe_open(struct task *t, struct file *f);
void pipe_release(struct file *f);

#endif

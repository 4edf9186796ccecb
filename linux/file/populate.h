// populate.h -- the first files of the tree
#ifndef LINUX_POPULATE_H
#define LINUX_POPULATE_H

#include "linux/file/inode.h"

// Copy a directory of the boot disk into the root of the tree. What cannot be
// copied is left out, and one sentence says so. 0, or -ERESTART.
int populate_copy(struct linux *l, const char *name);

#endif

// place.h -- where a task is: root, working directory, umask
#ifndef LINUX_PLACE_H
#define LINUX_PLACE_H

#include "linux/task/task.h"

// All hold what they name. NULL: no memory.
struct place *place_new(struct linux *l, struct inode *root);
struct place *place_copy(struct linux *l, const struct place *from);
void place_drop(struct linux *l, struct place *place);

#endif

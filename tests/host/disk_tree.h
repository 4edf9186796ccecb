// disk_tree.h -- which drive contents have been tried, as far as it matters
//
// A run on the simulated drive can only know what it has read.  Each run leaves
// the sectors it read before it wrote them, in their order, as a path in this
// tree, with its result.  An image on which the path comes out at a result would
// give the same run: it needs none of its own.
#ifndef HOST_DISK_TREE_H
#define HOST_DISK_TREE_H

#include "tender/types.h"

struct disk_tree;

struct disk_tree *disk_tree_new(void);
void disk_tree_clear(struct disk_tree *tree);

// Look for the contents of the drive as they are.  1: *result is known.
int disk_tree_find(const struct disk_tree *tree, int *result);

// A run begins: what it reads is noted; it ends with a result.  Returns -1 if
// it read other sectors than a run before that had seen the same.  Runs on
// another tree may come between; what these read is not noted.
void disk_tree_begin(struct disk_tree *tree);
void disk_tree_pause(struct disk_tree *tree);
void disk_tree_resume(struct disk_tree *tree);
int disk_tree_end(struct disk_tree *tree, int result);

#endif

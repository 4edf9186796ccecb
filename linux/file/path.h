// path.h -- where a path leads, in full
#ifndef LINUX_PATH_H
#define LINUX_PATH_H

#include "linux/file/file.h"

#define LINKS_MAX 40u // symbolic links followed for one path

struct path {
    struct inode *dir;   // held: where the last part is or would be
    struct inode *inode; // held: what the path leads to; NULL: not there
    u32 slash;           // there is a slash behind the last part
    u32 special;         // the last part is ".", "..", or there is none
    char name[FILE_NAME_MAX + 1]; // the last part
};

#define PATH_CREATE 16u // the last part need not be there

// Flags as for path_find(); with PATH_PARENT a link at the end is not followed
// and need not be there. After an error nothing is held.
int
path_walk(struct task *t, int at, const char *path, u32 flags, struct path *p);
int path_walk_user(struct task *t, int at, u32 path, u32 flags, struct path *p);
void path_drop(struct path *p);
// Something waited since: look again what the last part is. 0 or -errno, as long
// as its directory is one of the tree it does not wait.
int path_again(struct path *p);

#endif

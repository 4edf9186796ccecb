// place.c -- where a task is: root, working directory, umask
#include "linux/file/place.h"

#include "linux/linux.h"

static struct place *
make(struct linux *l, struct inode *root, struct inode *cwd, u32 umask)
{
    struct place *place = heap_new(&l->heap, sizeof(*place));

    if (place == NULL)
        return NULL;
    place->refs = 1;
    place->umask = umask;
    place->root = root;
    place->cwd = cwd;
    inode_hold(root);
    inode_hold(cwd);
    return place;
}

struct place *
place_new(struct linux *l, struct inode *root)
{
    return make(l, root, root, 022);
}

struct place *
place_copy(struct linux *l, const struct place *from)
{
    return make(l, from->root, from->cwd, from->umask);
}

void
place_drop(struct linux *l, struct place *place)
{
    if (place == NULL || --place->refs > 0)
        return;
    inode_drop(place->root);
    inode_drop(place->cwd);
    heap_free(&l->heap, place, sizeof(*place));
}

// tree_entries.c -- the names in a directory
//
// A treap: a search tree by the key, and a heap by a number made from the key,
// which keeps it low whatever the order of the changes. A key is the hash
// of the name and a number that tells apart names with the same hash. So a name
// is found in few steps, and the order of a listing is that of the keys: an
// entry keeps its position whatever becomes of the others, and new ones come
// anywhere, so that a listing ends even if every step adds a name.
#include "linux/file/tree.h"

#include "linux/errno.h"
#include "linux/linux.h"
#include "tender/assert.h"
#include "tender/text.h"

#define SAME_BITS 7u // so many names may have one hash
#define SAME (1u << SAME_BITS)
#define SHOWN_BYTES 20u // of an entry, in the size of the directory

static struct entry **
root_of(struct inode *dir)
{
    return (struct entry **)&dir->state;
}

// The lowest key of a name.
static u32
key_of(const char *name)
{
    u32 hash = 2166136261u;

    for (; *name != 0; name++)
        hash = (hash ^ (u8)*name) * 16777619u;
    hash ^= hash >> 15;
    hash *= 0x2c1b3c6du;
    hash ^= hash >> 12;
    return (hash * SAME) % ENTRY_KEYS;
}

// The heap's order: far from that of the keys.
static u32
height_of(const struct entry *e)
{
    u32 x = (e->key + 1) * 0x9e3779b1u;

    x ^= x >> 16;
    x *= 0x85ebca6bu;
    return x ^ x >> 13;
}

struct entry *
entry_from(const struct inode *dir, u32 key)
{
    struct entry *best = NULL;

    for (struct entry *e = dir->state; e != NULL;) {
        if (e->key >= key)
            best = e;
        e = e->key >= key ? e->left : e->right;
    }
    return best;
}

struct entry *
entry_find(const struct inode *dir, const char *name)
{
    u32 key = key_of(name);
    u32 end = key + SAME;

    for (;;) {
        struct entry *e = entry_from(dir, key);

        if (e == NULL || e->key >= end)
            return NULL;
        if (text_equal(e->name, name))
            return e;
        key = e->key + 1;
    }
}

static u32
bytes_of(const char *name)
{
    return (u32)offsetof(struct entry, name) + text_length(name) + 1;
}

// Put a node where its height belongs, and split what was there by its key.
static void
insert(struct entry **link, struct entry *new)
{
    u32 height = height_of(new);

    while (*link != NULL && height_of(*link) >= height)
        link = new->key < (*link)->key ? &(*link)->left : &(*link)->right;
    struct entry *rest = *link;
    struct entry **below = &new->left, **above = &new->right;

    while (rest != NULL)
        if (rest->key < new->key) {
            *below = rest;
            below = &rest->right;
            rest = rest->right;
        } else {
            *above = rest;
            above = &rest->left;
            rest = rest->left;
        }
    *below = NULL;
    *above = NULL;
    *link = new;
}

int
entry_add(struct inode *dir, const char *name, struct inode *inode)
{
    u32 key = key_of(name);
    u32 end = key + SAME;

    for (struct entry *e; (e = entry_from(dir, key)) != NULL && e->key == key;)
        if (++key == end)
            return -ENOSPC;
    struct entry *new = heap_new(&dir->linux->heap, bytes_of(name));

    if (new == NULL)
        return -ENOSPC;
    new->inode = inode;
    new->key = key;
    text_copy(new->name, name, FILE_NAME_MAX + 1);
    insert(root_of(dir), new);
    dir->word[0]++;
    dir->size += SHOWN_BYTES;
    return 0;
}

void
entry_remove(struct inode *dir, struct entry *e)
{
    struct entry **link = root_of(dir);
    struct entry *below = e->left, *above = e->right;

    while (*link != e) {
        ASSERT(*link != NULL);
        link = e->key < (*link)->key ? &(*link)->left : &(*link)->right;
    }
    while (below != NULL && above != NULL)
        if (height_of(below) >= height_of(above)) {
            *link = below;
            link = &below->right;
            below = below->right;
        } else {
            *link = above;
            link = &above->left;
            above = above->left;
        }
    *link = below != NULL ? below : above;
    heap_free(&dir->linux->heap, e, bytes_of(e->name));
    dir->word[0]--;
    dir->size -= SHOWN_BYTES;
}

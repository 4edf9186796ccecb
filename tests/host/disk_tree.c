// disk_tree.c -- which drive contents have been tried, as far as it matters
#include "disk_tree.h"

#include <stdlib.h>

#include "fake.h"
#include "medium.h"

#define PATH_MAX_SECTORS MEDIUM_SECTORS_MAX
#define LEAF UINT32_MAX

// What a run reads after all that leads here; LEAF: nothing more.
struct node {
    u32 sector;
    u32 edge; // the first one, 0 = none
    int result;
};

// If the sector holds this, the run is at that node.
struct edge {
    u32 number;
    u32 node;
    u32 next;
};

struct disk_tree {
    struct node *node; // [0] is the root
    struct edge *edge; // [0] is unused
    u32 nodes, node_room;
    u32 edges, edge_room;
    struct edge *path; // of the run: number, and the sector in .node
    u32 length;
};

static struct disk_tree *noting;

static void *
more(void *old, u32 count, u32 *room, size_t bytes)
{
    if (count < *room)
        return old;
    *room = *room * 2 + 1024;
    old = realloc(old, *room * bytes);
    if (old == NULL)
        fake_fail("the host has no room for a tree of %u", *room);
    return old;
}

static u32
add_node(struct disk_tree *tree, u32 sector, int result)
{
    tree->node =
        more(tree->node, tree->nodes, &tree->node_room, sizeof(struct node));
    tree->node[tree->nodes] = (struct node){sector, 0, result};
    return tree->nodes++;
}

static void
add_edge(struct disk_tree *tree, u32 from, u32 number, u32 to)
{
    tree->edge =
        more(tree->edge, tree->edges, &tree->edge_room, sizeof(struct edge));
    tree->edge[tree->edges] = (struct edge){number, to, tree->node[from].edge};
    tree->node[from].edge = tree->edges++;
}

struct disk_tree *
disk_tree_new(void)
{
    struct disk_tree *tree = calloc(1, sizeof(*tree));

    if (tree == NULL)
        fake_fail("the host has no room for a tree");
    tree->path = calloc(PATH_MAX_SECTORS, sizeof(*tree->path));
    if (tree->path == NULL)
        fake_fail("the host has no room for a path");
    disk_tree_clear(tree);
    return tree;
}

void
disk_tree_clear(struct disk_tree *tree)
{
    tree->nodes = 0;
    tree->edges = 1;
    tree->edge = more(tree->edge, 1, &tree->edge_room, sizeof(struct edge));
}

static u32
follow(const struct disk_tree *tree, u32 node, u32 number)
{
    u32 edge = tree->node[node].edge;

    while (edge != 0 && tree->edge[edge].number != number)
        edge = tree->edge[edge].next;
    return edge == 0 ? 0 : tree->edge[edge].node;
}

int
disk_tree_find(const struct disk_tree *tree, int *result)
{
    u32 node = 0;

    if (tree->nodes == 0)
        return 0;
    while (tree->node[node].sector != LEAF) {
        node = follow(tree, node, medium_number(tree->node[node].sector));
        if (node == 0)
            return 0;
    }
    *result = tree->node[node].result;
    return 1;
}

static void
note(u32 sector, u32 number)
{
    if (noting != NULL)
        noting->path[noting->length++] = (struct edge){number, sector, 0};
}

void
disk_tree_begin(struct disk_tree *tree)
{
    tree->length = 0;
    noting = tree;
    medium_watch(note);
}

void
disk_tree_pause(struct disk_tree *tree)
{
    (void)tree;
    noting = NULL;
}

void
disk_tree_resume(struct disk_tree *tree)
{
    noting = tree;
}

int
disk_tree_end(struct disk_tree *tree, int result)
{
    u32 node = 0;
    int known = tree->nodes != 0;

    noting = NULL;
    medium_watch(NULL);
    for (u32 i = 0; i <= tree->length; i++) {
        u32 sector = i == tree->length ? LEAF : tree->path[i].node;

        if (!known) {
            u32 new = add_node(tree, sector, result);

            if (i > 0)
                add_edge(tree, node, tree->path[i - 1].number, new);
            node = new;
        }
        if (tree->node[node].sector != sector)
            return -1;
        if (known && sector != LEAF) {
            u32 next = follow(tree, node, tree->path[i].number);

            known = next != 0;
            node = known ? next : node;
        }
    }
    return tree->node[node].result == result ? 0 : -1;
}

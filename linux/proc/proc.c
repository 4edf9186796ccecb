// proc.c -- /proc: a file system that is made when it is looked at
//
// An inode says which node of the table it is, of which process, and which
// descriptor or thread; it is made by lookup() and lives as long as it is held.
// The root stays.
#include "linux/proc/proc.h"

#include "linux/errno.h"
#include "tender/text.h"

#define PIDS 32768u

extern const struct inode_ops proc_ops;

struct task *
proc_task(const struct inode *inode)
{
    struct task *t =
        task_of_tid(inode->linux, proc_is_thread(proc_number(inode))
                                      ? proc_descriptor(inode)
                                      : proc_pid(inode));

    return t == NULL || t->leader != proc_leader(inode) ? NULL : t;
}

// The process that has the number now; RID_NONE: there is none.
static rid
leader_now(struct linux *l, u32 pid)
{
    const struct task *t = pid == 0 ? NULL : task_of_tid(l, pid);

    return t == NULL || t->leader != t->res.id ? RID_NONE : t->res.id;
}

// --- inodes ---

// A thread's number says which process it belongs to.
static u32
inode_number(u32 number, u32 pid, u32 descriptor)
{
    if (proc_is_thread(number))
        return descriptor << 16 | number << 8 | 1u << 31;
    return pid << 16 | number << 8 | descriptor | 1u << 31;
}

static struct inode *
new_inode(struct linux *l, u32 number, u32 pid, u32 descriptor)
{
    const struct proc_node *node = proc_node(number);
    struct inode *inode = heap_new(&l->heap, sizeof(*inode));
    struct task *t;

    if (inode == NULL)
        return NULL;
    inode->linux = l;
    inode->ops = &proc_ops;
    inode->number = inode_number(number, pid, descriptor);
    inode->device = DEVICE_PROC;
    inode->refs = 1;
    inode->mode = node->mode;
    inode->links = inode_is(inode, S_IFDIR) ? 2 : 1;
    if (number == PROC_TASKS)
        inode->links += task_threads(l, pid);
    inode->atime = inode->mtime = inode->ctime = linux_real_us(l);
    inode->word[0] = number;
    inode->word[1] = pid;
    inode->word[2] = descriptor;
    inode->word[3] = leader_now(l, pid);
    if (node->print != NULL)
        inode->file_ops = &proc_file_ops;
    t = pid == 0 ? NULL : proc_task(inode);
    if (t != NULL) {
        inode->uid = t->euid;
        inode->gid = t->egid;
    }
    return inode;
}

static void
release(struct inode *inode)
{
    heap_free(&inode->linux->heap, inode, sizeof(*inode));
}

// --- looking a name up ---

// A number without leading zeros, or ~0u.
static u32
number_of(const char *name)
{
    u32 value = 0;

    if (name[0] == 0 || (name[0] == '0' && name[1] != 0))
        return ~0u;
    for (; *name != 0; name++) {
        if (*name < '0' || *name > '9' || value >= PIDS)
            return ~0u;
        value = value * 10 + (u32)(*name - '0');
    }
    return value;
}

// The node of a name in a directory; 0: there is none, as the root has no name.
static u32
find(u32 directory, const char *name)
{
    const struct proc_node *node;

    for (u32 i = 1; (node = proc_node(i)) != NULL; i++)
        if (node->directory == directory && node->name != NULL &&
            text_equal(node->name, name))
            return i;
    return 0;
}

static int
make(struct inode *dir, u32 number, u32 pid, u32 descriptor,
     struct inode **result)
{
    *result = new_inode(dir->linux, number, pid, descriptor);
    return *result == NULL ? -ENOMEM : 0;
}

static int
lookup_up(struct inode *dir, struct inode **result)
{
    u32 up = proc_node(proc_number(dir))->directory;

    if (proc_number(dir) == PROC_ROOT || up == PROC_ROOT) {
        *result = proc_number(dir) == PROC_ROOT ? dir : dir->state;
        inode_hold(*result);
        return 0;
    }
    return make(dir, up, proc_pid(dir), 0, result);
}

static int
has_descriptor(const struct inode *dir, u32 descriptor)
{
    const struct task *t = proc_task(dir);

    return t != NULL && t->files != NULL &&
           files_get(t->files, descriptor) != NULL;
}

static int
has_thread(const struct inode *dir, u32 tid)
{
    const struct task *t = task_of_tid(dir->linux, tid);

    return t != NULL && t->leader == proc_leader(dir);
}

static int
lookup_name(struct inode *dir, const char *name, struct inode **result)
{
    u32 here = proc_number(dir);
    u32 number = find(here, name);
    u32 value = number_of(name);

    if (number != 0)
        return make(dir, number, proc_pid(dir), proc_descriptor(dir), result);
    if (here == PROC_ROOT && value != ~0u &&
        leader_now(dir->linux, value) != RID_NONE)
        return make(dir, PROC_PID, value, 0, result);
    if (here == PROC_FDS && value != ~0u && has_descriptor(dir, value))
        return make(dir, PROC_FD, proc_pid(dir), value, result);
    if (here == PROC_TASKS && value != ~0u && has_thread(dir, value))
        return make(dir, PROC_TASK, proc_pid(dir), value, result);
    return -ENOENT;
}

static int
lookup(struct inode *dir, const char *name, struct inode **result)
{
    int err;

    if (text_equal(name, ".")) {
        inode_hold(dir);
        *result = dir;
        return 0;
    }
    if (proc_pid(dir) != 0 && proc_task(dir) == NULL)
        return -ENOENT;
    if (text_equal(name, ".."))
        err = lookup_up(dir, result);
    else
        err = lookup_name(dir, name, result);
    // All but the root know it: their ".." leads there in the end.
    if (err == 0 && proc_number(*result) != PROC_ROOT)
        (*result)->state = proc_number(dir) == PROC_ROOT ? dir : dir->state;
    return err;
}

// --- listing ---

// Positions: 0 ".", 1 "..", then the nodes by their numbers, then from DYNAMIC
// on processes, threads or descriptors.
#define DYNAMIC 0x10000u

static void
fill(struct directory_item *item, u32 number, u32 pid, u32 descriptor)
{
    item->inode = inode_number(number, pid, descriptor);
    item->type = (proc_node(number)->mode & S_IFMT) >> 12;
}

static int
list_node(struct inode *dir, u64 *position, struct directory_item *item)
{
    const struct proc_node *node;

    for (u32 i = (u32)*position - 1; (node = proc_node(i)) != NULL; i++) {
        *position = i + 2;
        if (node->directory != proc_number(dir) || node->name == NULL)
            continue;
        fill(item, i, proc_pid(dir), proc_descriptor(dir));
        text_copy(item->name, node->name, sizeof(item->name));
        return 1;
    }
    *position = DYNAMIC;
    return 0;
}

// Processes in the root, threads of a process elsewhere.
static int
is_in(const struct inode *dir, const struct task *t)
{
    return t->leader ==
           (proc_number(dir) == PROC_ROOT ? t->res.id : proc_leader(dir));
}

static int
list_task(struct inode *dir, u64 *position, struct directory_item *item)
{
    u32 least = (u32)*position - DYNAMIC;
    const struct task *next = NULL;
    const struct task *t = &dir->linux->init;
    u32 i = 0;

    for (; t != NULL; t = task_next(dir->linux, &i))
        if (is_in(dir, t) && t->tid >= least &&
            (next == NULL || t->tid < next->tid))
            next = t;
    if (next == NULL)
        return 0;
    *position = DYNAMIC + next->tid + 1;
    if (proc_number(dir) == PROC_ROOT)
        fill(item, PROC_PID, next->tid, 0);
    else
        fill(item, PROC_TASK, proc_pid(dir), next->tid);
    text_format(item->name, sizeof(item->name), "%u", next->tid);
    return 1;
}

static int
list_descriptor(struct inode *dir, u64 *position, struct directory_item *item)
{
    for (u32 i = (u32)*position - DYNAMIC; i < DESCRIPTORS_MAX; i++) {
        if (!has_descriptor(dir, i))
            continue;
        *position = DYNAMIC + i + 1;
        fill(item, PROC_FD, proc_pid(dir), i);
        text_format(item->name, sizeof(item->name), "%u", i);
        return 1;
    }
    return 0;
}

static int
list(struct inode *dir, u64 *position, struct directory_item *item)
{
    if (proc_pid(dir) != 0 && proc_task(dir) == NULL)
        return -ENOENT;
    if (*position < 2) {
        struct inode *inode;
        int err = lookup(dir, *position == 0 ? "." : "..", &inode);

        if (err < 0)
            return err;
        item->inode = inode->number;
        item->type = S_IFDIR >> 12;
        text_copy(item->name, *position == 0 ? "." : "..", 3);
        inode_drop(inode);
        (*position)++;
        return 1;
    }
    if (*position < DYNAMIC && list_node(dir, position, item) > 0)
        return 1;
    if (proc_number(dir) == PROC_ROOT || proc_number(dir) == PROC_TASKS)
        return list_task(dir, position, item);
    if (proc_number(dir) == PROC_FDS)
        return list_descriptor(dir, position, item);
    return 0;
}

const struct inode_ops proc_ops = {
    .lookup = lookup,
    .list = list,
    .readlink = proc_readlink,
    .follow = proc_follow,
    .release = release,
};

int
proc_make(struct linux *l, struct inode **root)
{
    *root = new_inode(l, PROC_ROOT, 0, 0);
    return *root == NULL ? -ENOMEM : 0;
}

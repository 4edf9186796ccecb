// memory.c -- system calls: mmap and its family
#include "linux/calls.h"
#include "linux/errno.h"

#define MAP_TYPE 0x0fu
#define MAP_SHARED_VALIDATE 0x03u
#define MAP_POPULATE 0x8000u
#define MAP_HUGETLB 0x40000u
#define PROT_KNOWN 0x0fu // and PROT_SEM
#define ZERO_DEVICE DEVICE(1, 5)

#define MS_ASYNC 1u
#define MS_SYNC 4u
#define MS_KNOWN 7u
#define MCL_KNOWN 7u // CURRENT, FUTURE, ONFAULT
#define MCL_ONFAULT 4u
#define MADV_DONTNEED 4u
#define MADV_FREE 8u

struct mapping {
    u32 at, bytes, prot, flags, descriptor, first;
};

static u32
round_up(u32 bytes)
{
    return (bytes + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

// A range of whole pages that must be mapped. 0, -EINVAL, -ENOMEM.
static int
check_range(const struct task *t, u32 at, u32 bytes)
{
    if (at % PAGE_SIZE != 0)
        return -EINVAL;
    if (bytes == 0)
        return 0;
    if (bytes > MEMORY_END || at > MEMORY_END - round_up(bytes) ||
        !memory_covers(t->memory, at, round_up(bytes)))
        return -ENOMEM;
    return 0;
}

int
sys_brk(struct task *t, const u32 *a)
{
    return (int)memory_brk(t->memory, a[0]);
}

// --- mmap ---

static int
type_of(const struct mapping *map, u32 *type)
{
    *type = map->flags & MAP_TYPE;
    if (*type == MAP_SHARED_VALIDATE)
        *type = MAP_SHARED;
    if (*type != MAP_SHARED && *type != MAP_PRIVATE)
        return -EINVAL;
    return (map->flags & MAP_HUGETLB) ? -ENOMEM : 0;
}

// What an open file allows. *inode NULL: zeros instead of a file.
static int
check_file(const struct task *t, const struct mapping *map, u32 type,
           struct inode **inode, u32 *flags)
{
    const struct file *f = files_get(t->files, map->descriptor);

    if (f == NULL || (f->flags & O_PATH) != 0)
        return -EBADF;
    if ((f->flags & O_ACCMODE) == O_WRONLY)
        return -EACCES;
    if (type == MAP_SHARED && (f->flags & O_ACCMODE) != O_RDWR) {
        if (map->prot & PROT_WRITE)
            return -EACCES;
        *flags |= MAP_READ_ONLY;
    }
    *inode = f->inode;
    if (inode_is(f->inode, S_IFCHR) && f->inode->rdev == ZERO_DEVICE) {
        *inode = NULL;
        return 0;
    }
    if (!inode_is(f->inode, S_IFREG) || f->inode->ops->page == NULL)
        return -ENODEV;
    return 0;
}

// As far as memory goes.
static void
populate(struct task *t, u32 at, u32 bytes, u32 prot)
{
    int err = 0;

    for (u32 va = at; va < at + bytes && err == 0; va += PAGE_SIZE) {
        err = memory_fault(t->memory, va, (prot & PROT_WRITE) != 0);
        if (err == 0)
            err = task_breathe(t);
    }
}

static int
map_memory(struct task *t, const struct mapping *map)
{
    struct inode *inode = NULL;
    u32 flags = map->flags & (MAP_FIXED | MAP_FIXED_NOREPLACE | MAP_GROWSDOWN);
    u32 type;
    int err = type_of(map, &type);

    if (err < 0)
        return err;
    if (map->bytes == 0)
        return -EINVAL;
    if (map->bytes > MEMORY_END)
        return -ENOMEM;
    if (map->first + (round_up(map->bytes) >> PAGE_SHIFT) < map->first)
        return -EOVERFLOW;
    if ((map->flags & MAP_ANONYMOUS) == 0)
        err = check_file(t, map, type, &inode, &flags);
    if (err < 0)
        return err;
    // Reading a file may wait, and another thread close it: area_new() holds it
    // before.
    int at = memory_map(t->memory, map->at, map->bytes, map->prot, flags | type,
                        inode, inode == NULL ? 0 : map->first);

    if (at > 0 && (map->flags & MAP_POPULATE) != 0)
        populate(t, (u32)at, map->bytes, map->prot);
    return at;
}

// The old one: its arguments lie in memory, the offset is in bytes.
int
sys_mmap(struct task *t, const u32 *a)
{
    u32 old[6];
    int err = memory_in(t->memory, old, a[0], sizeof(old));

    if (err < 0)
        return err;
    if (old[5] % PAGE_SIZE != 0)
        return -EINVAL;
    const struct mapping map = {old[0], old[1], old[2],
                                old[3], old[4], old[5] / PAGE_SIZE};

    return map_memory(t, &map);
}

int
sys_mmap2(struct task *t, const u32 *a)
{
    const struct mapping map = {a[0], a[1], a[2], a[3], a[4], a[5]};

    return map_memory(t, &map);
}

int
sys_munmap(struct task *t, const u32 *a)
{
    return memory_unmap(t->memory, a[0], a[1]);
}

int
sys_mprotect(struct task *t, const u32 *a)
{
    if ((a[2] & ~PROT_KNOWN) != 0)
        return -EINVAL;
    return memory_protect(t->memory, a[0], a[1], a[2]);
}

int
sys_mremap(struct task *t, const u32 *a)
{
    return memory_remap(t->memory, a[0], a[1], a[2], a[3], a[4]);
}

// --- what is only advice, or always so ---

// A page of a shared mapping is the file's own: there is nothing to write back.
int
sys_msync(struct task *t, const u32 *a)
{
    if ((a[2] & ~MS_KNOWN) != 0 ||
        (a[2] & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
        return -EINVAL;
    return check_range(t, a[0], a[1]);
}

static int
may_lock(const struct task *t, u32 bytes)
{
    return t->euid == 0 || bytes <= limit_of(t, RLIMIT_MEMLOCK);
}

// Nothing of a Linux program is ever paged out.
int
sys_mlock(struct task *t, const u32 *a)
{
    u32 start = a[0] & ~(PAGE_SIZE - 1);
    u32 bytes = a[1] + (a[0] - start);

    if (bytes < a[1])
        return -EINVAL;
    if (!may_lock(t, bytes))
        return -ENOMEM;
    return check_range(t, start, bytes);
}

int
sys_munlock(struct task *t, const u32 *a)
{
    u32 start = a[0] & ~(PAGE_SIZE - 1);
    u32 bytes = a[1] + (a[0] - start);

    return bytes < a[1] ? -EINVAL : check_range(t, start, bytes);
}

int
sys_mlockall(struct task *t, const u32 *a)
{
    if (a[0] == 0 || (a[0] & ~MCL_KNOWN) != 0 || a[0] == MCL_ONFAULT)
        return -EINVAL;
    return may_lock(t, t->memory->mapped) ? 0 : -ENOMEM;
}

int
sys_munlockall(struct task *t, const u32 *a)
{
    (void)t, (void)a;
    return 0;
}

int
sys_mincore(struct task *t, const u32 *a)
{
    u32 pages = round_up(a[1]) >> PAGE_SHIFT;
    int err = check_range(t, a[0], a[1]);
    u8 there[64];

    for (u32 done = 0; err == 0 && done < pages; done += sizeof(there)) {
        u32 n = MIN(pages - done, (u32)sizeof(there));

        for (u32 i = 0; i < n; i++)
            there[i] =
                memory_page_at(t->memory, a[0] + (done + i) * PAGE_SIZE) != 0;
        err = memory_out(t->memory, a[2] + done, there, n);
    }
    return err;
}

// MADV_FREE may forget at once. Private memory only, of both.
static int
can_discard(const struct memory *m, u32 at, u32 bytes, u32 advice)
{
    const struct area *a = m->areas;

    for (; a != NULL && a->start < at + bytes; a = a->next)
        if (a->end > at && advice == MADV_FREE &&
            (a->inode != NULL || (a->flags & MAP_SHARED) != 0))
            return 0;
    return 1;
}

// Advice is taken for what is mapped also when there are holes.
int
sys_madvise(struct task *t, const u32 *a)
{
    u32 bytes = round_up(a[1]);
    int known = a[2] <= MADV_DONTNEED || a[2] == MADV_FREE ||
                (a[2] >= 10 && a[2] <= 21);

    if (!known || a[0] % PAGE_SIZE != 0 || (a[1] != 0 && bytes == 0))
        return -EINVAL;
    if (bytes == 0)
        return 0;
    if (bytes > MEMORY_END || a[0] > MEMORY_END - bytes)
        return -ENOMEM;
    if (a[2] == MADV_DONTNEED || a[2] == MADV_FREE) {
        if (!can_discard(t->memory, a[0], bytes, a[2]))
            return -EINVAL;
        memory_discard(t->memory, a[0], bytes);
    }
    return memory_covers(t->memory, a[0], bytes) ? 0 : -ENOMEM;
}

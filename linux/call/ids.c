// ids.c -- system calls: users and groups
//
// Every session begins as root. The calls of 16 bits have the same numbers.
#include "linux/calls.h"
#include "linux/errno.h"

#define SAME 0xffffffffu // -1: leave it as it is

struct ids {
    u32 real, effective, saved;
};

static struct ids
users_of(const struct task *t)
{
    return (struct ids){t->uid, t->euid, t->suid};
}

static struct ids
groups_of(const struct task *t)
{
    return (struct ids){t->gid, t->egid, t->sgid};
}

static int
set_users(struct task *t, struct ids ids)
{
    t->uid = ids.real;
    t->euid = ids.effective;
    t->suid = ids.saved;
    return 0;
}

static int
set_groups(struct task *t, struct ids ids)
{
    t->gid = ids.real;
    t->egid = ids.effective;
    t->sgid = ids.saved;
    return 0;
}

static int
is_one_of(u32 id, const struct ids *ids)
{
    return id == SAME || id == ids->real || id == ids->effective ||
           id == ids->saved;
}

// setuid: root becomes it altogether, others may go back and forth.
static int
set_one(int root, struct ids *ids, u32 id)
{
    if (id == SAME)
        return -EINVAL;
    if (root) {
        *ids = (struct ids){id, id, id};
        return 0;
    }
    if (id != ids->real && id != ids->saved)
        return -EPERM;
    ids->effective = id;
    return 0;
}

static int
set_two(int root, struct ids *ids, u32 real, u32 effective)
{
    const struct ids old = *ids;

    if (!root && ((real != SAME && real != old.real && real != old.effective) ||
                  !is_one_of(effective, &old)))
        return -EPERM;
    if (real != SAME)
        ids->real = real;
    if (effective != SAME)
        ids->effective = effective;
    if (real != SAME || (effective != SAME && effective != old.real))
        ids->saved = ids->effective;
    return 0;
}

static int
set_three(int root, struct ids *ids, const u32 *a)
{
    const struct ids old = *ids;

    if (!root && (!is_one_of(a[0], &old) || !is_one_of(a[1], &old) ||
                  !is_one_of(a[2], &old)))
        return -EPERM;
    if (a[0] != SAME)
        ids->real = a[0];
    if (a[1] != SAME)
        ids->effective = a[1];
    if (a[2] != SAME)
        ids->saved = a[2];
    return 0;
}

static u32
wide(u32 id)
{
    return (id & 0xffff) == 0xffff ? SAME : id & 0xffff;
}

// --- users ---

int
sys_setuid32(struct task *t, const u32 *a)
{
    struct ids ids = users_of(t);
    int err = set_one(t->euid == 0, &ids, a[0]);

    return err < 0 ? err : set_users(t, ids);
}

int
sys_setreuid32(struct task *t, const u32 *a)
{
    struct ids ids = users_of(t);
    int err = set_two(t->euid == 0, &ids, a[0], a[1]);

    return err < 0 ? err : set_users(t, ids);
}

int
sys_setresuid32(struct task *t, const u32 *a)
{
    struct ids ids = users_of(t);
    int err = set_three(t->euid == 0, &ids, a);

    return err < 0 ? err : set_users(t, ids);
}

static int
put_three(struct task *t, const struct ids *ids, const u32 *a)
{
    int err = memory_out(t->memory, a[0], &ids->real, 4);

    if (err == 0)
        err = memory_out(t->memory, a[1], &ids->effective, 4);
    return err == 0 ? memory_out(t->memory, a[2], &ids->saved, 4) : err;
}

int
sys_getresuid32(struct task *t, const u32 *a)
{
    const struct ids ids = users_of(t);

    return put_three(t, &ids, a);
}

int
sys_getuid32(struct task *t, const u32 *a)
{
    (void)a;
    return (int)t->uid;
}

int
sys_geteuid32(struct task *t, const u32 *a)
{
    (void)a;
    return (int)t->euid;
}

int
sys_getuid(struct task *t, const u32 *a)
{
    return sys_getuid32(t, a) & 0xffff;
}

int
sys_geteuid(struct task *t, const u32 *a)
{
    return sys_geteuid32(t, a) & 0xffff;
}

int
sys_setuid(struct task *t, const u32 *a)
{
    const u32 b[1] = {wide(a[0])};

    return sys_setuid32(t, b);
}

int
sys_setreuid(struct task *t, const u32 *a)
{
    const u32 b[2] = {wide(a[0]), wide(a[1])};

    return sys_setreuid32(t, b);
}

// --- groups ---

int
sys_setgid32(struct task *t, const u32 *a)
{
    struct ids ids = groups_of(t);
    int err = set_one(t->euid == 0, &ids, a[0]);

    return err < 0 ? err : set_groups(t, ids);
}

int
sys_setregid32(struct task *t, const u32 *a)
{
    struct ids ids = groups_of(t);
    int err = set_two(t->euid == 0, &ids, a[0], a[1]);

    return err < 0 ? err : set_groups(t, ids);
}

int
sys_setresgid32(struct task *t, const u32 *a)
{
    struct ids ids = groups_of(t);
    int err = set_three(t->euid == 0, &ids, a);

    return err < 0 ? err : set_groups(t, ids);
}

int
sys_getresgid32(struct task *t, const u32 *a)
{
    const struct ids ids = groups_of(t);

    return put_three(t, &ids, a);
}

int
sys_getgid32(struct task *t, const u32 *a)
{
    (void)a;
    return (int)t->gid;
}

int
sys_getegid32(struct task *t, const u32 *a)
{
    (void)a;
    return (int)t->egid;
}

int
sys_getgid(struct task *t, const u32 *a)
{
    return sys_getgid32(t, a) & 0xffff;
}

int
sys_getegid(struct task *t, const u32 *a)
{
    return sys_getegid32(t, a) & 0xffff;
}

int
sys_setgid(struct task *t, const u32 *a)
{
    const u32 b[1] = {wide(a[0])};

    return sys_setgid32(t, b);
}

int
sys_setregid(struct task *t, const u32 *a)
{
    const u32 b[2] = {wide(a[0]), wide(a[1])};

    return sys_setregid32(t, b);
}

// --- capabilities: root has all of them ---

#define CAPABILITY_1 0x19980330u
#define CAPABILITY_2 0x20071026u
#define CAPABILITY_3 0x20080522u

int
sys_capget(struct task *t, const u32 *a)
{
    const u32 newest = CAPABILITY_3;
    u32 head[2];
    u32 all = t->euid == 0 ? 0xffffffffu : 0;
    u32 sets[6] = {all, all, 0, all & 0x1ff, all & 0x1ff, 0};
    int err = memory_in(t->memory, head, a[0], sizeof(head));

    if (err < 0)
        return err;
    if (head[0] != CAPABILITY_1 && head[0] != CAPABILITY_2 &&
        head[0] != CAPABILITY_3) {
        err = memory_out(t->memory, a[0], &newest, sizeof(newest));
        return err < 0 ? err : a[1] == 0 ? 0 : -EINVAL;
    }
    if (a[1] == 0)
        return 0;
    return memory_out(t->memory, a[1], sets,
                      head[0] == CAPABILITY_1 ? 12 : sizeof(sets));
}

// system.c -- system calls: what the system is, what a task may use
#include "linux/calls.h"
#include "linux/errno.h"
#include "tender/text.h"

#define UTS_BYTES 65u
#define OLD_NO_LIMIT 0x7fffffffu

int
sys_uname(struct task *t, const u32 *a)
{
    static const char *const words[6] = {"Linux",       NULL,   LINUX_RELEASE,
                                         LINUX_VERSION, "i686", "(none)"};
    char field[6][UTS_BYTES];

    memset(field, 0, sizeof(field));
    for (u32 i = 0; i < 6; i++)
        text_copy(field[i], i == 1 ? t->linux->hostname : words[i], UTS_BYTES);
    return memory_out(t->memory, a[0], field, sizeof(field));
}

int
sys_sethostname(struct task *t, const u32 *a)
{
    char name[UTS_BYTES] = {0};

    if (t->euid != 0)
        return -EPERM;
    if (a[1] >= UTS_BYTES)
        return -EINVAL;
    int err = memory_in(t->memory, name, a[0], a[1]);

    if (err == 0)
        memcpy(t->linux->hostname, name, sizeof(name));
    return err;
}

struct sysinfo {
    u32 uptime;
    u32 loads[3];
    u32 total, free, shared, buffers, total_swap, free_swap;
    u16 tasks, padding;
    u32 total_high, free_high;
    u32 unit;
    u8 rest[8];
};

_Static_assert(sizeof(struct sysinfo) == 64, "as Linux i386");

int
sys_sysinfo(struct task *t, const u32 *a)
{
    struct linux *l = t->linux;
    struct system_status status;
    int err = gate_control(l->gate, KIND_ID(KIND_SYSTEM), SYSTEM_STATUS,
                           (word)&status, 0, 0);

    if (err < 0)
        return errno_of(err);
    u32 spare = l->pages.room - l->pages.used; // of the pool
    const struct sysinfo info = {
        .uptime = (u32)(machine_now_us() / 1000000),
        .loads = {l->load[0] * 32, l->load[1] * 32, l->load[2] * 32},
        .total = status.usable_pages * PAGE_SIZE,
        .free = (status.free_pages + spare) * PAGE_SIZE,
        .tasks = (u16)l->table->used,
        .unit = 1};

    return memory_out(t->memory, a[0], &info, sizeof(info));
}

// --- time used ---

u64
task_own_us(const struct task *t)
{
    u64 us = t->user_us;

    if (task_alive(t) && t->execution != RID_NONE)
        us += task_execution(t)->used_us;
    return us;
}

u64
task_used_us(const struct task *t)
{
    const struct task *other;
    u64 us = 0;
    u32 i = 0;

    while ((other = task_next(t->linux, &i)) != NULL)
        if (other->pid == t->pid)
            us += task_own_us(other);
    return us;
}

int
sys_getrusage(struct task *t, const u32 *a)
{
    u32 words[18] = {0};
    u64 us;

    switch ((int)a[0]) {
    case 0:
        us = task_used_us(t);
        break;
    case -1:
        us = task_leader(t)->children_us;
        break;
    case 1:
        us = task_own_us(t);
        break;
    default:
        return -EINVAL;
    }
    words[0] = (u32)(us / 1000000);
    words[1] = (u32)(us % 1000000);
    words[8] = t->memory->faults; // ru_minflt
    return memory_out(t->memory, a[1], words, sizeof(words));
}

int
sys_times(struct task *t, const u32 *a)
{
    const u32 words[4] = {(u32)(task_used_us(t) / 10000), 0,
                          (u32)(task_leader(t)->children_us / 10000), 0};
    int err = 0;

    if (a[0] != 0)
        err = memory_out(t->memory, a[0], words, sizeof(words));
    return err < 0 ? err : (int)(machine_now_us() / 10000 & 0x7fffffff);
}

// --- limits ---

static int
set_limit(const struct task *t, const struct task *of, u32 which, u64 soft,
          u64 hard)
{
    u64 *limit = task_leader(of)->limit[which];

    if (soft > hard)
        return -EINVAL;
    if (hard > limit[1] && t->euid != 0)
        return -EPERM;
    if (which == RLIMIT_NOFILE && hard > DESCRIPTORS_MAX)
        return -EPERM;
    limit[0] = soft;
    limit[1] = hard;
    return 0;
}

static u32
narrow(u64 limit, u32 most)
{
    return limit > most ? (most == OLD_NO_LIMIT ? most : 0xffffffffu)
                        : (u32)limit;
}

static int
put_limit(struct task *t, const u32 *a, u32 most)
{
    if (a[0] >= TASK_LIMITS)
        return -EINVAL;
    const u64 *limit = task_leader(t)->limit[a[0]];
    const u32 words[2] = {narrow(limit[0], most), narrow(limit[1], most)};

    return memory_out(t->memory, a[1], words, sizeof(words));
}

int
sys_ugetrlimit(struct task *t, const u32 *a)
{
    return put_limit(t, a, 0xfffffffeu);
}

int
sys_getrlimit(struct task *t, const u32 *a)
{
    return put_limit(t, a, OLD_NO_LIMIT);
}

int
sys_setrlimit(struct task *t, const u32 *a)
{
    u32 words[2];

    if (a[0] >= TASK_LIMITS)
        return -EINVAL;
    int err = memory_in(t->memory, words, a[1], sizeof(words));

    if (err < 0)
        return err;
    return set_limit(t, t, a[0], words[0] == ~0u ? NO_LIMIT : words[0],
                     words[1] == ~0u ? NO_LIMIT : words[1]);
}

// Another's limits are for root, and for who is the same user in every way.
static int
may_limit(const struct task *t, const struct task *of)
{
    int same_user =
        t->uid == of->euid && t->uid == of->suid && t->uid == of->uid;
    int same_group =
        t->gid == of->egid && t->gid == of->sgid && t->gid == of->gid;

    return t == of || t->euid == 0 || (same_user && same_group);
}

int
sys_prlimit64(struct task *t, const u32 *a)
{
    u64 old[2], new[2];
    int err = 0;

    if (a[2] != 0)
        err = memory_in(t->memory, new, a[2], sizeof(new)); // may wait
    if (err < 0)
        return err;
    const struct task *of = a[0] == 0 ? t : task_of_tid(t->linux, a[0]);

    if (of == NULL)
        return -ESRCH;
    if (!may_limit(t, of))
        return -EPERM;
    if (a[1] >= TASK_LIMITS)
        return -EINVAL;
    memcpy(old, task_leader(of)->limit[a[1]], sizeof(old));
    if (a[2] != 0)
        err = set_limit(t, of, a[1], new[0], new[1]);
    if (err == 0 && a[3] != 0)
        err = memory_out(t->memory, a[3], old, sizeof(old));
    return err;
}

// --- the rest ---

#define GRND_NONBLOCK 1u
#define GRND_RANDOM 2u
#define GRND_INSECURE 4u

int
sys_getrandom(struct task *t, const u32 *a)
{
    u32 words[16];
    u32 most = MIN(a[1], 0x1ffffffu);

    if ((a[2] & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE)) != 0)
        return -EINVAL;
    for (u32 done = 0; done < most; done += sizeof(words)) {
        u32 bytes = MIN(most - done, (u32)sizeof(words));

        for (u32 i = 0; i < ARRAY_LEN(words); i++)
            words[i] = linux_random(t->linux);
        int err = memory_out(t->memory, a[0] + done, words, bytes);

        if (err < 0)
            return done > 0 ? (int)done : err;
    }
    return (int)most;
}

#define REBOOT_MAGIC 0xfee1deadu
#define REBOOT_RESTART 0x01234567u
#define REBOOT_HALT 0xcdef0123u
#define REBOOT_POWER_OFF 0x4321fedcu
#define REBOOT_CAD_ON 0x89abcdefu

// The machine goes off or boots again, and goes on from here.
int
sys_reboot(struct task *t, const u32 *a)
{
    u32 code;

    if (t->euid != 0)
        return -EPERM;
    if (a[0] != REBOOT_MAGIC)
        return -EINVAL;
    if (a[2] == REBOOT_CAD_ON || a[2] == 0)
        return 0;
    if (a[2] == REBOOT_RESTART)
        code = SYSTEM_REBOOT;
    else if (a[2] == REBOOT_HALT || a[2] == REBOOT_POWER_OFF)
        code = SYSTEM_SHUTDOWN;
    else
        return -EINVAL;
    int err = gate_control(t->linux->gate, KIND_ID(KIND_SYSTEM), code, 0, 0, 0);

    return err < 0 ? errno_of(err) : 0;
}

// Programs do without it.
int
sys_rseq(struct task *t, const u32 *a)
{
    (void)t;
    (void)a;
    return -ENOSYS;
}

// system.c -- /proc: what is known about the system, as Linux 5.10 prints it
#include "linux/proc/proc.h"
#include "tender/text.h"

#define TICK_US 10000u
#define SECOND_US 1000000u
#define PAGE_KB (PAGE_SIZE / 1024)

static void
ask_status(const struct linux *l, struct system_status *status)
{
    memset(status, 0, sizeof(*status));
    gate_control(l->gate, KIND_ID(KIND_SYSTEM), SYSTEM_STATUS, (word)status, 0,
                 0);
}

static void
add_line(struct proc_text *x, const char *label, u32 kb)
{
    proc_add(x, "%-16s%8u kB\n", label, kb);
}

void
proc_print_meminfo(struct proc_text *x, const struct task *t)
{
    static const char *const nothing[] = {
        "Buffers:",  "Cached:",      "SwapCached:", "Active:",
        "Inactive:", "Unevictable:", "Mlocked:",    "SwapTotal:",
        "SwapFree:", "Dirty:",       "Writeback:"};
    struct pages *pages = &x->linux->pages;
    u32 files = x->linux->tree_pages;
    struct system_status status;

    (void)t;
    ask_status(x->linux, &status);
    add_line(x, "MemTotal:", status.usable_pages * PAGE_KB);
    add_line(x, "MemFree:",
             (status.free_pages + pages->room - pages->used) * PAGE_KB);
    // Each page of a program has two copies in its save areas.
    add_line(x, "MemAvailable:", pages_left(pages) * PAGE_KB);
    for (u32 i = 0; i < ARRAY_LEN(nothing); i++)
        add_line(x, nothing[i], 0);
    add_line(x, "AnonPages:", (pages->used - files) * PAGE_KB);
    add_line(x, "Mapped:", 0);
    add_line(x, "Shmem:", files * PAGE_KB);
    add_line(x, "Slab:", 0);
    add_line(x, "SReclaimable:", 0);
    add_line(x, "SUnreclaim:", 0);
    add_line(x, "CommitLimit:", status.usable_pages * PAGE_KB);
    add_line(x, "Committed_AS:", pages->used * PAGE_KB);
}

static u64
idle_us(const struct linux *l)
{
    return l->executions->idle.used_us;
}

static void
add_seconds(struct proc_text *x, u64 us, const char *after)
{
    proc_add(x, "%llu.%02u%s", (unsigned long long)(us / SECOND_US),
             (u32)(us % SECOND_US / TICK_US), after);
}

void
proc_print_uptime(struct proc_text *x, const struct task *t)
{
    (void)t;
    add_seconds(x, machine_now_us(), " ");
    add_seconds(x, idle_us(x->linux), "\n");
}

static u32
count_running(const struct linux *l, u32 *all)
{
    const struct task *t;
    u32 running = 0;
    u32 i = 0;

    *all = 0;
    while ((t = task_next(l, &i)) != NULL) {
        *all += task_alive(t) != 0;
        running += t->state == TASK_RUNNING && !t->waiting;
    }
    return running;
}

void
proc_print_loadavg(struct proc_text *x, const struct task *t)
{
    u32 all;
    u32 running = count_running(x->linux, &all);

    (void)t;
    for (u32 i = 0; i < LOADS; i++) {
        u32 load = x->linux->load[i] + LOAD_ONE / 200;

        proc_add(x, "%u.%02u ", load / LOAD_ONE,
                 load % LOAD_ONE * 100 / LOAD_ONE);
    }
    proc_add(x, "%u/%u %u\n", running, all, x->linux->tids);
}

void
proc_print_cpu(struct proc_text *x, const struct task *t)
{
    const struct linux *l = x->linux;
    u64 now_us = machine_now_us();
    u64 idle = idle_us(l);
    u64 busy = now_us > idle ? now_us - idle : 0;
    u32 all;
    u32 running = count_running(l, &all);

    (void)t;
    for (u32 i = 0; i < 2; i++)
        proc_add(x, "cpu%s %llu 0 0 %llu 0 0 0 0 0 0\n", i == 0 ? " " : "0",
                 (unsigned long long)(busy / TICK_US),
                 (unsigned long long)(idle / TICK_US));
    proc_add(x, "intr 0\nctxt %u\nbtime %u\nprocesses %u\n",
             l->executions->switches, (u32)(l->boot_real_us / SECOND_US),
             l->tids);
    proc_add(x,
             "procs_running %u\nprocs_blocked 0\n"
             "softirq 0 0 0 0 0 0 0 0 0 0 0\n",
             running);
}

void
proc_print_cpuinfo(struct proc_text *x, const struct task *t)
{
    (void)t;
    proc_add(x, "processor\t: 0\nvendor_id\t: unknown\ncpu family\t: 6\n"
                "model\t\t: 0\nmodel name\t: i686\nstepping\t: 0\n");
    proc_add(x, "cpu MHz\t\t: 1000.000\nfpu\t\t: yes\nfpu_exception\t: yes\n"
                "wp\t\t: yes\nflags\t\t: fpu tsc msr cx8 cmov fxsr sse sse2\n"
                "bogomips\t: 2000.00\n\n");
}

void
proc_print_version(struct proc_text *x, const struct task *t)
{
    (void)t;
    proc_add(x, "Linux version " LINUX_RELEASE " (tender) " LINUX_VERSION "\n");
}

void
proc_print_mounts(struct proc_text *x, const struct task *t)
{
    (void)t;
    proc_add(x, "plates / plates rw,relatime 0 0\n");
    if (x->linux->disk != NULL && x->linux->disk->driver != NULL)
        proc_add(x, "/dev/hda1 /disk ext2 ro,relatime 0 0\n");
    proc_add(x, "proc /proc proc rw,relatime 0 0\n");
}

void
proc_print_filesystems(struct proc_text *x, const struct task *t)
{
    (void)t;
    proc_add(x, "nodev\tproc\nnodev\tplates\n\text2\n");
}

void
proc_print_hostname(struct proc_text *x, const struct task *t)
{
    (void)t;
    proc_add(x, "%s\n", x->linux->hostname);
}

void
proc_print_osrelease(struct proc_text *x, const struct task *t)
{
    (void)t;
    proc_add(x, LINUX_RELEASE "\n");
}

void
proc_print_ostype(struct proc_text *x, const struct task *t)
{
    (void)t;
    proc_add(x, "Linux\n");
}

void
proc_print_pid_max(struct proc_text *x, const struct task *t)
{
    (void)t;
    proc_add(x, "32768\n");
}

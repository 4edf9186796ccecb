// task.c -- /proc/PID: what is known about a process, as Linux 5.10 prints it
#include "linux/proc/proc.h"
#include "tender/text.h"

#define TICK_US 10000u
#define PAGE_KB (PAGE_SIZE / 1024)
#define TTY_NUMBER DEVICE(4, 64)
#define NO_RSS_LIMIT 0xffffffffu

// 'R', and so on.
static char
state_of_thread(const struct task *t)
{
    if (!task_alive(t))
        return 'Z';
    return t->state == TASK_STOPPED ? 'T' : t->waiting ? 'S' : 'R';
}

// Of the whole process.
static char
state_of_all(const struct task *t)
{
    const struct task *other;
    char state = t->state == TASK_STOPPED ? 'T' : 'S';
    u32 i = 0;

    if (task_threads(t->linux, t->pid) == 0)
        return 'Z';
    while ((other = task_next(t->linux, &i)) != NULL)
        if (other->pid == t->pid && other->state == TASK_RUNNING &&
            !other->waiting)
            state = 'R';
    return state;
}

struct sizes {
    u32 pages, resident, text, data, stack, shared;
};

static void
add_area(struct sizes *s, const struct area *a)
{
    u32 pages = (a->end - a->start) / PAGE_SIZE;

    if (a->end == MEMORY_END)
        s->stack += pages;
    else if (a->inode != NULL && (a->prot & PROT_EXEC))
        s->text += pages;
    else if ((a->prot & PROT_WRITE) && !(a->flags & MAP_SHARED))
        s->data += pages;
    if (a->flags & MAP_SHARED)
        s->shared += pages;
}

static struct sizes
sizes_of(const struct task *t)
{
    const struct memory *m = t->memory;
    struct sizes s = {0, 0, 0, 0, 0, 0};

    if (m == NULL)
        return s;
    s.pages = m->mapped / PAGE_SIZE;
    s.resident = m->resident;
    for (const struct area *a = m->areas; a != NULL; a = a->next)
        add_area(&s, a);
    return s;
}

static void
handler_sets(const struct task *t, u64 *ignored, u64 *caught)
{
    *ignored = *caught = 0;
    for (u32 n = 1; t->handlers != NULL && n <= SIGNALS; n++) {
        u32 handler = t->handlers->action[n].handler;

        if (handler == SIG_IGN)
            *ignored |= SIGNAL_BIT(n);
        else if (handler != SIG_DFL)
            *caught |= SIGNAL_BIT(n);
    }
}

static u32
ticks(u64 us)
{
    return (u32)(us / TICK_US);
}

// all: of the whole process, or else of this thread.
static char
state_of(const struct task *t, int all)
{
    return all ? state_of_all(t) : state_of_thread(t);
}

static void
add_stat(struct proc_text *x, const struct task *t, int all)
{
    const struct tty *tty = &t->linux->tty;
    const struct task *leader = task_leader(t);
    int has_tty = tty->session != 0 && t->session == tty->session;
    struct sizes s = sizes_of(t);
    u64 ignored, caught;

    handler_sets(t, &ignored, &caught);
    proc_add(x, "%u (%s) %c %u %u %u %u %d ", t->tid, t->name, state_of(t, all),
             task_parent_pid(leader), t->group, t->session,
             has_tty ? TTY_NUMBER : 0, has_tty ? (int)tty->foreground : -1);
    // flags, faults, times, priority, nice
    proc_add(x, "0 %u 0 0 0 %u 0 %u 0 %d %d %u 0 %u ",
             t->memory == NULL ? 0 : t->memory->faults,
             ticks(all ? task_used_us(t) : task_own_us(t)),
             ticks(leader->children_us), 20 + t->nice, t->nice,
             task_threads(t->linux, t->pid), ticks(t->start_us));
    // sizes, addresses of code and stack
    proc_add(x, "%u %u %u %u %u 0 0 0 ", s.pages * PAGE_SIZE, s.resident,
             NO_RSS_LIMIT, t->memory == NULL ? 0 : MEMORY_BASE,
             t->memory == NULL ? 0 : MEMORY_END);
    // signals, wchan, swapping, the signal to the parent, processor
    proc_add(x, "%u %u %u %u %u 0 0 %d 0 0 0 0 0 0 ",
             (u32)t->pending & 0x7fffffff, (u32)t->blocked & 0x7fffffff,
             (u32)ignored & 0x7fffffff, (u32)caught & 0x7fffffff, t->waiting,
             t == leader ? (int)t->exit_signal : -1);
    // data, brk, arguments, environment, exit code
    proc_add(x, "0 0 %u 0 0 0 0 %d\n",
             t->memory == NULL ? 0 : t->memory->brk_start, t->status);
}

void
proc_print_stat(struct proc_text *x, const struct task *t)
{
    add_stat(x, t, 1);
}

void
proc_print_thread_stat(struct proc_text *x, const struct task *t)
{
    add_stat(x, t, 0);
}

static const char *
word_of(char state)
{
    switch (state) {
    case 'R':
        return "running";
    case 'T':
        return "stopped";
    case 'Z':
        return "zombie";
    default:
        return "sleeping";
    }
}

static void
add_kb(struct proc_text *x, const char *label, u32 pages)
{
    proc_add(x, "%s:\t%8u kB\n", label, pages * PAGE_KB);
}

static void
add_memory(struct proc_text *x, const struct task *t)
{
    struct sizes s = sizes_of(t);

    if (t->memory == NULL)
        return;
    add_kb(x, "VmPeak", s.pages);
    add_kb(x, "VmSize", s.pages);
    add_kb(x, "VmLck", 0);
    add_kb(x, "VmPin", 0);
    add_kb(x, "VmHWM", s.resident);
    add_kb(x, "VmRSS", s.resident);
    add_kb(x, "RssAnon", s.resident);
    add_kb(x, "RssFile", 0);
    add_kb(x, "RssShmem", 0);
    add_kb(x, "VmData", s.data);
    add_kb(x, "VmStk", s.stack);
    add_kb(x, "VmExe", s.text);
    add_kb(x, "VmLib", 0);
    add_kb(x, "VmPTE", 1);
    add_kb(x, "VmSwap", 0);
}

static void
add_signals(struct proc_text *x, const struct task *t)
{
    u64 ignored, caught;

    handler_sets(t, &ignored, &caught);
    proc_add(x, "SigQ:\t0/%u\n", SIGNALS);
    proc_add(x, "SigPnd:\t%016llx\n", (unsigned long long)t->pending);
    proc_add(x, "ShdPnd:\t%016llx\n",
             (unsigned long long)task_leader(t)->shared);
    proc_add(x, "SigBlk:\t%016llx\n", (unsigned long long)t->blocked);
    proc_add(x, "SigIgn:\t%016llx\n", (unsigned long long)ignored);
    proc_add(x, "SigCgt:\t%016llx\n", (unsigned long long)caught);
}

static void
add_status(struct proc_text *x, const struct task *t, int all)
{
    char state = state_of(t, all);
    unsigned long long can = t->euid == 0 ? 0x3fffffffffull : 0;

    proc_add(x, "Name:\t%s\n", t->name);
    if (t->place != NULL)
        proc_add(x, "Umask:\t0%u%u%u\n", t->place->umask >> 6 & 7,
                 t->place->umask >> 3 & 7, t->place->umask & 7);
    proc_add(x,
             "State:\t%c (%s)\nTgid:\t%u\nNgid:\t0\nPid:\t%u\nPPid:\t%u\n"
             "TracerPid:\t0\n",
             state, word_of(state), t->pid, t->tid,
             task_parent_pid(task_leader(t)));
    proc_add(x, "Uid:\t%u\t%u\t%u\t%u\nGid:\t%u\t%u\t%u\t%u\n", t->uid, t->euid,
             t->suid, t->euid, t->gid, t->egid, t->sgid, t->egid);
    proc_add(x, "FDSize:\t%u\nGroups:\t",
             t->files == NULL ? 0 : DESCRIPTORS_MAX);
    for (u32 i = 0; i < t->groups_used; i++)
        proc_add(x, "%u ", t->groups[i]);
    proc_add(x, "\nNStgid:\t%u\nNSpid:\t%u\nNSpgid:\t%u\nNSsid:\t%u\n", t->pid,
             t->tid, t->group, t->session);
    add_memory(x, t);
    proc_add(x, "CoreDumping:\t0\nTHP_enabled:\t0\nThreads:\t%u\n",
             task_threads(t->linux, t->pid));
    add_signals(x, t);
    proc_add(x, "CapInh:\t%016llx\nCapPrm:\t%016llx\nCapEff:\t%016llx\n", 0ull,
             can, can);
    proc_add(x, "CapBnd:\t%016llx\nCapAmb:\t%016llx\nNoNewPrivs:\t0\n",
             0x3fffffffffull, 0ull);
    proc_add(x, "Seccomp:\t0\nCpus_allowed:\t1\nCpus_allowed_list:\t0\n"
                "voluntary_ctxt_switches:\t0\n"
                "nonvoluntary_ctxt_switches:\t0\n");
}

void
proc_print_status(struct proc_text *x, const struct task *t)
{
    add_status(x, t, 1);
}

void
proc_print_thread_status(struct proc_text *x, const struct task *t)
{
    add_status(x, t, 0);
}

void
proc_print_cmdline(struct proc_text *x, const struct task *t)
{
    if (t->command != 0)
        proc_add_bytes(x, pages_at(&t->linux->pages, t->command),
                       MIN(t->command_bytes, PAGE_SIZE));
}

void
proc_print_comm(struct proc_text *x, const struct task *t)
{
    proc_add(x, "%s\n", t->name);
}

void
proc_print_statm(struct proc_text *x, const struct task *t)
{
    struct sizes s = sizes_of(t);

    proc_add(x, "%u %u %u %u 0 %u 0\n", s.pages, s.resident, s.shared, s.text,
             s.data + s.stack);
}

// What the program has there now. Reading may wait: the memory is held, for
// the process may go meanwhile.
void
proc_print_environ(struct proc_text *x, const struct task *t)
{
    struct memory *m = t->memory;
    char piece[256];
    u32 done = 0;

    if (m == NULL)
        return;
    memory_hold(m);
    while (done < m->environment_bytes && x->failed == 0) {
        u32 bytes = MIN(m->environment_bytes - done, (u32)sizeof(piece));

        if (memory_in(m, piece, m->environment + done, bytes) < 0)
            break;
        proc_add_bytes(x, piece, bytes);
        done += bytes;
    }
    memory_drop(m);
}

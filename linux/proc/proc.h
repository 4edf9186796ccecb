// proc.h -- /proc: what the files of it ask of each other
#ifndef LINUX_PROC_H
#define LINUX_PROC_H

#include "linux/linux.h"

#define PROC_TEXT_PAGES 64u

// A text that is being made, in pages of the pool.
struct proc_text {
    struct linux *linux;
    u32 bytes;
    u32 failed;   // -errno to be, 0: all of it is there
    u32 restarts; // of the system, when it was made
    page_no page[PROC_TEXT_PAGES];
};

// t: the process a file is about, NULL for all others.
typedef void proc_print(struct proc_text *x, const struct task *t);
// A caller writes a text, with a 0 at its end, about a process. 0 or -errno
typedef int proc_set(struct task *caller, struct task *t, const char *text);

struct proc_node {
    const char *name;
    u32 directory; // number of the node it lies in
    u32 mode;
    proc_print *print;
    proc_set *set; // NULL: nothing can be written
};

// Numbers of nodes that others than the table know.
enum proc_number {
    PROC_ROOT,
    PROC_SELF,
    PROC_SYS,
    PROC_KERNEL,
    PROC_TENDER,
    PROC_PID,
    PROC_FDS,
    PROC_FD,
    PROC_CWD,
    PROC_EXE,
    PROC_TOP,
    PROC_MOUNTS,
    PROC_TASKS,
    PROC_TASK,
    PROC_OTHERS
};

// --- proc/table.c ---

const struct proc_node *proc_node(u32 number); // NULL: there is none

// --- proc/text.c ---

void proc_add(struct proc_text *x, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void proc_add_bytes(struct proc_text *x, const char *from, u32 bytes);
// Spaces up to a column of the line that began at byte `from`.
void proc_pad(struct proc_text *x, u32 from, u32 column);
extern const struct file_ops proc_file_ops;

// --- proc/link.c ---

int proc_readlink(struct inode *inode, char *to, u32 bytes);
int proc_follow(struct inode *inode, struct task *t, struct inode **result);
// The name by which a file is found, as far as one is known. -> length
u32 proc_name_of(struct linux *l, struct inode *inode, char *to, u32 bytes);
// What the process executes, NULL if nothing is known; not held.
struct inode *proc_program(const struct task *t);

// --- of an inode ---

static inline u32
proc_number(const struct inode *inode)
{
    return inode->word[0];
}

static inline u32
proc_pid(const struct inode *inode)
{
    return inode->word[1];
}

// Of its first thread: the number may be another process's one day.
static inline rid
proc_leader(const struct inode *inode)
{
    return inode->word[3];
}

static inline u32
proc_descriptor(const struct inode *inode)
{
    return inode->word[2];
}

// Is it about one thread? Then its descriptor is the thread's number.
static inline int
proc_is_thread(u32 number)
{
    return number == PROC_TASK || proc_node(number)->directory == PROC_TASK;
}

// That thread, or the first one of the process the inode is about; NULL: it has
// gone.
struct task *proc_task(const struct inode *inode);

// --- the texts: proc/task.c, proc/maps.c, proc/oom.c, proc/system.c, proc/tender.c ---

proc_print proc_print_stat, proc_print_status, proc_print_cmdline,
    proc_print_comm, proc_print_statm, proc_print_environ;
proc_print proc_print_maps;
proc_print proc_print_thread_stat, proc_print_thread_status;
proc_print proc_print_oom;
proc_print proc_print_limits;
proc_set proc_set_oom;
proc_print proc_print_meminfo, proc_print_uptime, proc_print_loadavg,
    proc_print_cpu, proc_print_cpuinfo, proc_print_version, proc_print_mounts,
    proc_print_filesystems, proc_print_hostname, proc_print_osrelease,
    proc_print_ostype, proc_print_pid_max;
proc_print proc_print_restart, proc_print_tender, proc_print_saves;

#endif

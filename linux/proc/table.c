// table.c -- which files /proc has
#include "linux/proc/proc.h"
#include "tender/text.h"

#define DIRECTORY (S_IFDIR | 0555)
#define FILE_MODE (S_IFREG | 0444)
#define LINK (S_IFLNK | 0777)

// What is new goes to the end: open files know their node by its number.
static const struct proc_node nodes[] = {
    [PROC_ROOT] = {"", PROC_ROOT, DIRECTORY, NULL, NULL},
    [PROC_SELF] = {"self", PROC_ROOT, LINK, NULL, NULL},
    [PROC_SYS] = {"sys", PROC_ROOT, DIRECTORY, NULL, NULL},
    [PROC_KERNEL] = {"kernel", PROC_SYS, DIRECTORY, NULL, NULL},
    [PROC_TENDER] = {"tender", PROC_ROOT, DIRECTORY, NULL, NULL},
    [PROC_PID] = {NULL, PROC_ROOT, DIRECTORY, NULL,
                  NULL}, // one for each process
    [PROC_FDS] = {"fd", PROC_PID, S_IFDIR | 0500, NULL, NULL},
    [PROC_FD] = {NULL, PROC_FDS, S_IFLNK | 0700, NULL,
                 NULL}, // for each descriptor
    [PROC_CWD] = {"cwd", PROC_PID, LINK, NULL, NULL},
    [PROC_EXE] = {"exe", PROC_PID, LINK, NULL, NULL},
    [PROC_TOP] = {"root", PROC_PID, LINK, NULL, NULL},
    [PROC_MOUNTS] = {"mounts", PROC_ROOT, LINK, NULL, NULL},
    [PROC_TASKS] = {"task", PROC_PID, DIRECTORY, NULL, NULL},
    [PROC_TASK] = {NULL, PROC_TASKS, DIRECTORY, NULL, NULL}, // for each thread
    {"stat", PROC_PID, FILE_MODE, proc_print_stat, NULL},
    {"status", PROC_PID, FILE_MODE, proc_print_status, NULL},
    {"cmdline", PROC_PID, FILE_MODE, proc_print_cmdline, NULL},
    {"comm", PROC_PID, FILE_MODE, proc_print_comm, NULL},
    {"statm", PROC_PID, FILE_MODE, proc_print_statm, NULL},
    {"environ", PROC_PID, S_IFREG | 0400, proc_print_environ, NULL},
    {"maps", PROC_PID, FILE_MODE, proc_print_maps, NULL},
    {"mounts", PROC_PID, FILE_MODE, proc_print_mounts, NULL},
    {"meminfo", PROC_ROOT, FILE_MODE, proc_print_meminfo, NULL},
    {"uptime", PROC_ROOT, FILE_MODE, proc_print_uptime, NULL},
    {"loadavg", PROC_ROOT, FILE_MODE, proc_print_loadavg, NULL},
    {"stat", PROC_ROOT, FILE_MODE, proc_print_cpu, NULL},
    {"cpuinfo", PROC_ROOT, FILE_MODE, proc_print_cpuinfo, NULL},
    {"version", PROC_ROOT, FILE_MODE, proc_print_version, NULL},
    {"filesystems", PROC_ROOT, FILE_MODE, proc_print_filesystems, NULL},
    {"hostname", PROC_KERNEL, FILE_MODE, proc_print_hostname, NULL},
    {"osrelease", PROC_KERNEL, FILE_MODE, proc_print_osrelease, NULL},
    {"ostype", PROC_KERNEL, FILE_MODE, proc_print_ostype, NULL},
    {"pid_max", PROC_KERNEL, FILE_MODE, proc_print_pid_max, NULL},
    {"restart", PROC_TENDER, FILE_MODE, proc_print_restart, NULL},
    {"status", PROC_TENDER, FILE_MODE, proc_print_tender, NULL},
    {"saves", PROC_TENDER, FILE_MODE, proc_print_saves, NULL},
    {"oom_score_adj", PROC_PID, S_IFREG | 0644, proc_print_oom, proc_set_oom},
    {"limits", PROC_PID, FILE_MODE, proc_print_limits, NULL},
    {"stat", PROC_TASK, FILE_MODE, proc_print_thread_stat, NULL},
    {"status", PROC_TASK, FILE_MODE, proc_print_thread_status, NULL},
    {"cmdline", PROC_TASK, FILE_MODE, proc_print_cmdline, NULL},
    {"comm", PROC_TASK, FILE_MODE, proc_print_comm, NULL},
    {"statm", PROC_TASK, FILE_MODE, proc_print_statm, NULL},
};

const struct proc_node *
proc_node(u32 number)
{
    return number < ARRAY_LEN(nodes) ? &nodes[number] : NULL;
}

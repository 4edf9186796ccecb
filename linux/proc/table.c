// table.c -- which files /proc has
#include "linux/proc/proc.h"
#include "tender/text.h"

#define DIRECTORY (S_IFDIR | 0555)
#define FILE_MODE (S_IFREG | 0444)
#define LINK (S_IFLNK | 0777)

// What is new goes to the end: open files know their node by its number.
static const struct proc_node nodes[] = {
    [PROC_ROOT] = {"", PROC_ROOT, DIRECTORY, NULL},
    [PROC_SELF] = {"self", PROC_ROOT, LINK, NULL},
    [PROC_SYS] = {"sys", PROC_ROOT, DIRECTORY, NULL},
    [PROC_KERNEL] = {"kernel", PROC_SYS, DIRECTORY, NULL},
    [PROC_TENDER] = {"tender", PROC_ROOT, DIRECTORY, NULL},
    [PROC_PID] = {NULL, PROC_ROOT, DIRECTORY, NULL}, // one for each process
    [PROC_FDS] = {"fd", PROC_PID, S_IFDIR | 0500, NULL},
    [PROC_FD] = {NULL, PROC_FDS, S_IFLNK | 0700, NULL}, // for each descriptor
    [PROC_CWD] = {"cwd", PROC_PID, LINK, NULL},
    [PROC_EXE] = {"exe", PROC_PID, LINK, NULL},
    [PROC_TOP] = {"root", PROC_PID, LINK, NULL},
    [PROC_MOUNTS] = {"mounts", PROC_ROOT, LINK, NULL},
    {"stat", PROC_PID, FILE_MODE, proc_print_stat},
    {"status", PROC_PID, FILE_MODE, proc_print_status},
    {"cmdline", PROC_PID, FILE_MODE, proc_print_cmdline},
    {"comm", PROC_PID, FILE_MODE, proc_print_comm},
    {"statm", PROC_PID, FILE_MODE, proc_print_statm},
    {"environ", PROC_PID, S_IFREG | 0400, proc_print_environ},
    {"maps", PROC_PID, FILE_MODE, proc_print_maps},
    {"mounts", PROC_PID, FILE_MODE, proc_print_mounts},
    {"meminfo", PROC_ROOT, FILE_MODE, proc_print_meminfo},
    {"uptime", PROC_ROOT, FILE_MODE, proc_print_uptime},
    {"loadavg", PROC_ROOT, FILE_MODE, proc_print_loadavg},
    {"stat", PROC_ROOT, FILE_MODE, proc_print_cpu},
    {"cpuinfo", PROC_ROOT, FILE_MODE, proc_print_cpuinfo},
    {"version", PROC_ROOT, FILE_MODE, proc_print_version},
    {"filesystems", PROC_ROOT, FILE_MODE, proc_print_filesystems},
    {"hostname", PROC_KERNEL, FILE_MODE, proc_print_hostname},
    {"osrelease", PROC_KERNEL, FILE_MODE, proc_print_osrelease},
    {"ostype", PROC_KERNEL, FILE_MODE, proc_print_ostype},
    {"pid_max", PROC_KERNEL, FILE_MODE, proc_print_pid_max},
    {"restart", PROC_TENDER, FILE_MODE, proc_print_restart},
    {"status", PROC_TENDER, FILE_MODE, proc_print_tender},
    {"saves", PROC_TENDER, FILE_MODE, proc_print_saves},
};

const struct proc_node *
proc_node(u32 number)
{
    return number < ARRAY_LEN(nodes) ? &nodes[number] : NULL;
}

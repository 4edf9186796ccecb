// limits.c -- /proc/PID/limits, as Linux prints it
#include "linux/proc/proc.h"
#include "tender/text.h"

#define HARD_COLUMN 47u
#define UNITS_COLUMN 68u
#define END_COLUMN 78u

struct row {
    const char *name, *units;
};

static const struct row rows[TASK_LIMITS] = {
    {"Max cpu time", "seconds"},     {"Max file size", "bytes"},
    {"Max data size", "bytes"},      {"Max stack size", "bytes"},
    {"Max core file size", "bytes"}, {"Max resident set", "bytes"},
    {"Max processes", "processes"},  {"Max open files", "files"},
    {"Max locked memory", "bytes"},  {"Max address space", "bytes"},
    {"Max file locks", "locks"},     {"Max pending signals", "signals"},
    {"Max msgqueue size", "bytes"},  {"Max nice priority", ""},
    {"Max realtime priority", ""},   {"Max realtime timeout", "us"},
};

static void
add_limit(struct proc_text *x, u64 limit)
{
    if (limit == NO_LIMIT)
        proc_add(x, "unlimited");
    else
        proc_add(x, "%llu", (unsigned long long)limit);
}

void
proc_print_limits(struct proc_text *x, const struct task *t)
{
    const u64(*limit)[2] = (const u64(*)[2])task_leader(t)->limit;

    proc_add(x, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit",
             "Hard Limit", "Units");
    for (u32 i = 0; i < TASK_LIMITS; i++) {
        u32 line = x->bytes;

        proc_add(x, "%-25s ", rows[i].name);
        add_limit(x, limit[i][0]);
        proc_pad(x, line, HARD_COLUMN);
        add_limit(x, limit[i][1]);
        proc_pad(x, line, UNITS_COLUMN);
        if (rows[i].units[0] != 0) {
            proc_add(x, "%s", rows[i].units);
            proc_pad(x, line, END_COLUMN);
        }
        proc_add(x, "\n");
    }
}

// jobs.h -- programs that a shell runs: waited for, or as jobs
#ifndef USER_JOBS_H
#define USER_JOBS_H

#include "tender.h"

#define JOBS_MOST 16u

struct job {
    rid process; // RID_NONE = vacant
    char text[LINE_BYTES];
};

struct jobs {
    struct job job[JOBS_MOST]; // all zero to begin; job[0] is called %1
};

// Run a program to its end, or as a job if the last word ends with &.  Says
// what went wrong.  A name without a slash is looked for in /bin.
void jobs_run(struct jobs *jobs, int argc, char **argv);

// The same, but only Linux programs. jobs_run() looks for these, too, after the
// native ones.
void jobs_run_linux(struct jobs *jobs, int argc, char **argv);

void jobs_list(const struct jobs *jobs);

// Tell of the jobs that have ended since the last time.
void jobs_report(struct jobs *jobs);

// The process that "%1" or an id means; RID_NONE after saying why not.
rid jobs_find(const struct jobs *jobs, const char *text);

#endif

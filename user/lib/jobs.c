// jobs.c -- programs that a shell runs: waited for, or as jobs
#include "jobs.h"

#include "show.h"

static struct job *
vacant_job(struct jobs *jobs)
{
    for (u32 i = 0; i < JOBS_MOST; i++)
        if (jobs->job[i].process == RID_NONE)
            return &jobs->job[i];
    return NULL;
}

static u32
job_number(const struct jobs *jobs, const struct job *job)
{
    return (u32)(job - jobs->job) + 1;
}

static const char *
meaning(int code)
{
    return code == EXIT_KILLED  ? ": killed"
           : code == EXIT_FAULT ? ": it broke a rule of the processor"
                                : "";
}

void
jobs_report(struct jobs *jobs)
{
    for (u32 i = 0; i < JOBS_MOST; i++) {
        struct job *job = &jobs->job[i];
        int code;

        if (job->process == RID_NONE)
            continue;
        code = process_poll(job->process);
        if (code == E_BUSY)
            continue;
        if (code >= 0) {
            process_wait(job->process); // deletes what is left of it
            print("[%u] done %s (exit %d%s)\n", i + 1, job->text, code,
                  meaning(code));
        } else { // deleted, as kill does
            print("[%u] killed %s\n", i + 1, job->text);
        }
        job->process = RID_NONE;
    }
}

static void
start_job(struct jobs *jobs, rid process, char **argv)
{
    struct job *job = vacant_job(jobs);

    job->process = process;
    text_join(job->text, sizeof(job->text), argv);
    print("[%u] 0x%08x %s\n", job_number(jobs, job), process, job->text);
}

static void
wait_for(rid process, const char *name)
{
    int code = process_wait(process);

    console_foreground(RID_NONE);
    if (code < 0)
        show_error(name, code);
    else if (code != 0)
        print("%s ended with exit code %d%s.\n", name, code, meaning(code));
}

// Take the & off the end of the words; returns 1 if there was one.
static int
take_ampersand(int argc, char **argv)
{
    char *last = argv[argc - 1];
    u32 length = text_length(last);

    if (length == 0 || last[length - 1] != '&')
        return 0;
    last[length - 1] = 0;
    if (length == 1)
        argv[argc - 1] = NULL;
    return 1;
}

static int
has_slash(const char *text)
{
    for (; *text != 0; text++)
        if (*text == '/')
            return 1;
    return 0;
}

// A program of the Linux tree; a name is looked for where such are.
static int
run_linux(char **argv, u32 flags)
{
    static const char *const places[] = {"/bin/", "/usr/bin/", "/sbin/",
                                         "/usr/sbin/"};
    char path[LINE_BYTES + 16];
    int process = E_FILE;

    if (has_slash(argv[0]))
        return linux_run(argv[0], (const char *const *)argv, flags);
    for (u32 i = 0; process == E_FILE && i < ARRAY_LEN(places); i++) {
        text_format(path, sizeof(path), "%s%s", places[i], argv[0]);
        process = linux_run(path, (const char *const *)argv, flags);
    }
    return process;
}

static int
run_native(char **argv, u32 flags)
{
    char path[LINE_BYTES + 8];

    text_format(path, sizeof(path), "%s%s", has_slash(argv[0]) ? "" : "/bin/",
                argv[0]);
    return process_run(path, (const char *const *)argv, flags);
}

static void
run(struct jobs *jobs, int argc, char **argv, int native)
{
    int background = take_ampersand(argc, argv);
    u32 flags = background ? 0 : PROCESS_FOREGROUND;
    int process = E_FILE;

    if (argv[0] == NULL) {
        print("There is no program before the &.\n");
        return;
    }
    if (background && vacant_job(jobs) == NULL) {
        print("There are %u jobs already; kill one first.\n", JOBS_MOST);
        return;
    }
    if (native)
        process = run_native(argv, flags);
    if (process == E_FILE)
        process = run_linux(argv, flags);
    if (process == E_FILE)
        print("There is no command or program \"%s\"; help lists the "
              "commands, ls /bin the programs.\n",
              argv[0]);
    else if (process < 0)
        show_error(argv[0], process);
    else if (background)
        start_job(jobs, (rid)process, argv);
    else
        wait_for((rid)process, argv[0]);
}

void
jobs_run(struct jobs *jobs, int argc, char **argv)
{
    run(jobs, argc, argv, 1);
}

void
jobs_run_linux(struct jobs *jobs, int argc, char **argv)
{
    run(jobs, argc, argv, 0);
}

void
jobs_list(const struct jobs *jobs)
{
    u32 count = 0;

    for (u32 i = 0; i < JOBS_MOST; i++)
        if (jobs->job[i].process != RID_NONE) {
            print("[%u] 0x%08x %s\n", i + 1, jobs->job[i].process,
                  jobs->job[i].text);
            count++;
        }
    if (count == 0)
        print("There are no jobs; end a line with & to start one.\n");
}

rid
jobs_find(const struct jobs *jobs, const char *text)
{
    u32 number;

    if (text[0] != '%') {
        if (number_parse(text, &number) == 0 && number != RID_NONE)
            return number;
        print("\"%s\" is no id; ps lists them. A job is %%1, %%2, ...\n", text);
        return RID_NONE;
    }
    if (number_parse(text + 1, &number) == 0 && number >= 1 &&
        number <= JOBS_MOST && jobs->job[number - 1].process != RID_NONE)
        return jobs->job[number - 1].process;
    print("There is no job %s; jobs lists them.\n", text);
    return RID_NONE;
}

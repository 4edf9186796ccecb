// shell.c -- the shell: commands about the system, programs, jobs
//
// Jobs and history are plain memory, so a restore brings them back.
#include "commands.h"
#include "jobs.h"
#include "show.h"

#define PROMPT "tender> "
#define WORDS_MOST 24u

static struct line_editor editor;
static struct jobs jobs;

// ---------------------------------------------------- programs and jobs

static int
run_jobs(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    jobs_list(&jobs);
    return 0;
}

static int
run_run(int argc, char **argv)
{
    if (argc < 2) {
        print("Which program? For example: run /bin/counter 500 &\n");
        return 1;
    }
    jobs_run(&jobs, argc - 1, argv + 1);
    return 0;
}

static int
run_linux(int argc, char **argv)
{
    static char sh[] = "/bin/sh";
    char *shell_argv[] = {sh, NULL};

    if (argc < 2)
        jobs_run_linux(&jobs, 1, shell_argv);
    else
        jobs_run_linux(&jobs, argc - 1, argv + 1);
    return 0;
}

// The right to a process that this shell did not start is got by its name.
static int
open_process(rid process)
{
    struct resource_info info;
    u32 index = 0;

    while (system_next(process >> 26, &index, &info) == 1)
        if (info.id == process)
            return resource_open(process >> 26, info.name);
    return E_ID;
}

static int
run_kill(int argc, char **argv)
{
    rid process;
    int err;

    if (argc != 2) {
        print("Which process? For example: kill 0x%08x or kill %%1\n",
              KIND_ID(KIND_PROCESS) | 1u << 14 | 2);
        return 1;
    }
    process = jobs_find(&jobs, argv[1]);
    if (process == RID_NONE)
        return 1;
    if (process >> 26 != KIND_PROCESS && process >> 26 != KIND_LINUX) {
        print("0x%x is not a process; ps lists the processes.\n", process);
        return 1;
    }
    if (process == process_self()) {
        print("0x%x is this shell itself; it goes on.\n", process);
        return 1;
    }
    err = process_kill(process);
    if (err == E_RIGHT && open_process(process) >= 0)
        err = process_kill(process);
    return err < 0 && show_error(argv[1], err) < 0;
}

// ----------------------------------------------------------------- reports

static int
run_ps(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return show_processes() < 0;
}

static int
run_ls(int argc, char **argv)
{
    return show_files(argc > 1 ? argv[1] : "/") < 0;
}

static int
run_echo(int argc, char **argv)
{
    char text[LINE_BYTES];

    (void)argc;
    text_join(text, sizeof(text), argv + 1);
    print("%s\n", text);
    return 0;
}

static int
run_history(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (u32 back = MIN(editor.lines, LINE_HISTORY); back >= 1; back--)
        print("%5u  %s\n", editor.lines - back + 1,
              line_history(&editor, back));
    return 0;
}

// ---------------------------------------------------------------- commands

static int run_help(int argc, char **argv);

static const struct command commands[] = {
    {"help", "", "this list", run_help},
    {"run", "PATH [ARGS] [&]", "run a program; & runs it as a job", run_run},
    {"linux", "[PROGRAM [ARGS] [&]]", "run a Linux program; usually its shell",
     run_linux},
    {"jobs", "", "the programs started with &", run_jobs},
    {"kill", "ID|%JOB", "end a process", run_kill},
    {"ps", "", "the processes", run_ps},
    {"ls", "[PATH]", "the files on the disk", run_ls},
    {"history", "", "the lines typed before", run_history},
    {"echo", "[WORDS]", "print the words", run_echo},
    {0},
};

static int
run_help(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    command_help(system_commands);
    command_help(commands);
    print("Every other word is a program: counter 500 & runs /bin/counter as "
          "a job; ls /bin lists them.\n");
    return 0;
}

static void
execute(char *line)
{
    char *argv[WORDS_MOST + 1];
    const struct command *command;
    int argc = text_split(line, argv, ARRAY_LEN(argv));

    if (argc == 0)
        return;
    if (argc == E_FORMAT) {
        print("A quote is not closed; write it again.\n");
        return;
    }
    if (argc < 0) {
        print("These are more than %u words; use fewer.\n", WORDS_MOST);
        return;
    }
    command = command_find(system_commands, argv[0]);
    if (command == NULL)
        command = command_find(commands, argv[0]);
    if (command != NULL)
        command->run(argc, argv);
    else
        jobs_run(&jobs, argc, argv);
}

int
main(void)
{
    char line[LINE_BYTES];

    line_init(&editor, PROMPT);
    for (;;) {
        int length;

        jobs_report(&jobs);
        length = line_read(&editor);
        if (length < 0) {
            show_error("The console cannot be read", length);
            return 1;
        }
        text_copy(line, editor.line, sizeof(line));
        execute(line);
    }
}

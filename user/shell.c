// shell.c -- the shell: commands about the system, programs, jobs
//
// Jobs and history are plain memory, so a restore brings them back.
#include "commands.h"
#include "jobs.h"
#include "show.h"

#define PROMPT "tender> "
#define WORDS_MOST 24u

struct shell {
    struct line_editor editor;
    struct jobs jobs;
};

// A command: its words as a program gets them, argv[0] is its own name.
struct command {
    const char *name;
    const char *use;
    const char *help;
    void (*run)(struct shell *shell, int argc, char **argv);
};

// ---------------------------------------------------- programs and jobs

static void
run_jobs(struct shell *shell, int argc, char **argv)
{
    (void)argc;
    (void)argv;
    jobs_list(&shell->jobs);
}

static void
run_run(struct shell *shell, int argc, char **argv)
{
    if (argc < 2)
        print("Which program? For example: run /bin/counter 500 &\n");
    else
        jobs_run(&shell->jobs, argc - 1, argv + 1);
}

static void
run_linux(struct shell *shell, int argc, char **argv)
{
    static char sh[] = "/bin/sh";
    char *shell_argv[] = {sh, NULL};

    if (argc < 2)
        jobs_run_linux(&shell->jobs, 1, shell_argv);
    else
        jobs_run_linux(&shell->jobs, argc - 1, argv + 1);
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

static void
run_kill(struct shell *shell, int argc, char **argv)
{
    rid process;
    int err;

    if (argc != 2) {
        print("Which process? For example: kill 0x%08x or kill %%1\n",
              KIND_ID(KIND_PROCESS) | 1u << 14 | 2);
        return;
    }
    process = jobs_find(&shell->jobs, argv[1]);
    if (process == RID_NONE)
        return;
    if (process >> 26 != KIND_PROCESS && process >> 26 != KIND_LINUX) {
        print("0x%x is not a process; ps lists the processes.\n", process);
        return;
    }
    if (process == process_self()) {
        print("0x%x is this shell itself; it goes on.\n", process);
        return;
    }
    err = process_kill(process);
    if (err == E_RIGHT && open_process(process) >= 0)
        err = process_kill(process);
    if (err < 0)
        show_error(argv[1], err);
}

// ----------------------------------------------------------------- reports

static void
run_ps(struct shell *shell, int argc, char **argv)
{
    (void)shell;
    (void)argc;
    (void)argv;
    show_processes();
}

static void
run_ls(struct shell *shell, int argc, char **argv)
{
    (void)shell;
    show_files(argc > 1 ? argv[1] : "/");
}

static void
run_echo(struct shell *shell, int argc, char **argv)
{
    char text[LINE_BYTES];

    (void)shell;
    (void)argc;
    text_join(text, sizeof(text), argv + 1);
    print("%s\n", text);
}

static void
run_history(struct shell *shell, int argc, char **argv)
{
    const struct line_editor *editor = &shell->editor;

    (void)argc;
    (void)argv;
    for (u32 back = MIN(editor->lines, LINE_HISTORY); back >= 1; back--)
        print("%5u  %s\n", editor->lines - back + 1,
              line_history(editor, back));
}

// ---------------------------------------------------------------- commands

static void run_help(struct shell *shell, int argc, char **argv);

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
};

static void
print_help(const char *name, const char *use, const char *help)
{
    print("  %-8s %-21s  %s\n", name, use, help);
}

static void
run_help(struct shell *shell, int argc, char **argv)
{
    const struct system_command *command;

    (void)shell;
    (void)argc;
    (void)argv;
    for (u32 i = 0; (command = command_at(i)) != NULL; i++)
        print_help(command->name, command->use, command->help);
    for (u32 i = 0; i < ARRAY_LEN(commands); i++)
        print_help(commands[i].name, commands[i].use, commands[i].help);
    print("Every other word is a program: counter 500 & runs /bin/counter as "
          "a job; ls /bin lists them.\n");
}

static void
execute(struct shell *shell, char *line)
{
    char *argv[WORDS_MOST + 1];
    const struct system_command *command;
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
    command = command_find(argv[0]);
    if (command != NULL) {
        command->run(argc, argv);
        return;
    }
    for (u32 i = 0; i < ARRAY_LEN(commands); i++)
        if (text_equal(argv[0], commands[i].name)) {
            commands[i].run(shell, argc, argv);
            return;
        }
    jobs_run(&shell->jobs, argc, argv);
}

int
main(void)
{
    static struct shell shell;
    char line[LINE_BYTES];

    line_init(&shell.editor, PROMPT);
    for (;;) {
        int length;

        jobs_report(&shell.jobs);
        length = line_read(&shell.editor);
        if (length < 0) {
            show_error("The console cannot be read", length);
            return 1;
        }
        text_copy(line, shell.editor.line, sizeof(line));
        execute(&shell, line);
    }
}

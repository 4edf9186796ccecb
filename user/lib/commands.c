// commands.c -- commands of shells, and those about the system for all shells
#include "commands.h"

#include "show.h"

#define TRACE_USUAL 20u

// ------------------------------------------------------------ persistence

static int
run_save(int argc, char **argv)
{
    struct system_status status;
    int result = system_save();

    (void)argc;
    (void)argv;
    if (result < 0) {
        show_error("Nothing was saved", result);
        return 1;
    }
    if (result > 0) {
        system_status(&status);
        print("this is the restored run of save %u\n", status.generation);
    }
    return 0;
}

static int
stop(int result)
{
    if (result < 0)
        show_error("The system goes on", result);
    else
        print("continued from the shutdown point\n");
    return result < 0;
}

static int
run_shutdown(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return stop(system_shutdown());
}

static int
run_reboot(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return stop(system_reboot());
}

static int
enable(void)
{
    int count = system_occ_enable();

    if (count < 0)
        return show_error("Not enabled", count) < 0;
    print("Continuous-operation control is enabled: %d plates.\n", count);
    return 0;
}

static int
disable(void)
{
    int count = system_occ_disable();

    if (count < 0)
        return show_error("Not disabled", count) < 0;
    print("Continuous-operation control is disabled: %d plates given up; a "
          "power cut now loses everything.\n",
          count);
    return 0;
}

static int
run_occ(int argc, char **argv)
{
    if (argc == 1 || text_equal(argv[1], "status"))
        return show_occ() < 0;
    if (text_equal(argv[1], "enable"))
        return enable();
    if (text_equal(argv[1], "disable"))
        return disable();
    print("occ does not know \"%s\"; say enable, disable or status.\n",
          argv[1]);
    return 1;
}

// ----------------------------------------------------------------- reports

static int
run_res(int argc, char **argv)
{
    char kind[LINE_BYTES];

    text_join(kind, sizeof(kind), argv + 1); // a name may be several words
    return (argc == 1 ? show_kinds() : show_resources(kind)) < 0;
}

static int
run_plate(int argc, char **argv)
{
    if (argc == 1 || text_equal(argv[1], "list"))
        return show_plates() < 0;
    if (text_equal(argv[1], "stat"))
        return show_plate_statistics() < 0;
    print("plate does not know \"%s\"; say list or stat.\n", argv[1]);
    return 1;
}

static int
run_mem(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return show_memory() < 0;
}

static int
run_uptime(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return show_uptime() < 0;
}

static int
run_trace(int argc, char **argv)
{
    u32 lines = TRACE_USUAL;

    if (argc > 1 && number_parse(argv[1], &lines) < 0) {
        print("\"%s\" is no number of lines; for example: trace 50\n", argv[1]);
        return 1;
    }
    return show_trace(lines) < 0;
}

// ------------------------------------------------------------------- lists

const struct command system_commands[] = {
    {"occ", "enable|disable|status", "continuous-operation control", run_occ},
    {"save", "", "make all of this survive a power cut", run_save},
    {"shutdown", "", "power off; the next boot goes on here", run_shutdown},
    {"reboot", "", "shut down and boot again", run_reboot},
    {"res", "[KIND]", "the kinds, or the resources of one", run_res},
    {"plate", "[list|stat]", "the plates, or figures about them", run_plate},
    {"mem", "", "where the memory went", run_mem},
    {"uptime", "", "time since the cold start, without power cuts", run_uptime},
    {"trace", "[LINES]", "the newest system calls", run_trace},
    {0},
};

const struct command *
command_find(const struct command *list, const char *name)
{
    for (; list->name != NULL; list++)
        if (text_equal(name, list->name))
            return list;
    return NULL;
}

void
command_help(const struct command *list)
{
    for (; list->name != NULL; list++)
        print("  %-8s %-21s  %s\n", list->name, list->use, list->help);
}

// init.c -- the first program: keeps a shell running
//
// `init PATH ARGS` runs another program first, to its end.
#include "tender.h"

#define SHELL "/bin/shell"
#define PAUSE_MS 500 // before the shell is started again

static int
run(const char *path, const char *const argv[], u32 flags)
{
    int child = process_run(path, argv, flags);
    int code;

    if (child < 0) {
        print("init: %s cannot be started: %s.\n", path, error_sentence(child));
        return child;
    }
    code = process_wait((rid)child);
    if (code < 0)
        print("init: waiting for %s failed: %s.\n", path, error_sentence(code));
    else
        print("init: %s ended with exit code %d.\n", path, code);
    return code;
}

int
main(int argc, char **argv)
{
    const char *const shell[] = {"shell", NULL};

    if (argc > 1)
        run(argv[1], (const char *const *)argv + 1, PROCESS_FOREGROUND);
    print("Welcome to Tender. Type help for the commands; ls /bin lists the "
          "programs.\n");
    for (;;) {
        if (run(SHELL, shell, 0) < 0) {
            print("init: there is nothing left to do without a shell.\n");
            return 1;
        }
        sleep_ms(PAUSE_MS);
        print("init: starting the shell again.\n");
    }
}

// scenarios.c -- the list of what is recorded
#include <stdio.h>
#include <string.h>

#include "tests/cut/found.h"
#include "tests/cut/scenario.h"

static const struct scenario bases[] = {
    {.name = "save",
     .prepare = {"occ enable", "save"},
     .operation = "save",
     .symbol = "save",
     .saves_before = 1,
     .saves_after = 2,
     .quick = true},
    {.name = "enable",
     .operation = "occ enable",
     .symbol = "enable",
     .quick = true},
    {.name = "first-save",
     .prepare = {"occ enable"},
     .operation = "save",
     .symbol = "save",
     .saves_after = 1},
    // The first save of dirty makes plates; the second one copies what one
    // round has written, and 9 pages that change by themselves.
    {.name = "save-1",
     .prepare = {"occ enable", "save"},
     .operation = "dirty 1 2",
     .symbol = "save",
     .skip = 1,
     .copies = 1,
     .copies_most = 20,
     .saves_before = 2,
     .saves_after = 3},
    {.name = "save-200",
     .prepare = {"occ enable", "save"},
     .operation = "dirty 200 2",
     .symbol = "save",
     .skip = 1,
     .copies = 200,
     .copies_most = 219,
     .saves_before = 2,
     .saves_after = 3},
    // Programs come and go between saves: their plates are pending deletes.
    {.name = "save-spaces",
     .prepare = {"occ enable", "counter 5 &", "life 5 &", "save", "kill %1",
                 "kill %2", "ping &", "?ping: [0-9]+ messages"},
     .operation = "save",
     .symbol = "save",
     .deletes = 8,
     .news = 8,
     .saves_before = 1,
     .saves_after = 2},
    {.name = "two-saves",
     .prepare = {"occ enable", "save"},
     .operation = "dirty 4 3",
     .symbol = "save",
     .skip = 1,
     .end = END_SAID,
     .end_text = "saved 4",
     .saves_before = 2,
     .saves_after = 4},
    {.name = "disable",
     .prepare = {"occ enable", "save"},
     .operation = "occ disable",
     .symbol = "disable",
     .saves_before = 1},
    {.name = "enable-again",
     .prepare = {"occ enable", "save", "occ disable"},
     .operation = "occ enable",
     .symbol = "enable"},
    {.name = "save-again",
     .prepare = {"occ enable", "save", "occ disable", "occ enable"},
     .operation = "save",
     .symbol = "save",
     .saves_after = 2},
    {.name = "shutdown",
     .prepare = {"occ enable", "save"},
     .operation = "shutdown",
     .symbol = "save_shutdown",
     .end = END_OFF,
     .saves_before = 1,
     .saves_after = 1,
     .quick = true},
    {.name = "restore",
     .prepare = {"occ enable", "counter 5 &", "save", "save"},
     .end = END_RESUME,
     .saves_before = 2,
     .saves_after = 2},
    {.name = "continue",
     .prepare = {"occ enable", "save", "counter 5 &"},
     .operation = "shutdown",
     .end = END_RESUME,
     .saves_before = 1,
     .saves_after = 1,
     .quick = true},
    // The ways to wait that last.  Nobody waits to write to the console: the
    // kernel polls the serial line.
    {.name = "blocked",
     .prepare = {"occ enable",
                 "block event timed timer read write sleep yield spin &",
                 "saver 9999 50 &"},
     .symbol = "save",
     .waits = WAIT_CONSOLE | WAIT_SLEEP | WAIT_EVENT | WAIT_TIMED | WAIT_READ |
              WAIT_WRITE | WAIT_CHILD | WAIT_YIELD | WAIT_READY,
     .saves_after = 1},
    // One waits for a transfer that is under way, one for the disk, one to
    // load a program.
    {.name = "blocked-disk",
     .prepare = {"occ enable", "block load load list list &", "saver 9999 5 &"},
     .symbol = "save",
     .waits = WAIT_TRANSFER | WAIT_DISK | WAIT_LOADER,
     .saves_after = 1},
    {.name = "blocked-kill",
     .prepare = {"occ enable", "block load kill kill &", "saver 9999 5 &"},
     .symbol = "save",
     .waits = WAIT_KILL,
     .saves_after = 1},
    // A Linux program computes, another one waits in a call; a third has come
    // and gone since the save before.
    {.name = "linux",
     .prepare = {"occ enable", "linux /bin/md5sum /dev/zero &",
                 "linux /bin/sleep 100000 &", "save", "linux /bin/uname -a"},
     .operation = "save",
     .program = "busybox",
     .symbol = "save",
     .saves_before = 1,
     .saves_after = 2},
    // There is no room for the plates of what was created: some are made, and
    // unmade again.
    {.name = "exhausted",
     .prepare = {"occ enable", "save", "fill 16 1 &", "?fill: pass 1 ok"},
     .operation = "save",
     .symbol = "save",
     .news = 2,
     .says = "tender: save refused",
     .through = "plate_make",
     .times = 2,
     .saves_before = 1,
     .saves_after = 1},
};

#define BASES (sizeof(bases) / sizeof(bases[0]))

static struct scenario all[BASES * THENS];
static char names[BASES * THENS][40];
static unsigned count;

// Without a save the next boot starts cold, and there is nothing to restore.
static bool
is_wanted(const struct scenario *s, enum scenario_then then)
{
    return then != THEN_RESTORE || s->saves_after != 0;
}

static void
make_all(void)
{
    static const char *const suffix[THENS] = {"", "/restore", "/continue"};

    for (unsigned b = 0; b < BASES; b++)
        for (enum scenario_then then = THEN_NOTHING; then < THENS; then++) {
            if (!is_wanted(&bases[b], then))
                continue;
            struct scenario *s = &all[count];

            *s = bases[b];
            s->then = then;
            s->name = names[count];
            snprintf(names[count++], sizeof(names[0]), "%s%s", bases[b].name,
                     suffix[then]);
            if (then == THEN_NOTHING)
                continue;
            s->saves_before = s->saves_after;
            s->quick = false;
        }
}

const struct scenario *
scenario_at(unsigned n)
{
    if (count == 0)
        make_all();
    return n < count ? &all[n] : NULL;
}

const struct scenario *
scenario_find(const char *name)
{
    const struct scenario *s;

    for (unsigned i = 0; (s = scenario_at(i)) != NULL; i++)
        if (strcmp(s->name, name) == 0)
            return s;
    return NULL;
}

bool
scenario_expects(const struct scenario *s, bool begins, u32 first, u32 save)
{
    u32 before = s->saves_before;

    if (save == 0)
        return true;
    if (s->waits != 0) {
        if (s->then == THEN_CONTINUE)
            return true; // programs have saved meanwhile
        before = first;
    }
    return save ==
           (begins ? before : before + s->saves_after - s->saves_before);
}

void
scenario_path(const struct scenario *s, char path[80])
{
    snprintf(path, 80, "build/cut/%s.record", s->name);
    for (char *slash = strrchr(path, '/'); slash > path + 9; slash--)
        if (*slash == '/')
            *slash = '-';
}

// block.c -- wait inside the kernel, in every way there is, for ever
//
//   block WAY...      one: wait so; more: a program for each, wait for the first
//
// event, timed, timer, read, write, sleep, yield and spin (ready, not waiting)
// last; load and list use the disk, one file after the other; kill kills
// programs that list.
#include "tender.h"

#define LONG_MS 1000000000u
#define TIMER_MS 7u
#define START_MS 5u // a new program waits by then

static int
new_event(void)
{
    return event_create(NULL, 0);
}

static void
block_event(void)
{
    event_wait((rid)new_event(), 0);
}

static void
block_timed(void)
{
    event_wait((rid)new_event(), LONG_MS);
}

static void
block_timer(void)
{
    int event = new_event();
    int err = timer_create(NULL, (rid)event, TIMER_MS, TIMER_PERIODIC);

    while (err >= 0)
        err = event_wait((rid)event, 0);
}

static void
block_read(void)
{
    u32 message;

    message_receive((rid)message_create(NULL, 1, sizeof(message)), &message,
                    sizeof(message));
}

// The second message finds no room.
static void
block_write(void)
{
    u32 message = 0;
    rid container = (rid)message_create(NULL, 1, sizeof(message));

    message_send(container, &message, sizeof(message));
    message_send(container, &message, sizeof(message));
}

static void
block_sleep(void)
{
    sleep_ms(LONG_MS);
}

static void
block_yield(void)
{
    for (;;)
        yield();
}

static void
block_spin(void)
{
    for (volatile u32 turns = 0;; turns = turns + 1)
        ;
}

static int
start(const char *way)
{
    const char *const argv[] = {"block", way, NULL};

    return process_run("/bin/block", argv, 0);
}

// More programs than the disk cache holds: each load reads the disk.
static void
block_load(void)
{
    static const char *const path[] = {"/bin/fpu", "/bin/spaces", "/bin/life",
                                       "/bin/counter", "/bin/ping"};

    for (u32 i = 0;; i = (i + 1) % ARRAY_LEN(path)) {
        const char *const argv[] = {path[i], NULL};
        int child = process_run(path[i], argv, 0);

        if (child >= 0)
            process_kill((rid)child);
    }
}

static void
block_list(void)
{
    struct disk_name entry;

    for (u32 i = 0;; i++)
        if (disk_list("/bin", i, &entry) < 0)
            i = 0;
}

static void
block_kill(void)
{
    for (;;) {
        int child = start("list"); // a transfer ends before it does

        sleep_ms(START_MS);
        if (child >= 0)
            process_kill((rid)child);
    }
}

static const struct {
    const char *name;
    void (*wait)(void);
} ways[] = {
    {"event", block_event}, {"timed", block_timed}, {"timer", block_timer},
    {"read", block_read},   {"write", block_write}, {"sleep", block_sleep},
    {"yield", block_yield}, {"spin", block_spin},   {"load", block_load},
    {"list", block_list},   {"kill", block_kill},
};

int
main(int argc, char **argv)
{
    int first = RID_NONE;

    for (u32 i = 0; argc == 2 && i < ARRAY_LEN(ways); i++)
        if (text_equal(argv[1], ways[i].name))
            ways[i].wait();
    for (int i = argc - 1; argc > 2 && i > 0; i--)
        first = start(argv[i]);
    return first == RID_NONE ? 1 : process_wait((rid)first);
}

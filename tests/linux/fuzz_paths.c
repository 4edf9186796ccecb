// fuzz_paths.c -- paths worth giving to a system call, and files worth opening
#include "fuzz.h"

static const char *const own_paths[] = {FUZZ_DIR "/a",
                                        FUZZ_DIR "/b",
                                        FUZZ_DIR "/c",
                                        FUZZ_DIR "/d",
                                        FUZZ_DIR "/e",
                                        FUZZ_DIR "/d/f",
                                        FUZZ_DIR "/d/g",
                                        FUZZ_DIR "/d/../a",
                                        FUZZ_DIR,
                                        FUZZ_DIR "/a/none",
                                        "a",
                                        "b",
                                        "d",
                                        "d/f",
                                        "",
                                        ".",
                                        FUZZ_DIR "/d/..",
                                        "d/",
                                        "./d/.",
                                        "loop"};
static const char *const system_paths[] = {"/disk/tests",
                                           "/proc",
                                           "/proc/self",
                                           "/proc/self/fd",
                                           "/proc/self/fd/1",
                                           "/proc/self/maps",
                                           "/proc/self/exe",
                                           "/proc/self/cwd",
                                           "/proc/self/stat",
                                           "/proc/meminfo",
                                           "/proc/1/status",
                                           "/proc/mounts",
                                           "/proc/tender",
                                           "/proc/tender/status",
                                           "/proc/tender/restart",
                                           "/disk",
                                           "/disk/bin/hello",
                                           "/disk/bin/none",
                                           "/disk/boot",
                                           "/dev/null",
                                           "/dev/zero",
                                           "/dev/full",
                                           "/dev/random",
                                           "/dev/tty",
                                           "/dev/ttyS0",
                                           "/dev/fd/0",

                                           "/nowhere/at/all",
                                           "/disk/bin/hello/",
                                           "/proc/self/root/"};

// A path in the arena: whole, without its end before a page that is not there,
// or too long.
static u32
put(struct caller *c, const char *text)
{
    u32 bytes = text_length(text) + 1;
    u8 *at = c->arena + chance_below(&c->chance, 32) * 128;

    fuzz_repair(c);
    switch (chance_below(&c->chance, 24)) {
    case 0:
        return fuzz_pointer(c);
    case 1: // cut off by the page that is not there
        at = c->arena + 12 * PAGE - bytes + 1;
        memcpy(at, text, bytes - 1);
        return P(at);
    case 2: // just not cut off
        at = c->arena + 12 * PAGE - bytes;
        break;
    case 3: // longer than any path, or than any name
        bytes = chance_below(&c->chance, 2) ? 300 : 5000;
        memset(c->arena, 'n', bytes);
        c->arena[bytes] = 0;
        return P(c->arena);
    default:
        break;
    }
    memcpy(at, text, bytes);
    return P(at);
}

u32
fuzz_path(struct caller *c, char kind)
{
    if (kind == 'X') // a program that ends at once
        return put(c, "/bin/true");
    if (kind == 'S' && chance_below(&c->chance, 2))
        return put(c, ANY(system_paths));
    return put(c, ANY(own_paths));
}

// What fuzz_open() opens, in this order. None waits for its other end.
static const struct {
    const char *path;
    u32 flags;
} opened[] = {
    {FUZZ_DIR "/a", O_RDWR | O_CREAT},
    {FUZZ_DIR "/b", O_RDWR | O_CREAT},
    {FUZZ_DIR "/c", O_RDWR | O_CREAT},
    {FUZZ_DIR, O_RDONLY},
    {"/proc", O_RDONLY},
    {"/disk/boot", O_RDONLY},
    {"/dev/null", O_RDWR},
    {"/dev/zero", O_RDWR},
    {"/dev/full", O_RDWR},
    {"/dev/tty", O_RDWR},
    {"/proc/meminfo", O_RDONLY},
    {"/disk/bin/shell", O_RDONLY},
    {FUZZ_DIR "/fifo", O_RDWR},
};

_Static_assert(FUZZ_FD_PIPES == FUZZ_FD_FILE + ARRAY_LEN(opened), "opened");

// Names that calls make are there again for them to make: they may be
// directories, or not be empty.
static void
make_names(void)
{
    static const char *const again[] = {FUZZ_DIR "/a", FUZZ_DIR "/b",
                                        FUZZ_DIR "/c", FUZZ_DIR "/e"};

    call(CALL_MKDIR, P(FUZZ_DIR), 0777);
    for (u32 i = 0; i < ARRAY_LEN(again); i++)
        call(CALL_RMDIR, P(again[i]));
    call(CALL_UNLINK, P(FUZZ_DIR "/e"));
    call(CALL_MKDIR, P(FUZZ_DIR "/d"), 0777);
    call(CALL_SYMLINK, P("loop"), P(FUZZ_DIR "/loop"));
    call(14, P(FUZZ_DIR "/fifo"), 010600, 0); // mknod
    call(CALL_CHDIR, P(FUZZ_DIR));
}

// Others open files at the same time: where it is wanted, nevertheless.
static void
place(int descriptor, u32 at)
{
    if (descriptor >= 0 && (u32)descriptor != at) {
        call(CALL_DUP2, (u32)descriptor, at);
        call(CALL_CLOSE, (u32)descriptor);
    }
}

static void
open_pipe(u32 flags, u32 at)
{
    int two[2];

    if (call(331, P(two), flags) < 0) // pipe2
        return;
    place(two[1], at + 1);
    place(two[0], at);
}

// Descriptors 3 and up are closed; files of all kinds are opened. Children that
// have ended are no longer there.
void
fuzz_open(struct caller *c)
{
    u32 at = FUZZ_FD_FILE;

    while (call(CALL_WAIT4, ~0u, 0, WNOHANG) > 0)
        ;
    call(436, at, ~0u, 0); // close_range
    make_names();
    for (u32 i = 0; i < ARRAY_LEN(opened); i++)
        place(call(CALL_OPEN, P(opened[i].path), opened[i].flags | O_NONBLOCK,
                   0600),
              at++);
    open_pipe(0, FUZZ_FD_PIPES);
    open_pipe(chance_below(&c->chance, 2) ? O_NONBLOCK : 0, FUZZ_FD_PIPES + 2);
    place(call(329, 0), FUZZ_FD_EPOLL);                       // epoll_create1
    place(call(328, chance_below(&c->chance, 3), O_NONBLOCK), // eventfd2
          FUZZ_FD_EPOLL + 1);
}

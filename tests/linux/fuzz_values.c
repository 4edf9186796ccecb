// fuzz_values.c -- values worth giving to a system call
#include "fuzz.h"

#define ARENA_PAGES 24u
#define GOOD_PAGES 12u

u32 fuzz_arena_changed;

// Pages 0-11 may be used; 12 is not there, 13 may be read, 14 must not be
// touched, 15 may be used, 16 lies behind the end of its file, 17 may be used,
// 18 and up are not there.
u8 *
fuzz_arena(u8 *at)
{
    int fd = call(CALL_OPEN, P(FUZZ_DIR "/short"), O_RDWR | O_CREAT, 0600);
    u8 *arena = (u8 *)call(
        CALL_MMAP2, P(at), ARENA_PAGES * PAGE, PROT_RW,
        MAP_PRIVATE | MAP_ANONYMOUS | (at == NULL ? 0 : 0x10), ~0u, 0);

    if (P(arena) > 0xfffff000) {
        call(CALL_CLOSE, (u32)fd);
        return at;
    }
    call(CALL_MUNMAP, P(arena + 18 * PAGE), 6 * PAGE);
    call(CALL_MUNMAP, P(arena + 12 * PAGE), PAGE);
    call(CALL_MPROTECT, P(arena + 13 * PAGE), PAGE, 1);
    call(CALL_MPROTECT, P(arena + 14 * PAGE), PAGE, PROT_NONE);
    call(CALL_MMAP2, P(arena + 16 * PAGE), PAGE, PROT_RW, MAP_SHARED | 0x10,
         (u32)fd, 0);
    call(CALL_CLOSE, (u32)fd);
    return arena;
}

// Before this program itself writes there: a call may have taken it away.
static void
repair(struct caller *c)
{
    if (fuzz_arena_changed != 0) {
        fuzz_arena_changed = 0;
        fuzz_arena(c->arena);
    }
}

static const u32 lengths[] = {
    0,        1,          2,          3,    4,      7,    8,     12,
    16,       24,         32,         64,   96,     128,  255,   256,
    512,      1023,       4095,       4096, 4097,   8192, 12345, 65536,
    1u << 20, 0x7fffffff, 0x80000000, ~0u,  ~0u - 1};

static const u32 words[] = {
    0,          1,          2,          3,          4,          5,
    6,          7,          8,          10,         15,         16,
    17,         20,         31,         32,         33,         63,
    64,         65,         100,        127,        128,        255,
    256,        257,        511,        512,        0x800,      0x1000,
    0x2000,     0x4000,     0x8000,     0x10000,    0x20000,    0x80000,
    0x100000,   0x80800,    0x1000000,  0x7fffffff, 0x80000000, 0xffffffff,
    0xfffffffe, 0xffffff9c, 0xfffff000, 0xc0000000, 999999999,  1000000000};

static const u32 bad_pointers[] = {
    0,          1,          4,          0xfff,      0x1000,     0xffff,
    0x10000,    0x7ffeffff, 0x7fff0000, 0x7ffffffc, 0x7fffffff, 0x80000000,
    0x80001000, 0x80100000, 0xbfffffff, 0xc0000000, 0xc0000ffe, 0xc0100000,
    0xd0000000, 0xe0000000, 0xf0000000, 0xffbfffff, 0xffc00000, 0xffffe000,
    0xfffff000, 0xfffffffc, 0xffffffff};

#define ANY(list) list[chance_below(&c->chance, ARRAY_LEN(list))]

static u32
pointer(struct caller *c)
{
    u32 arena = P(c->arena);
    u32 near = chance_below(&c->chance, 96);

    switch (chance_below(&c->chance, 16)) {
    case 0:
        return ANY(bad_pointers);
    case 1: // the last bytes before a page that is not there
        return arena + 12 * PAGE - near;
    case 2: // ... before one that may only be read
        return arena + 13 * PAGE - 1 + near;
    case 3: // ... before one that must not be touched
        return arena + 14 * PAGE - near;
    case 4: // ... before and in one behind the end of its file
        return arena + 16 * PAGE - near + 16;
    case 5:
        return arena + 18 * PAGE - near;
    case 6:
        return arena + chance_below(&c->chance, ARENA_PAGES) * PAGE;
    case 7:
        return arena + chance_below(&c->chance, GOOD_PAGES * PAGE);
    default:
        return arena + chance_below(&c->chance, GOOD_PAGES * PAGE / 64) * 64;
    }
}

static u32
descriptor(struct caller *c)
{
    static const u32 strange[] = {~0u,        255, 256,      257,
                                  0x7fffffff, 64,  ~0u - 99, 0x80000000};

    if (chance_below(&c->chance, 12) == 0)
        return ANY(strange);
    return chance_below(&c->chance, 24);
}

// --- paths ---

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
                                           "/dev/console",
                                           "/dev/fd/0",

                                           "/nowhere/at/all",
                                           "/disk/bin/hello/",
                                           "/proc/self/root/"};

// A path in the arena: whole, without its end before a page that is not there,
// or too long.
static u32
path(struct caller *c, const char *text)
{
    u32 bytes = text_length(text) + 1;
    u8 *at = c->arena + chance_below(&c->chance, 32) * 128;

    repair(c);
    switch (chance_below(&c->chance, 24)) {
    case 0:
        return pointer(c);
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

// --- times: short, or nonsense ---

static u32
time_at(struct caller *c)
{
    u32 *at = (u32 *)(c->arena + chance_below(&c->chance, 64) * 64);

    if (chance_below(&c->chance, 6) == 0)
        return pointer(c);
    repair(c);
    memset(at, 0, 16);
    at[chance_below(&c->chance, 3)] = chance_below(&c->chance, 8)
                                          ? chance_below(&c->chance, 2000)
                                          : ANY(words);
    at[0] = chance_below(&c->chance, 16) ? 0 : ANY(words);
    return P(at);
}

static u32
process(struct caller *c)
{
    static const u32 nobody[] = {99999, 0x7fffffff, 0x80000000, 0xffff0000};

    switch (chance_below(&c->chance, 6)) {
    case 0:
        return ANY(nobody);
    case 1:
        return 0;
    case 2:
        return c->pid;
    case 3:
        return c->pid + chance_below(&c->chance, 4);
    default:
        return c->tid;
    }
}

static u32
address(struct caller *c)
{
    u32 page = P(c->arena) + chance_below(&c->chance, ARENA_PAGES) * PAGE;

    switch (chance_below(&c->chance, 8)) {
    case 0:
        return ANY(bad_pointers);
    case 1:
        return page + 1;
    case 2:
        return chance_next(&c->chance) >> 1 & ~(PAGE - 1);
    default:
        return page;
    }
}

static u32
terminal_code(struct caller *c)
{
    // TCXONC (0x540a), which can stop the output for good, is not among them.
    static const u32 codes[] = {
        0x5401, 0x5402, 0x5403, 0x5404,     0x5405, 0x5406, 0x5407, 0x5408,
        0x5409, 0x540b, 0x540c, 0x540d,     0x540e, 0x540f, 0x5410, 0x5411,
        0x5413, 0x5414, 0x541b, 0x5421,     0x5422, 0x5424, 0x5425, 0x5429,
        0x5450, 0x5451, 0x5452, 0x8004540f, 0,      ~0u};

    return ANY(codes);
}

static const u32 mapped_how[] = {0x01, 0x02, 0x11,   0x12,   0x21,
                                 0x22, 0x32, 0x8022, 0x4032, 0x100022};

u32
fuzz_value(struct caller *c, char kind)
{
    switch (kind) {
    case 'f':
        return descriptor(c);
    case 'p':
        return pointer(c);
    case 's':
        return path(c, ANY(own_paths));
    case 'S':
        return path(c, chance_below(&c->chance, 2) ? ANY(own_paths)
                                                   : ANY(system_paths));
    case 'l':
        return chance_below(&c->chance, 4) ? chance_below(&c->chance, 5000)
                                           : ANY(lengths);
    case 'L': // lengths that can be waited for
        return chance_below(&c->chance, 8) ? chance_below(&c->chance, 64)
                                           : ANY(lengths);
    case 'm':
        return chance_below(&c->chance, chance_below(&c->chance, 2) ? 4 : 64);
    case '8': // bytes of a set of signals
        return chance_below(&c->chance, 12) ? 8 : ANY(lengths);
    case '6': // of a struct statfs64
        return chance_below(&c->chance, 4) ? 84 : ANY(lengths);
    case 'A': // AT_...
        return chance_below(&c->chance, 4)
                   ? 0x100u << chance_below(&c->chance, 5) & ~0x100u
                   : ANY(words);
    case 'M': // MAP_...
        return ANY(mapped_how) | (chance_below(&c->chance, 8) ? 0 : ANY(words));
    case 'D':
        return chance_below(&c->chance, 2) ? (u32)-100 : descriptor(c);
    case 'n':
        return chance_below(&c->chance, 70);
    case 'i':
        return process(c);
    case 'a':
        return address(c);
    case 'b':
        return (1 + chance_below(&c->chance, 8)) * PAGE -
               chance_below(&c->chance, 2);
    case 't':
        return time_at(c);
    case 'k':
        return terminal_code(c);
    case 'x':
        return chance_below(&c->chance, 3) ? ANY(words)
                                           : 1u << chance_below(&c->chance, 32);
    default:
        return chance_next(&c->chance);
    }
}

// Words that are themselves lengths, pointers, descriptors and flags.
void
fuzz_stir(struct caller *c)
{
    u32 *at = (u32 *)(c->arena + chance_below(&c->chance, 64) * 64);

    repair(c);
    for (u32 i = 0; i < 64; i++)
        at[i] = fuzz_value(c, "fpplmnxxx?"[chance_below(&c->chance, 10)]);
}

// Descriptors 3 and up are closed; files of all kinds are opened.
void
fuzz_open(struct caller *c)
{
    static const char *const paths[] = {
        FUZZ_DIR "/a", FUZZ_DIR "/b", FUZZ_DIR,          "/dev/null",
        "/dev/zero",   "/dev/full",   "/dev/tty",        "/proc/meminfo",
        "/proc",       "/disk/boot",  "/disk/bin/shell", FUZZ_DIR "/fifo"};
    u32 two[2];

    call(436, 3, ~0u, 0); // close_range
    call(CALL_MKDIR, P(FUZZ_DIR), 0777);
    call(CALL_MKDIR, P(FUZZ_DIR "/d"), 0777);
    call(CALL_SYMLINK, P("loop"), P(FUZZ_DIR "/loop"));
    call(14, P(FUZZ_DIR "/fifo"), 010600, 0); // mknod
    call(CALL_CHDIR, P(FUZZ_DIR));
    for (u32 i = 0; i < ARRAY_LEN(paths); i++) // with O_NONBLOCK
        call(CALL_OPEN, P(paths[i]), (i < 2 ? O_RDWR | O_CREAT : i) | 04000u,
             0600);
    call(CALL_PIPE, P(two));
    call(331, P(two), chance_below(&c->chance, 2) ? 04000u : 0); // pipe2
    call(329, 0);                                   // epoll_create1
    call(328, chance_below(&c->chance, 3), 04000u); // eventfd2
}

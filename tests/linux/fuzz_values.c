// fuzz_values.c -- values worth giving to a system call
#include "fuzz.h"

#define ARENA_PAGES 24u
#define GOOD_PAGES (FUZZ_GOOD_BYTES / PAGE)

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
void
fuzz_repair(struct caller *c)
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

u32
fuzz_pointer(struct caller *c)
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
    static const u32 strange[] = {~0u,  255,      256,       257,
                                  1023, 1024,     1025,      0x7fffffff,
                                  64,   ~0u - 99, 0x80000000};

    if (chance_below(&c->chance, 12) == 0)
        return ANY(strange);
    return chance_below(&c->chance, 24);
}

// --- times: short, or nonsense ---

static u32
time_at(struct caller *c)
{
    u32 *at = (u32 *)(c->arena + chance_below(&c->chance, 64) * 64);

    if (chance_below(&c->chance, 6) == 0)
        return fuzz_pointer(c);
    fuzz_repair(c);
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

static u32
handler(struct caller *c)
{
    u32 which = chance_below(&c->chance, 16);

    return which < 3   ? which // SIG_DFL, SIG_IGN, none
           : which < 5 ? fuzz_pointer(c)
                       : P(fuzz_nothing);
}

u32
fuzz_value(struct caller *c, char kind)
{
    u32 value;

    if (fuzz_shape(c, kind, &value))
        return value;
    switch (kind) {
    case 'f':
        return descriptor(c);
    case 'p':
        return fuzz_pointer(c);
    case 's':
    case 'S':
    case 'X':
        return fuzz_path(c, kind);
    case 'l':
        return chance_below(&c->chance, 4) ? chance_below(&c->chance, 5000)
                                           : ANY(lengths);
    case 'L': // lengths that can be waited for
        return chance_below(&c->chance, 8) ? chance_below(&c->chance, 64)
                                           : ANY(lengths);
    case '0':
        return 0;
    case 'j':
        return chance_below(&c->chance, 4);
    case 'r':
        return chance_below(&c->chance, 18);
    case '*': // a handler: mostly one that can run
        return handler(c);
    case '!': // descriptors, by bits
        return 1u << chance_below(&c->chance, 24) |
               1u << chance_below(&c->chance, 24);
    case 'm':
        return chance_below(&c->chance, chance_below(&c->chance, 2) ? 4 : 64);
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

    fuzz_repair(c);
    for (u32 i = 0; i < 64; i++)
        at[i] = fuzz_value(c, "fpplmnxxx?"[chance_below(&c->chance, 10)]);
}

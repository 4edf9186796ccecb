// fuzz_shapes.c -- lists of values that mean something, and what lies at a pointer
//
// A list's values are often right, and a structure's words are values of their
// kinds; one time in ten a value is any, and a structure ends where a page does.
#include "fuzz.h"

struct list {
    char kind;
    u8 count;
    u32 values[24];
};

// How many values, and the values.
#define LIST(kind, ...)                                                        \
    {                                                                          \
        kind, sizeof((const u32[]){__VA_ARGS__}) / sizeof(u32),                \
        {                                                                      \
            __VA_ARGS__                                                        \
        }                                                                      \
    }

static const struct list lists[] = {
    LIST('A', 0, 0, 0, 0x100, 0x200, 0x400, 0x800, 0x1000), // AT_...
    LIST('B', 0, 17, 0x11, 0x100, 0x4111, 0x50f00, 0x1200011,
         0x3d0f00),                                      // clone
    LIST('F', 0, 1, 2, 3, 0x10, 0x11),                   // fallocate
    LIST('I', ~0u, 6, 7, 8, 5, 9),                       // TLS: which
    LIST('J', 0x51, 0x41, 0x11, 1, 0x28, 0, 0x53, 0x59), // ... which bits
    LIST('O', 0, 1, 2, 0x42, 0x41, 0x242, 0xc2, 0x402, 0x10000, 0x80000, 0x800,
         0x20000, 0x200000, 0x410002), // open
    LIST('R', 0, 1, 64, 1024, 65536, 1u << 20, 8u << 20, 64u << 20, ~0u),
    LIST('W', 0, 1, 1, 1, 3, 11, 0x40000001, 0x80000001), // wait
    LIST('c', 0, 1, 2, 3, 4, 5, 6, 7, 11),                // clocks
    LIST('d', 0, 1, 2, 3, 4, 8, 9, 10, 11, 14, 15, 16, 17, 18, 19, 20, 21),
    LIST('e', 0, 04000, 02000000, 02004000, 1), // what new descriptors are
    LIST('g', 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 36, 37,
         38, 1024, 1030, 1031, 1032),                   // fcntl
    LIST('h', 0, 0, 0, 0, 0, 0, 0, 1, ~0u, 0x7fffffff), // upper halves
    LIST('o', 0, 0, 1, 100, 511, 4095, 4096, 4097, 8192, 65535, 1u << 20), // at
    LIST('q', 0, 1, 3, 4, 5, 9, 10, 0x80, 0x81, 0x83, 0x84, 0x85, 0x89, 0x8a,
         0x100, 0x189),                             // futex
    LIST('u', 0, 0, 0, 1, 1000, 65534, 65535, ~0u), // users
    LIST('v', 0x19980330, 0x20071026, 0x20080522),  // of capabilities
    LIST('w', 4, 5, 6, 7, 8, 9, 13, 14, 15, 0x01000005, 0x40000005), // waitid
    LIST('y', 1, 2, 3, 4, 15, 16, 38, 22, 8),                        // prctl
    LIST('#', 0, 0, 0x4000, 0x4100, 0x1200000, 0x100000, 0x80100),   // clone3
    LIST('$', 1, 2, 4, 5, 6, 8, 8),                                  // flock
    LIST('%', ~0u, ~0u, 0), // all children
    LIST('~', ~0u),
    LIST('2', 12),                 // bytes of a list of robust locks
    LIST('3', 64, 80, 88, 63, 96), // ... of clone3's arguments
    LIST('6', 84, 84, 84, 88, 64), // ... of struct statfs64
    LIST('8', 8, 8, 8, 8, 4, 16),  // ... of a set of signals
    // Where fuzz_open() puts them, if nobody disturbs it.
    LIST('C', FUZZ_FD_DIRECTORY, FUZZ_FD_DIRECTORY + 1, FUZZ_FD_DIRECTORY + 2),
    LIST('E', FUZZ_FD_EPOLL),
    LIST('H', FUZZ_FD_FILE, FUZZ_FD_FILE, FUZZ_FD_FILE + 1, FUZZ_FD_FILE + 2),
};

// A letter for each word; `null`: of eight pointers so many are NULL. A kind
// may have several lines.
static const struct shape {
    char kind;
    u8 null;
    char words[24];
} shapes[] = {
    {'G', 0, "RR"},                     // struct rlimit
    {'G', 0, "R~"},                     //
    {'K', 1, "!000"},                   // fd_set
    {'N', 0, "fxfxfxfx"},               // struct pollfd
    {'N', 0, "fmfmfmfm"},               //
    {'P', 1, "R0R0"},                   // struct rlimit64
    {'P', 1, "R0~~"},                   //
    {'P', 0, "~~~~"},                   //
    {'Q', 2, "Y8"},                     // pselect6's mask
    {'T', 0, "I?xJ"},                   // struct user_desc
    {'U', 0, "vi"},                     // of capabilities: version, process
    {'U', 0, "v0"},                     //
    {'V', 0, "popopopopopopopo"},       // struct iovec
    {'V', 0, "plplplplpl"},             //
    {'Y', 1, "xx"},                     // sigset_t
    {'Y', 0, "~~"},                     //
    {'Z', 1, "s0"},                     // argv, envp
    {'Z', 0, "ssp0"},                   //
    {'z', 0, "abmMf0"},                 // what the old mmap takes
    {'z', 0, "0bmM~0"},                 //
    {'1', 0, "LKKKt"},                  // what the old select takes
    {'4', 4, "oh"},                     // loff_t
    {'5', 0, "p0R"},                    // stack_t
    {'5', 0, "pjR"},                    //
    {'7', 0, "#0p0p0p0n0000000000000"}, // struct clone_args
    {'7', 0, "#0p0p0p0n0p0l0p0000000"}, //
    {'9', 0, "xff"},                    // struct epoll_event
    {'.', 1, "*xxp"},                   // what sigaction takes
    {':', 1, "*x0xx"},                  // struct sigaction
    {'@', 0, "jooi"},                   // struct flock
    {'@', 0, "johohi"},                 // struct flock64
};

static const struct shape *
find_shape(struct caller *c, char kind)
{
    const struct shape *found = NULL;
    u32 lines = 0;

    for (u32 i = 0; i < ARRAY_LEN(shapes); i++)
        if (shapes[i].kind == kind && chance_below(&c->chance, ++lines) == 0)
            found = &shapes[i];
    return found;
}

// A structure in the arena, or, when it is cut off, as much as is there.
static u32
make_shape(struct caller *c, const struct shape *s)
{
    u32 words = (u32)text_length(s->words), there = words;
    u32 *at = (u32 *)(c->arena + chance_below(&c->chance, 128) * 256);

    if (chance_below(&c->chance, 8) < s->null)
        return 0;
    fuzz_repair(c);
    if (chance_below(&c->chance, 10) == 0) { // the last words are not there
        there = chance_below(&c->chance, words + 1);
        at = (u32 *)(c->arena + FUZZ_GOOD_BYTES) - there;
    }
    for (u32 i = 0; i < there; i++)
        at[i] = fuzz_value(c, s->words[i]);
    return P(at);
}

int
fuzz_shape(struct caller *c, char kind, u32 *value)
{
    const struct shape *s = find_shape(c, kind);

    for (u32 i = 0; i < ARRAY_LEN(lists); i++)
        if (lists[i].kind == kind) {
            *value =
                chance_below(&c->chance, 10) == 0
                    ? fuzz_value(c, 'x')
                    : lists[i].values[chance_below(&c->chance, lists[i].count)];
            return 1;
        }
    if (s == NULL)
        return 0;
    *value = make_shape(c, s);
    return 1;
}

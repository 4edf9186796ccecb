// exec_stack.c -- what a new program finds on its stack
//
//     MEMORY_END  ...
//                 the program's path, "i686", 16 random bytes
//                 strings: arguments, environment
//                 auxiliary vector, ends with AT_NULL
//                 pointers to the environment, 0
//                 pointers to the arguments, 0
//     <- esp      their number                        (aligned to 16)
#include "linux/errno.h"
#include "linux/task/exec_parts.h"
#include "tender/text.h"

#define AT_NULL 0u
#define AT_PHDR 3u
#define AT_PHENT 4u
#define AT_PHNUM 5u
#define AT_PAGESZ 6u
#define AT_BASE 7u
#define AT_FLAGS 8u
#define AT_ENTRY 9u
#define AT_UID 11u
#define AT_EUID 12u
#define AT_GID 13u
#define AT_EGID 14u
#define AT_PLATFORM 15u
#define AT_HWCAP 16u
#define AT_CLKTCK 17u
#define AT_SECURE 23u
#define AT_RANDOM 25u
#define AT_EXECFN 31u

// What every processor has that runs this kernel: FPU, TSC, CX8, CMOV, MMX,
// FXSR, SSE, SSE2.
#define HWCAP 0x07808111u
#define BATCH 32u // pointers that are written at once
#define RANDOM_BYTES 16u
#define STACK_MORE 0x20000u

// Above the strings.
struct top {
    u32 path, platform, random;
};

static char
byte_at(const struct exec *x, u32 at)
{
    const struct pages *pages = &x->linux->pages;
    u32 front = x->front == 0 ? 0 : PAGE_SIZE - x->front_at;

    if (at < front)
        return ((char *)pages_at(pages, x->front))[x->front_at + at];
    at += x->skip - front;
    return ((char *)pages_at(pages,
                             x->strings->page[at / PAGE_SIZE]))[at % PAGE_SIZE];
}

static u32
bytes_of(const struct exec *x)
{
    u32 front = x->front == 0 ? 0 : PAGE_SIZE - x->front_at;

    return front + x->strings->bytes - x->skip;
}

// All strings, one behind the other.
static int
put_strings(struct exec *x, u32 to)
{
    const struct pages *pages = &x->linux->pages;
    const struct exec_strings *s = x->strings;
    int err = 0;

    if (x->front != 0) {
        u32 bytes = PAGE_SIZE - x->front_at;

        err =
            memory_out(x->memory, to,
                       (char *)pages_at(pages, x->front) + x->front_at, bytes);
        to += bytes;
    }
    for (u32 at = x->skip; err == 0 && at < s->bytes;) {
        u32 bytes = MIN(PAGE_SIZE - at % PAGE_SIZE, s->bytes - at);

        err = memory_out(x->memory, to,
                         (char *)pages_at(pages, s->page[at / PAGE_SIZE]) +
                             at % PAGE_SIZE,
                         bytes);
        to += bytes;
        at += bytes;
    }
    return err;
}

// count pointers to strings from *string on, then 0.
static int
put_pointers(struct exec *x, u32 *to, u32 *string, u32 strings_va, u32 count)
{
    u32 batch[BATCH];
    u32 n = 0;

    for (u32 i = 0; i <= count; i++) {
        batch[n++] = i == count ? 0 : strings_va + *string;
        if (i < count)
            while (byte_at(x, (*string)++) != 0)
                continue;
        if (n == BATCH || i == count) {
            int err = memory_out(x->memory, *to, batch, n * 4);

            if (err < 0)
                return err;
            *to += n * 4;
            n = 0;
        }
    }
    return 0;
}

static const char platform[] = "i686";

static void
place_top(const struct exec *x, struct top *top)
{
    top->path = MEMORY_END - 8 - (text_length(x->asked) + 1);
    top->platform = top->path - (u32)sizeof(platform);
    top->random = (top->platform - RANDOM_BYTES) & ~15u;
}

static int
put_top(struct exec *x, const struct top *top)
{
    u32 random[RANDOM_BYTES / 4];

    for (u32 i = 0; i < ARRAY_LEN(random); i++)
        random[i] = linux_random(x->linux);
    int err =
        memory_out(x->memory, top->path, x->asked, text_length(x->asked) + 1);

    if (err == 0)
        err = memory_out(x->memory, top->platform, platform, sizeof(platform));
    if (err == 0)
        err = memory_out(x->memory, top->random, random, sizeof(random));
    return err;
}

#define VECTOR 18u

// The number of arguments, pointers and vector, in words.
static u32
words_of(const struct exec *x)
{
    return 1 + x->args + 1 + x->strings->environment + 1 + VECTOR * 2;
}

// What is put there, and some more at once: the rest comes when it is touched.
static int
map_stack(struct exec *x, u32 esp)
{
    u32 most = MAX(limit_stack(x->linux), MEMORY_END - esp);
    u32 bytes = MIN(MEMORY_END - esp + STACK_MORE, most);
    u32 start = (MEMORY_END - bytes) & ~(PAGE_SIZE - 1);
    int at = memory_map(
        x->memory, start, MEMORY_END - start, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, NULL, 0);

    return at < 0 ? at : 0;
}

static void
make_vector(u32 v[VECTOR][2], const struct exec *x, const struct top *top)
{
    const struct task *t = x->task;
    const struct image *image = &x->image;
    const u32 values[VECTOR][2] = {
        {AT_HWCAP, HWCAP},
        {AT_PAGESZ, PAGE_SIZE},
        {AT_CLKTCK, 100},
        {AT_PHDR, image->parts_va},
        {AT_PHENT, IMAGE_PART_BYTES},
        {AT_PHNUM, image->parts},
        {AT_BASE, 0},
        {AT_FLAGS, 0},
        {AT_ENTRY, image->entry},
        {AT_UID, t->uid},
        {AT_EUID, x->euid},
        {AT_GID, t->gid},
        {AT_EGID, x->egid},
        {AT_SECURE, t->uid != x->euid || t->gid != x->egid},
        {AT_RANDOM, top->random},
        {AT_EXECFN, top->path},
        {AT_PLATFORM, top->platform},
        {AT_NULL, 0},
    };

    memcpy(v, values, sizeof(values));
}

int
exec_stack(struct exec *x)
{
    u32 vector[VECTOR][2];
    u32 environment = x->strings->environment;
    u32 argc = x->args;
    u32 string = 0;
    struct top top;
    u32 strings_va, at;

    place_top(x, &top);
    strings_va = (top.random - bytes_of(x)) & ~15u;
    at = (strings_va - words_of(x) * 4) & ~15u;

    int err = map_stack(x, at);

    if (err == 0)
        err = put_top(x, &top);
    if (err < 0)
        return err;

    x->esp = at;
    err = put_strings(x, strings_va);
    if (err == 0)
        err = memory_out(x->memory, at, &argc, sizeof(argc));
    at += 4;
    if (err == 0)
        err = put_pointers(x, &at, &string, strings_va, argc);
    x->command_bytes = MIN(string, PAGE_SIZE);
    x->memory->environment = strings_va + string;
    if (err == 0)
        err = put_pointers(x, &at, &string, strings_va, environment);
    x->memory->environment_bytes = strings_va + string - x->memory->environment;
    make_vector(vector, x, &top);
    if (err == 0)
        err = memory_out(x->memory, at, vector, sizeof(vector));
    if (err == 0)
        err = memory_in(x->memory, pages_at(&x->linux->pages, x->command),
                        strings_va, x->command_bytes);
    return err;
}

// crash.c -- crash images: what a power cut could have left in memory
#include "tests/cut/crash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/cut/reads.h"

struct crash *
crash_new(const char *base_path, u32 bytes)
{
    struct crash *image = calloc(1, sizeof(*image));
    int fd = open(base_path, O_RDONLY | O_CLOEXEC);

    image->bytes = bytes;
    image->pages = bytes / PAGE_SIZE;
    image->memory =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    if (fd < 0 || image->memory == MAP_FAILED) {
        fprintf(stderr, "crash: %s: %s\n", base_path, strerror(errno));
        exit(2);
    }
    close(fd);
    image->page_hash = calloc(image->pages, sizeof(u64));
    image->stale = malloc(image->pages / 8);
    for (int i = 0; i < 2; i++)
        image->touched[i] = malloc(image->pages / 8);
    memset(image->stale, 255, image->pages / 8);
    crash_strange(image);
    return image;
}

void
crash_free(struct crash *image)
{
    munmap(image->memory, image->bytes);
    free(image->page_hash);
    free(image->stale);
    free(image->touched[0]);
    free(image->touched[1]);
    free(image->undo);
    free(image);
}

static void
mark_page(struct crash *image, u32 page)
{
    image->stale[page / 64] |= 1ull << page % 64;
    image->touched[0][page / 64] |= 1ull << page % 64;
    image->touched[1][page / 64] |= 1ull << page % 64;
}

static void
write_bytes(struct crash *image, u32 pa, const void *bytes, u32 size)
{
    if (image->reads != NULL)
        reads_change(image->reads, image->memory, pa, bytes, size);
    memcpy(image->memory + pa, bytes, size);
    mark_page(image, pa / PAGE_SIZE);
    mark_page(image, (pa + size - 1) / PAGE_SIZE);
}

static void
note_undo(struct crash *image, u32 pa, u32 size)
{
    struct crash_undo *u;

    if (image->undos == image->undo_room) {
        image->undo_room = image->undo_room * 2 + 1024;
        image->undo =
            realloc(image->undo, image->undo_room * sizeof(*image->undo));
        if (image->undo == NULL)
            abort();
    }
    u = &image->undo[image->undos++];
    u->pa = pa;
    u->size = size;
    memcpy(&u->value, image->memory + pa, size);
}

// Most stores of a save change nothing: they store again what was there.
static bool
is_there(const u8 *at, const void *bytes, u32 size)
{
    return size == 4 ? memcmp(at, bytes, 4) == 0 : memcmp(at, bytes, size) == 0;
}

void
crash_put(struct crash *image, u32 pa, const void *bytes, u32 size)
{
    while (size > 0) {
        u32 part = size < 8 ? size : 8;

        if (!is_there(image->memory + pa, bytes, part)) {
            note_undo(image, pa, part);
            write_bytes(image, pa, bytes, part);
        }
        bytes = (const u8 *)bytes + part;
        pa += part;
        size -= part;
    }
}

void
crash_apply(struct crash *image, const struct cut_event *event)
{
    if (crash_is_store(event))
        crash_put(image, event->pa, &event->value, event->size);
}

u32
crash_mark(struct crash *image)
{
    return image->undos;
}

void
crash_back(struct crash *image, u32 mark)
{
    while (image->undos > mark) {
        const struct crash_undo *u = &image->undo[--image->undos];

        write_bytes(image, u->pa, &u->value, u->size);
    }
}

void
crash_forget(struct crash *image)
{
    image->undos = 0;
}

static u64
hash_page(const u8 *page, u32 number)
{
    const u64 *w = (const u64 *)page;
    u64 a = number * 0x9e3779b97f4a7c15ull + 1, b = ~a;

    for (u32 i = 0; i < PAGE_SIZE / 8; i += 2) {
        a = (a ^ w[i]) * 0xff51afd7ed558ccdull;
        b = (b ^ w[i + 1]) * 0xc4ceb9fe1a85ec53ull;
        a ^= a >> 32;
        b ^= b >> 29;
    }
    a = (a ^ (b << 21 | b >> 43)) * 0xff51afd7ed558ccdull;
    return a ^ a >> 33;
}

u64
crash_hash(struct crash *image)
{
    for (u32 i = 0; i < image->pages / 64; i++)
        for (u64 bits = image->stale[i]; bits != 0; bits &= bits - 1) {
            u32 page = i * 64 + (u32)__builtin_ctzll(bits);
            u64 hash = hash_page(image->memory + page * PAGE_SIZE, page);

            image->hash += hash - image->page_hash[page];
            image->page_hash[page] = hash;
        }
    memset(image->stale, 0, image->pages / 8);
    return image->hash;
}

static void
show(struct crash *image, struct engine *e)
{
    struct ctl *ctl = e->ctl;
    u64 *touched = image->touched[e->options.tracing];

    for (u32 i = 0; i < image->pages / 64; i++) {
        u64 bits = touched[i] | ctl->dirty[i];

        ctl->changed[i] = bits;
        ctl->dirty[i] = 0;
        touched[i] = 0;
        for (; bits != 0; bits &= bits - 1) {
            u32 at = (i * 64 + (u32)__builtin_ctzll(bits)) * PAGE_SIZE;

            memcpy(e->ram + at, image->memory + at, PAGE_SIZE);
        }
    }
}

void
crash_boot(struct crash *image, struct engine *e)
{
    show(image, e);
    engine_reset(e);
}

void
crash_boot_traced(struct crash *image, struct engine *e)
{
    show(image, e);
    engine_reset_traced(e);
}

void
crash_strange(struct crash *image)
{
    for (int i = 0; i < 2; i++)
        memset(image->touched[i], 255, image->pages / 8);
}

int
crash_try(struct crash *image, struct engine *e, double seconds)
{
    int at;

    crash_boot(image, e);
    at = engine_wait(e, seconds);
    if (at != AT_TIMEOUT && at != AT_END)
        return at;
    engine_off(e);
    crash_strange(image);
    if (!engine_on(e))
        vm_fail(e->vm, "QEMU did not start again: %s", engine_fault(e));
    return at;
}

bool
crash_agrees(const struct crash *image, const struct engine *e, u32 *pa)
{
    const u64 *touched = image->touched[e->options.tracing];

    for (u32 i = 0; i < image->pages; i++) {
        u32 at = i * PAGE_SIZE;

        if ((touched[i / 64] | e->ctl->dirty[i / 64]) >> i % 64 & 1)
            continue;
        *pa = at;
        if (memcmp(e->ram + at, image->memory + at, PAGE_SIZE) != 0)
            return false;
    }
    return true;
}

void
crash_take(struct crash *image, const struct engine *e)
{
    for (u32 i = 0; i < image->pages; i++) {
        u32 at = i * PAGE_SIZE;

        if ((e->ctl->dirty[i / 64] >> i % 64 & 1) == 0)
            continue;
        memcpy(image->memory + at, e->ram + at, PAGE_SIZE);
        mark_page(image, i);
    }
    image->undos = 0;
}

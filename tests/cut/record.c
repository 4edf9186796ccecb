// record.c -- one run of the machine: memory where it began, and all events
#define _GNU_SOURCE
#include "tests/cut/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096u

static _Noreturn void
fail(const char *what)
{
    fprintf(stderr, "record: %s: %s\n", what, strerror(errno));
    exit(2);
}

// A file that nobody need remove; pages of zeros are holes.
static void
make_base(struct record *r, const u8 *memory)
{
    static const u8 zeros[PAGE];

    r->base_fd = memfd_create("tender-base", MFD_CLOEXEC);
    if (r->base_fd < 0 || ftruncate(r->base_fd, r->bytes) < 0)
        fail("base");
    for (u32 at = 0; at < r->bytes; at += PAGE)
        if (memcmp(memory + at, zeros, PAGE) != 0 &&
            pwrite(r->base_fd, memory + at, PAGE, at) != PAGE)
            fail("base");
    snprintf(r->base, sizeof(r->base), "/proc/self/fd/%d", r->base_fd);
}

static void
check_whole(const struct engine *e)
{
    const struct ctl *ctl = e->ctl;

    if (ctl->unseen != 0)
        fprintf(stderr, "record: %lu bytes changed unseen, the first at %x\n",
                (unsigned long)ctl->unseen, ctl->unseen_pa);
    if (ctl->inexact != 0)
        fprintf(stderr, "record: the addresses of %lu flushes are unknown\n",
                (unsigned long)ctl->inexact);
    if (ctl->unseen != 0 || ctl->inexact != 0)
        exit(2);
}

void
record_begin(struct record *r, const struct engine *e)
{
    memset(r, 0, sizeof(*r));
    r->build = elf_build(e->elf);
    r->bytes = e->bytes;
    make_base(r, e->ram);
}

void
record_end(struct record *r, const struct engine *e, int at)
{
    if (e->ctl->tracing || at < AT_RETURN) {
        fprintf(stderr, "record: the trace did not end, but came to %s\n",
                engine_where(e, at));
        exit(2);
    }
    check_whole(e);
    r->count = e->ctl->events;
    r->events = malloc(r->count * sizeof(*r->events) + 1);
    memcpy(r->events, engine_events(e), r->count * sizeof(*r->events));
}

int
record_take(struct record *r, struct engine *e, double seconds)
{
    int at;

    record_begin(r, e);
    engine_go(e);
    at = engine_wait(e, seconds);
    record_end(r, e, at);
    return at;
}

void
record_free(struct record *r)
{
    close(r->base_fd);
    free(r->events);
}

// --- files ---

struct kept {
    u32 magic, build, bytes, reserved;
    u64 count;
};

#define KEPT_MAGIC 0x74706b63u

static bool
is_acknowledgement(const char *line, u32 *save)
{
    const char *saved = strstr(line, "tender: saved ");

    *save = 0;
    return (saved != NULL && sscanf(saved, "tender: saved %u", save) == 1) ||
           strstr(line, "tender: shut down; the next boot continues") != NULL;
}

u64
record_acknowledged(const struct record *r, u64 from, u32 *save)
{
    char line[200];
    size_t length = 0;

    for (u64 i = from; i < r->count; i++) {
        if (r->events[i].kind != CUT_OUTPUT)
            continue;
        if (r->events[i].value != '\n') {
            if (length < sizeof(line) - 1)
                line[length++] = (char)r->events[i].value;
            continue;
        }
        line[length] = '\0';
        if (is_acknowledgement(line, save))
            return i + 1;
        length = 0;
    }
    return 0;
}

// Pages of zeros are holes, in a file of full length.
static bool
write_base(const u8 *memory, u32 bytes, FILE *file)
{
    static const u8 zeros[PAGE];
    off_t from = ftello(file);

    for (u32 at = 0; at < bytes; at += PAGE)
        if (memcmp(memory + at, zeros, PAGE) != 0 &&
            (fseeko(file, from + at, SEEK_SET) < 0 ||
             fwrite(memory + at, PAGE, 1, file) != 1))
            return false;
    return fflush(file) == 0 && ftruncate(fileno(file), from + bytes) == 0;
}

void
record_keep(const struct record *r, const char *path)
{
    struct kept head = {KEPT_MAGIC, r->build, r->bytes, 0, r->count};
    FILE *file = fopen(path, "wb");
    u8 *memory = mmap(NULL, r->bytes, PROT_READ, MAP_SHARED, r->base_fd, 0);

    if (file == NULL || memory == MAP_FAILED ||
        fwrite(&head, sizeof(head), 1, file) != 1 ||
        fwrite(r->events, sizeof(*r->events), r->count, file) != r->count ||
        !write_base(memory, r->bytes, file) || fclose(file) != 0)
        fail(path);
    munmap(memory, r->bytes);
}

bool
record_load(struct record *r, const char *path)
{
    struct kept head;
    FILE *file = fopen(path, "rb");
    u8 *memory;

    if (file == NULL)
        return false;
    if (fread(&head, sizeof(head), 1, file) != 1 || head.magic != KEPT_MAGIC) {
        fclose(file);
        return false;
    }
    *r = (struct record){
        .build = head.build, .bytes = head.bytes, .count = head.count};
    r->events = malloc(r->count * sizeof(*r->events) + 1);
    memory = malloc(r->bytes);
    if (fread(r->events, sizeof(*r->events), r->count, file) != r->count ||
        fread(memory, 1, r->bytes, file) != r->bytes)
        fail(path);
    make_base(r, memory);
    free(memory);
    fclose(file);
    return true;
}

// process_load.c -- make the virtual space and execution of a new process
//
//     0x7fff0000  end of the stack: strings, then argv, then argc <- esp
//     0x7ffe0000  stack; the page below it stays unmapped
//     ...
//     as the ELF file says: one region and virtual user space per segment
//
// Reading the file may wait, so anything may have happened to the rest of the
// system when process_load_check() and process_load_make() go on; the
// loader's own buffers are locked by process.c.
#include "resources/process_load.h"

#include "tender/assert.h"
#include "tender/disk_read.h"
#include "tender/text.h"

#define STACK_BYTES (PROCESS_STACK_PAGES * PAGE_SIZE)
#define STACK_START (PROCESS_STACK_TOP - STACK_BYTES)
#define BASE_NAME_MAX 16u // so that the longest name derived from it fits

_Static_assert(STACK_START - PAGE_SIZE >= ELF_ADDRESS_END, "guard page");
_Static_assert(PROCESS_ARGS_BYTES + (PROCESS_ARGS_MAX + 8) * 4 <
                   PROCESS_CHUNK_BYTES,
               "arguments are built in the chunk buffer");

static int
count_args(struct process_loader *loader)
{
    u32 count = 0;

    if (loader->args[loader->args_bytes - 1] != 0)
        return E_ARGUMENT;
    for (u32 i = 0; i < loader->args_bytes; i++)
        count += loader->args[i] == 0;
    if (count > PROCESS_ARGS_MAX)
        return E_ARGUMENT;
    loader->args_count = count;
    return 0;
}

int
process_load_args(struct processes *p, const struct call *call)
{
    struct process_loader *loader = p->loader;
    int err = call_name(p->gate, call, call->arg[0], loader->path);

    if (err < 0)
        return err;
    if (loader->path[0] == 0 || call->arg[2] > PROCESS_ARGS_BYTES)
        return E_ARGUMENT;
    loader->args_bytes = (u32)call->arg[2];
    if (loader->args_bytes == 0) { // only its own name
        text_copy(loader->args, loader->path, NAME_MAX);
        loader->args_bytes = text_length(loader->path) + 1;
    } else {
        err = call_in(p->gate, call, loader->args, call->arg[1],
                      loader->args_bytes);
        if (err < 0)
            return err;
    }
    return count_args(loader);
}

// Bytes of the file; returns how many there were.
static int
read_file(struct processes *p, u32 offset, void *to, u32 bytes)
{
    struct disk_read read = {p->loader->path, to, offset, bytes};

    return gate_control(p->gate, KIND_ID(KIND_DISK), DISK_READ_FILE,
                        (word)&read, 0, 0);
}

int
process_load_check(struct processes *p)
{
    struct process_loader *loader = p->loader;
    int got = read_file(p, 0, loader->head, ELF_HEAD_BYTES);

    if (got < 0)
        return got;
    int err = elf_read(loader->head, (u32)got, &loader->program);

    for (u32 i = 0; err == 0 && i < loader->program.segments; i++) {
        const struct elf_segment *segment = &loader->program.segment[i];
        u8 last;

        if (segment->file_bytes == 0)
            continue;
        got = read_file(p, segment->offset + segment->file_bytes - 1, &last, 1);
        if (got != 1)
            err = got < 0 ? got : E_FORMAT;
    }
    return err;
}

// The last part of the path, shortened.
static void
base_name(const char *path, char *to)
{
    const char *base = path;

    for (; *path != 0; path++)
        if (path[0] == '/' && path[1] != 0)
            base = path + 1;
    text_copy(to, base, BASE_NAME_MAX);
}

void
process_load_name(const struct processes *p, char *name)
{
    char base[NAME_MAX];

    base_name(p->loader->path, base);
    text_format(name, NAME_MAX, "process/%s.%u", base, p->counter);
}

// What the new process is called, without what it is.
static void
name_of(const struct process_entry *entry, char *to)
{
    text_copy(to, entry->res.name + text_length("process/"), NAME_MAX);
}

static void
give(struct processes *p, rid id, rid process)
{
    struct res *res = gate_entry(p->gate, id);

    ASSERT(res != NULL);
    res->owner = process;
}

// Zeroed memory at pages [va, va + bytes) of the process.
static int
attach(struct processes *p, struct process_entry *entry, const char *part,
       u32 va, u32 bytes, u32 flags)
{
    char base[NAME_MAX];
    char name[NAME_MAX];

    name_of(entry, base);
    text_format(name, sizeof(name), "region/%s/%s", base, part);
    int region =
        gate_create(p->gate, KIND_REGION, name, bytes, REGION_PROGRAM, 0, 0);

    if (region < 0)
        return region;
    give(p, (rid)region, entry->res.id);
    text_format(name, sizeof(name), "space/%s/%s", base, part);
    int space = gate_create(p->gate, KIND_VUSPACE, name, (rid)region, va, flags,
                            entry->vspace);

    if (space < 0)
        return space;
    give(p, (rid)space, entry->res.id);
    return 0;
}

static int
fill(struct processes *p, const struct process_entry *entry,
     const struct elf_segment *segment)
{
    u8 *chunk = p->loader->chunk;
    u32 done = 0;

    while (done < segment->file_bytes) {
        u32 bytes = MIN(segment->file_bytes - done, PROCESS_CHUNK_BYTES);
        int got = read_file(p, segment->offset + done, chunk, bytes);

        if (got < 0)
            return got;
        if ((u32)got != bytes)
            return E_FORMAT; // shorter than a moment ago
        int err = gate_control(p->gate, entry->vspace, VSPACE_WRITE,
                               segment->va + done, (word)chunk, bytes);
        if (err < 0)
            return err;
        done += bytes;
    }
    return 0;
}

static int
make_segments(struct processes *p, struct process_entry *entry)
{
    const struct elf_program *program = &p->loader->program;

    for (u32 i = 0; i < program->segments; i++) {
        const struct elf_segment *segment = &program->segment[i];
        u32 start = segment->va & ~(PAGE_SIZE - 1);
        char part[16];

        text_format(part, sizeof(part), segment->writable ? "data%u" : "text%u",
                    i);
        int err = attach(p, entry, part, start,
                         segment->va + segment->memory_bytes - start,
                         segment->writable ? VU_WRITABLE : 0);

        if (err == 0)
            err = fill(p, entry, segment);
        if (err < 0)
            return err;
    }
    return 0;
}

// argc, argv[0] ..., NULL, an empty environment, then the strings.
static int
make_stack(struct processes *p, struct process_entry *entry, u32 *stack)
{
    struct process_loader *loader = p->loader;
    u32 strings = PROCESS_STACK_TOP - ((loader->args_bytes + 15) & ~15u);
    u32 start = (strings - (loader->args_count + 3) * 4) & ~15u;
    u32 words[PROCESS_ARGS_MAX + 3];
    u32 n = 0;
    u32 at = 0;
    int err = attach(p, entry, "stack", STACK_START, STACK_BYTES, VU_WRITABLE);

    if (err < 0)
        return err;
    words[n++] = loader->args_count;
    while (n <= loader->args_count) {
        words[n++] = strings + at;
        at += text_length(loader->args + at) + 1;
    }
    words[n++] = 0;
    words[n++] = 0;
    memcpy(loader->chunk, words, n * 4);
    memset(loader->chunk + n * 4, 0, strings - start - n * 4);
    memcpy(loader->chunk + (strings - start), loader->args, loader->args_bytes);
    *stack = start;
    return gate_control(p->gate, entry->vspace, VSPACE_WRITE, start,
                        (word)loader->chunk,
                        strings - start + loader->args_bytes);
}

int
process_load_make(struct processes *p, struct process_entry *entry)
{
    char base[NAME_MAX];
    char name[NAME_MAX];
    u32 stack = 0;

    name_of(entry, base);
    text_format(name, sizeof(name), "space/%s", base);
    int made = gate_create(p->gate, KIND_VSPACE, name, 0, 0, 0, 0);

    if (made < 0)
        return made;
    entry->vspace = (rid)made;
    give(p, entry->vspace, entry->res.id);
    int err = make_segments(p, entry);

    if (err == 0)
        err = make_stack(p, entry, &stack);
    if (err < 0)
        return err;
    text_format(name, sizeof(name), "execution/%s", base);
    made = gate_create(p->gate, KIND_EXECUTION, name, entry->res.id,
                       entry->vspace, p->loader->program.entry, stack);
    if (made < 0)
        return made;
    entry->execution = (rid)made;
    give(p, entry->execution, entry->res.id);
    return 0;
}

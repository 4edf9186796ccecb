// elf.c -- the i386 ELF programs that can be run, read from their headers
//
// Nothing in a file is believed: every number is compared with what it may be
// before it is used, and only then the program is described to the caller.
#include "resources/elf.h"

#include "tender/error.h"
#include "tender/ram.h"
#include "tender/text.h"

#define TYPE_EXECUTABLE 2u
#define MACHINE_386 3u
#define SEGMENT_LOAD 1u
#define SEGMENT_DYNAMIC 2u
#define SEGMENT_INTERPRETER 3u
#define FLAG_EXECUTE 1u
#define FLAG_WRITE 2u
#define FILE_MAX 0x7fffffffu

struct file_header {
    u8 ident[16];
    u16 type;
    u16 machine;
    u32 version;
    u32 entry;
    u32 segments_offset;
    u32 sections_offset;
    u32 flags;
    u16 header_bytes;
    u16 segment_bytes;
    u16 segments;
    u16 section_bytes;
    u16 sections;
    u16 names;
};

struct segment_header {
    u32 type;
    u32 offset;
    u32 va;
    u32 pa;
    u32 file_bytes;
    u32 memory_bytes;
    u32 flags;
    u32 alignment;
};

_Static_assert(sizeof(struct file_header) == 52, "ELF32");
_Static_assert(sizeof(struct segment_header) == 32, "ELF32");

static int
check_file(const struct file_header *file, u32 bytes)
{
    // "\x7fELF", 32 bits, little-endian, version 1
    static const u8 ident[7] = {0x7f, 'E', 'L', 'F', 1, 1, 1};

    if (memcmp(file->ident, ident, sizeof(ident)) != 0)
        return E_FORMAT;
    if (file->type != TYPE_EXECUTABLE || file->machine != MACHINE_386 ||
        file->version != 1)
        return E_FORMAT;
    if (file->header_bytes < sizeof(*file) ||
        file->segment_bytes != sizeof(struct segment_header))
        return E_FORMAT;
    if (file->segments == 0 || file->segments_offset > bytes)
        return E_FORMAT;
    if (file->segments >
        (bytes - file->segments_offset) / sizeof(struct segment_header))
        return E_FORMAT;
    return 0;
}

static int
check_segment(const struct segment_header *header)
{
    if (header->file_bytes > header->memory_bytes)
        return E_FORMAT;
    if (header->file_bytes > FILE_MAX ||
        header->offset > FILE_MAX - header->file_bytes)
        return E_FORMAT;
    if (header->va < USER_BASE || header->va >= ELF_ADDRESS_END ||
        header->memory_bytes > ELF_ADDRESS_END - header->va)
        return E_FORMAT;
    return 0;
}

// Do two segments have a page in common?
static int
overlap(const struct elf_segment *a, const struct elf_segment *b)
{
    u32 a_first = a->va >> PAGE_SHIFT;
    u32 b_first = b->va >> PAGE_SHIFT;
    u32 a_last = (a->va + a->memory_bytes - 1) >> PAGE_SHIFT;
    u32 b_last = (b->va + b->memory_bytes - 1) >> PAGE_SHIFT;

    return a_first <= b_last && b_first <= a_last;
}

static int
add_segment(struct elf_program *program, const struct segment_header *header)
{
    struct elf_segment *segment = &program->segment[program->segments];

    if (header->memory_bytes == 0)
        return header->file_bytes == 0 ? 0 : E_FORMAT;
    if (program->segments == ELF_SEGMENTS_MAX || check_segment(header) < 0)
        return E_FORMAT;
    segment->va = header->va;
    segment->memory_bytes = header->memory_bytes;
    segment->offset = header->offset;
    segment->file_bytes = header->file_bytes;
    segment->writable = (header->flags & FLAG_WRITE) != 0;
    for (u32 i = 0; i < program->segments; i++)
        if (overlap(&program->segment[i], segment))
            return E_FORMAT;
    program->segments++;
    return 0;
}

int
elf_read(const u8 *head, u32 bytes, struct elf_program *program)
{
    struct file_header file;
    int entry_found = 0;

    memset(program, 0, sizeof(*program));
    if (bytes < sizeof(file))
        return E_FORMAT;
    memcpy(&file, head, sizeof(file));
    if (check_file(&file, bytes) < 0)
        return E_FORMAT;
    for (u32 i = 0; i < file.segments; i++) {
        struct segment_header header;

        memcpy(&header, head + file.segments_offset + i * sizeof(header),
               sizeof(header));
        if (header.type == SEGMENT_DYNAMIC ||
            header.type == SEGMENT_INTERPRETER)
            return E_FORMAT; // it would need a loader of its own
        if (header.type != SEGMENT_LOAD)
            continue;
        if (add_segment(program, &header) < 0)
            return E_FORMAT;
        if ((header.flags & FLAG_EXECUTE) != 0 && file.entry >= header.va &&
            file.entry - header.va < header.memory_bytes)
            entry_found = 1;
    }
    program->entry = file.entry;
    return entry_found ? 0 : E_FORMAT;
}

// elf_load.c -- i386 ELF programs as Linux runs them: checked, then mapped
#include "linux/task/elf_load.h"

#include "linux/errno.h"
#include "tender/text.h"

#define ET_EXEC 2u
#define ET_DYN 3u
#define EM_386 3u
#define EM_486 6u
#define PT_LOAD 1u
#define PT_INTERP 3u
#define PT_PHDR 6u
#define PF_X 1u
#define PF_W 2u
#define PF_R 4u
#define INTERPRETER_MAX 256u

struct part {
    u32 type, offset, va, pa, file_bytes, memory_bytes, flags, align;
};

_Static_assert(sizeof(struct part) == IMAGE_PART_BYTES, "ELF");

static struct part
part_at(const u8 *parts, u32 n)
{
    struct part part;

    memcpy(&part, parts + n * IMAGE_PART_BYTES, sizeof(part));
    return part;
}

static u32
half_at(const u8 *at)
{
    return at[0] | (u32)at[1] << 8;
}

static u32
word_at(const u8 *at)
{
    return half_at(at) | half_at(at + 2) << 16;
}

static u64
page_down(u64 at)
{
    return at & ~(u64)(PAGE_SIZE - 1);
}

static u64
page_up(u64 at)
{
    return page_down(at + PAGE_SIZE - 1);
}

int
image_head(struct image *image, const u8 *head, u32 bytes, u64 file_bytes)
{
    static const u8 magic[7] = {0x7f, 'E', 'L', 'F', 1, 1, 1};
    u32 type, machine;

    memset(image, 0, sizeof(*image));
    if (bytes < IMAGE_HEAD_BYTES || memcmp(head, magic, sizeof(magic)) != 0)
        return -ENOEXEC;
    type = half_at(head + 16);
    machine = half_at(head + 18);
    if ((type != ET_EXEC && type != ET_DYN) ||
        (machine != EM_386 && machine != EM_486) || word_at(head + 20) != 1)
        return -ENOEXEC;
    image->entry = word_at(head + 24);
    image->parts_at = word_at(head + 28);
    image->parts = half_at(head + 44);
    image->bias = type == ET_DYN ? IMAGE_BASE : 0;
    if (half_at(head + 42) != IMAGE_PART_BYTES || image->parts == 0 ||
        image->parts > IMAGE_PARTS_MAX ||
        (u64)image->parts_at + image->parts * IMAGE_PART_BYTES > file_bytes)
        return -ENOEXEC;
    return 0;
}

// A segment by itself. Sums are of 64 bits: nothing wraps.
static int
check_segment(const struct image *image, const struct part *part,
              u64 file_bytes)
{
    u64 start = (u64)part->va + image->bias;

    if (part->file_bytes > part->memory_bytes ||
        (u64)part->offset + part->file_bytes > file_bytes)
        return -EFAULT;
    if (part->offset % PAGE_SIZE != part->va % PAGE_SIZE ||
        (part->align & (part->align - 1)) != 0)
        return -EFAULT;
    if (page_down(start) < MEMORY_BASE ||
        start + part->memory_bytes > IMAGE_END)
        return -EFAULT;
    return 0;
}

// Segments come by address. Two may have parts of one page only if it is the
// same page of the file: the later one shows it.
static int
check_order(const struct part *before, const struct part *part)
{
    u64 end = (u64)before->va + before->memory_bytes;

    if (before->memory_bytes == 0)
        return 0;
    if (part->va < end)
        return -EFAULT;
    if (page_down(part->va) >= page_up(end))
        return 0;
    return before->memory_bytes == before->file_bytes &&
                   part->va - part->offset == before->va - before->offset &&
                   part->file_bytes != 0
               ? 0
               : -EFAULT;
}

static void
note_headers(struct image *image, const struct part *part)
{
    if (part->type == PT_LOAD && part->offset <= image->parts_at &&
        (u64)image->parts_at + image->parts * IMAGE_PART_BYTES <=
            (u64)part->offset + part->file_bytes)
        image->parts_va =
            image->bias + part->va + (image->parts_at - part->offset);
}

static int
check_part(struct image *image, const struct part *part, struct part *before,
           u64 file_bytes)
{
    int err;

    if (part->type == PT_INTERP) {
        if (part->file_bytes < 2 || part->file_bytes > INTERPRETER_MAX ||
            (u64)part->offset + part->file_bytes > file_bytes)
            return -ENOEXEC;
        image->interpreter_at = part->offset;
        image->interpreter_bytes = part->file_bytes;
    }
    if (part->type != PT_LOAD || part->memory_bytes == 0)
        return 0;
    err = check_segment(image, part, file_bytes);
    if (err == 0)
        err = check_order(before, part);
    if (err < 0)
        return err;
    note_headers(image, part);
    image->end = (u32)page_up((u64)image->bias + part->va + part->memory_bytes);
    *before = *part;
    return 0;
}

int
image_check(struct image *image, const u8 *parts, u64 file_bytes)
{
    struct part before = {0};

    for (u32 n = 0; n < image->parts; n++) {
        struct part part = part_at(parts, n);
        int err = check_part(image, &part, &before, file_bytes);

        if (err < 0)
            return err;
    }
    image->entry += image->bias;
    return image->end == 0 ? -EFAULT : 0; // nothing to load
}

// --- mapping ---

// What lies behind the file's bytes in their last page is zeroed.
static int
clear_tail(struct memory *m, u32 from, u32 to)
{
    struct buffer tail = {m, from};
    int err = buffer_put_zeros(&tail, to - from);

    return err == -EFAULT ? -EIO : err;
}

static int
map_segment(const struct image *image, const struct part *part,
            struct memory *m, struct inode *inode)
{
    u32 va = image->bias + part->va;
    u32 start = (u32)page_down(va);
    u32 file_end = va + part->file_bytes;
    u32 end = (u32)page_up((u64)va + part->memory_bytes);
    u32 at = start;
    u32 prot = ((part->flags & PF_R) != 0 ? PROT_READ : 0) |
               ((part->flags & PF_W) != 0 ? PROT_WRITE : 0) |
               ((part->flags & PF_X) != 0 ? PROT_EXEC : 0);
    int err = 0;

    if (part->file_bytes != 0) {
        at = (u32)page_up(file_end);
        err = memory_map(m, start, at - start, prot, MAP_PRIVATE | MAP_FIXED,
                         inode, part->offset / PAGE_SIZE);
        if (err >= 0 && part->memory_bytes > part->file_bytes &&
            (part->flags & PF_W) != 0)
            err = clear_tail(m, file_end, at);
        if (err < 0)
            return err;
    }
    if (at < end)
        err = memory_map(m, at, end - at, prot,
                         MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, NULL, 0);
    return err < 0 ? err : 0;
}

int
image_map(const struct image *image, const u8 *parts, struct memory *m,
          struct inode *inode)
{
    for (u32 n = 0; n < image->parts; n++) {
        struct part part = part_at(parts, n);

        if (part.type != PT_LOAD || part.memory_bytes == 0)
            continue;
        int err = map_segment(image, &part, m, inode);

        if (err < 0)
            return err;
    }
    m->brk_start = m->brk = image->end;
    return 0;
}

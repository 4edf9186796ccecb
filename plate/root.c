// root.c -- the NV root: where a boot finds out what the memory holds
#include "plate/root.h"

#include "tender/crc.h"
#include "tender/machine.h"
#include "tender/ram.h"
#include "tender/text.h"

struct nv_root *
root_at(void)
{
    return ram_at(NV_ROOT_PA);
}

static u32
parity(u32 value)
{
    value ^= value >> 16;
    value ^= value >> 8;
    value ^= value >> 4;
    return 0x6996u >> (value & 15) & 1;
}

u32
root_word(u32 generation)
{
    ASSERT(generation <= GENERATION_MAX);
    return generation | parity(generation) << 31;
}

u32
root_generation(u32 stored)
{
    return parity(stored) == 0 ? stored & GENERATION_MAX : -1u;
}

void
root_set(u32 *word_of_root, u32 value)
{
    *(volatile u32 *)word_of_root = value;
    machine_flush(word_of_root, sizeof(u32));
    machine_fence();
}

void
root_forget(struct nv_root *root)
{
    root_set(&root->magic, 0);
}

// The magic is stored last: a cut before it leaves no root, and the next boot
// starts cold again; a cut after it leaves a root without a save.
void
root_create(struct nv_root *root, const struct layout *layout,
            const struct limits *limits, u32 build)
{
    struct nv_root made = {.magic = NV_ROOT_MAGIC,
                           .format = NV_FORMAT,
                           .memory_pages = layout->memory_pages,
                           .build = build,
                           .limits = *limits,
                           .flag = FLAG_ABNORMAL,
                           .boots = 1};

    ASSERT(root->magic == 0);
    made.crc = crc_add(0, &made, offsetof(struct nv_root, crc));
    memcpy(&root->format, &made.format,
           sizeof(made) - offsetof(struct nv_root, format));
    machine_flush(root, sizeof(*root));
    machine_fence();
    root_set(&root->magic, NV_ROOT_MAGIC);
}

int
root_check(const struct nv_root *root, u32 memory_pages, u32 build, char *wrong,
           u32 size)
{
    if (root->crc != crc_add(0, root, offsetof(struct nv_root, crc)))
        text_format(wrong, size,
                    "the root at 4 MiB is damaged (its checksum does not fit)");
    else if (root->magic != NV_ROOT_MAGIC)
        text_format(wrong, size, "the root at 4 MiB has a wrong magic");
    else if (root->format != NV_FORMAT)
        text_format(wrong, size,
                    "NV memory is of format version %u and this kernel knows "
                    "version %u",
                    root->format, NV_FORMAT);
    else if (root->memory_pages != memory_pages)
        text_format(wrong, size,
                    "the state is of a machine with %u MiB and this one has "
                    "%u MiB",
                    root->memory_pages / 256, memory_pages / 256);
    else if (root->build != build)
        text_format(wrong, size,
                    "the state belongs to kernel build %08x and this is build "
                    "%08x; boot that kernel to go on with it",
                    root->build, build);
    else
        return 0;
    return E_ARGUMENT;
}

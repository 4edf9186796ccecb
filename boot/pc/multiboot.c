// multiboot.c -- what GRUB says about the machine
#include "boot/pc/pc.h"

#define INFO_MEMORY 0x01u
#define INFO_COMMAND_LINE 0x04u
#define INFO_MAP 0x40u
#define INFO_LOADER 0x200u

#define MIB 0x100000u
#define RAM_MAX 0x40000000u // what the straight window shows

#define MAP_RAM 1u

struct info {
    u32 flags;
    u32 mem_lower, mem_upper; // KiB; upper from 1 MiB on
    u32 boot_device;
    u32 command_line;
    u32 modules, modules_start;
    u32 symbols[4];
    u32 map_bytes, map_start;
    u32 drives_bytes, drives_start;
    u32 configuration;
    u32 loader_name;
};

struct range {
    u32 size; // of the rest
    u32 base, base_high;
    u32 bytes, bytes_high;
    u32 type;
};

// Where a range of RAM ends, at most RAM_MAX; 0 if it is of no use.
static u32
range_top(const struct range *range)
{
    if (range->type != MAP_RAM || range->base_high != 0 ||
        range->base >= RAM_MAX)
        return 0;
    if (range->bytes_high != 0 || range->bytes > RAM_MAX - range->base)
        return RAM_MAX;
    return range->base + range->bytes;
}

// Firmware keeps the last 128 KiB to itself: hence rounded up.
u32
multiboot_memory_pages(u32 info_pa)
{
    const struct info *info = ram_at(info_pa);
    u32 top = 0;
    u32 at;

    if (info->flags & INFO_MEMORY)
        top = MIN(info->mem_upper, (RAM_MAX - MIB) >> 10) * 1024 + MIB;
    if (info->flags & INFO_MAP) {
        for (at = 0; at < info->map_bytes;) {
            const struct range *range = ram_at(info->map_start + at);

            top = MAX(top, range_top(range));
            at += range->size + 4;
        }
    }
    return (top + MIB - 1) / MIB * (MIB / PAGE_SIZE);
}

// Does the command line begin with the kernel's path?  GRUB 2 leaves it out,
// QEMU's -kernel ("qemu") puts it there.
static int
has_path(const struct info *info, const char *line)
{
    const char *name;

    if (line[0] == '/' || line[0] == '(')
        return 1;
    if ((info->flags & INFO_LOADER) == 0 || info->loader_name == 0)
        return 0;
    name = ram_at(info->loader_name);
    return name[0] == 'q' && name[1] == 'e' && name[2] == 'm';
}

const char *
multiboot_command_line(u32 info_pa)
{
    const struct info *info = ram_at(info_pa);
    const char *line;

    if ((info->flags & INFO_COMMAND_LINE) == 0 || info->command_line == 0)
        return "";
    line = ram_at(info->command_line);
    if (has_path(info, line))
        while (*line != 0 && *line != ' ')
            line++;
    while (*line == ' ')
        line++;
    return line;
}

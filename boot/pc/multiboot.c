// multiboot.c -- what GRUB says about the machine
#include "boot/pc/pc.h"

#define INFO_MEMORY 0x01u
#define INFO_COMMAND_LINE 0x04u
#define INFO_MAP 0x40u

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
};

struct range {
    u32 size; // of the rest
    u32 base, base_high;
    u32 bytes, bytes_high;
    u32 type;
};

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
            u32 room = range->base < RAM_MAX ? RAM_MAX - range->base : 0;

            if (range->type == MAP_RAM && range->base_high == 0 && room != 0 &&
                (range->bytes_high != 0 || range->bytes > room))
                top = RAM_MAX;
            else if (range->type == MAP_RAM && range->base_high == 0 && room != 0)
                top = MAX(top, range->base + range->bytes);
            at += range->size + 4;
        }
    }
    return (top + MIB - 1) / MIB * (MIB / PAGE_SIZE);
}

const char *
multiboot_command_line(u32 info_pa)
{
    const struct info *info = ram_at(info_pa);
    const char *line;

    if ((info->flags & INFO_COMMAND_LINE) == 0 || info->command_line == 0)
        return "";
    line = ram_at(info->command_line);
    while (*line != 0 && *line != ' ')
        line++;
    while (*line == ' ')
        line++;
    return line;
}

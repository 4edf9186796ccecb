// log.c -- what the kernel said since this boot (dmesg)
//
// A ring in scratch memory: no part of what is saved.
#include "boot/pc/parts.h"
#include "tender/text.h"

#define SECOND_US 1000000u
#define STAMP 32u

static SCRATCH char ring[MACHINE_LOG];
static SCRATCH u32 written;   // characters, ever
static SCRATCH u32 in_a_line; // its stamp has been written

static void
add(const char *text, u32 length)
{
    for (u32 i = 0; i < length; i++)
        ring[written++ % MACHINE_LOG] = text[i];
}

static void
add_stamp(void)
{
    u64 us = boot_us();
    char stamp[STAMP];

    u32 length = text_format(stamp, sizeof(stamp), "<6>[%5u.%06u] ",
                             (u32)(us / SECOND_US), (u32)(us % SECOND_US));

    add(stamp, length);
}

void
machine_log(const char *text, u32 length)
{
    for (u32 i = 0; i < length; i++) {
        if (!in_a_line && text[i] == '\n')
            continue; // an empty line
        if (!in_a_line)
            add_stamp();
        add(&text[i], 1);
        in_a_line = text[i] != '\n';
    }
}

u32
machine_logged(void)
{
    return written;
}

u32
machine_log_read(u32 from, char *to, u32 bytes)
{
    u32 n = 0;

    while (n < bytes && from + n < written) {
        to[n] = ring[(from + n) % MACHINE_LOG];
        n++;
    }
    return n;
}

// boot.c -- begin again with other memory: what firmware and GRUB would do
#include "tests/cut/engine.h"

#include <string.h>
#include <stdio.h>

#include "tests/vm/clock.h"
#include "tests/vm/vm_inside.h"

#define BLOCK_PA 0x7000u // rom.asm
#define INFO_PA 0x7100u
#define LINE_PA 0x7200u
#define FIRST_PA 0x400000u

#define INFO_MEMORY 0x01u
#define INFO_COMMAND_LINE 0x04u

void
engine_load(struct engine *e, u8 *memory)
{
    u32 *block = (u32 *)(memory + BLOCK_PA);
    u32 *info = (u32 *)(memory + INFO_PA);

    memset(memory, 0, FIRST_PA);
    elf_load(e->elf, memory, FIRST_PA);
    block[0] = elf_entry(e->elf);
    block[1] = INFO_PA;
    info[0] = INFO_MEMORY | INFO_COMMAND_LINE;
    info[1] = 640;
    info[2] = e->bytes / 1024 - 1024;
    info[4] = LINE_PA;
    snprintf((char *)memory + LINE_PA, 1000, "%s",
             e->options.append == NULL ? "" : e->options.append);
}

static void
forget_console(struct engine *e)
{
    struct transcript *t = &e->vm->text;

    vm_pump(e->vm, 0);
    t->length = 0;
    t->text[0] = 0;
    t->arrivals = 0;
    e->vm->mark = e->vm->boot_start = 0;
    if (ftell(t->file) > 1 << 20)
        t->file = freopen(e->vm->log, "w", t->file);
    transcript_boot(t, now());
}

const char *
engine_said(struct engine *e)
{
    size_t length;

    do {
        length = e->vm->text.length;
        vm_pump(e->vm, 0);
    } while (e->vm->text.length != length);
    return e->vm->text.text;
}

static void
begin(struct engine *e, u32 flags)
{
    forget_console(e);
    for (int i = 0; i < AT_DECIDE; i++)
        e->ctl->stop[i].flags = flags;
    e->resets++;
}

// Only a second power-on is a surprise.
void
engine_reset(struct engine *e)
{
    begin(e, 0);
    engine_stop_at(e, AT_POWER, STOP_HOLD, 0, 1);
    engine_command(e, CTL_RESET);
}

void
engine_reset_traced(struct engine *e)
{
    begin(e, STOP_END);
    engine_stop_at(e, AT_POWER, STOP_HOLD, STOP_TRACE, 0);
    engine_command(e, CTL_RESET);
    if (engine_wait(e, 10) != AT_POWER)
        return; // engine_wait() will say the same again
    engine_stop_at(e, AT_POWER, STOP_HOLD, STOP_END, 0);
    engine_go(e);
}

void
engine_power(struct engine *e, bool empty)
{
    if (empty)
        memset(e->ram, 0, e->bytes);
    engine_load(e, e->ram);
    memset(e->ctl->changed, 255, e->bytes / PAGE_SIZE / 8);
    engine_reset(e);
}

// find.c -- find in a running QEMU what the plugin interface does not give
#define _GNU_SOURCE
#include "tests/cut/inside.h"

#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NEAR 8            // words between the three in x86_tcg_ops
#define STATE_BYTES 20000 // of QEMU's processor, to look through

struct inside in;

void
give_up(const char *sentence)
{
    if (in.ctl != NULL)
        snprintf(in.ctl->fault, sizeof(in.ctl->fault), "%s", sentence);
    fprintf(stderr, "cut plugin: %s\n", sentence);
    _exit(77);
}

#define NEEDS(name)                                                            \
    {                                                                          \
#name, (const void *)&name                                             \
    }

const char *
find_lacks(void)
{
    static char sentence[200];
    const struct {
        const char *name;
        const void *at;
    } needs[] = {
        NEEDS(x86_cpu_tlb_fill),
        NEEDS(x86_cpu_do_interrupt),
        NEEDS(x86_cpu_exec_interrupt),
        NEEDS(serial_io_ops),
        NEEDS(cpu_dump_state),
        NEEDS(cpu_get_phys_page_debug),
        NEEDS(cpu_loop_exit_noexc),
        NEEDS(qemu_system_reset_request),
        NEEDS(tb_invalidate_phys_page),
        NEEDS(qemu_mutex_lock_iothread_impl),
        NEEDS(qemu_mutex_unlock_iothread),
        NEEDS(ide_status_read),
        NEEDS(bdrv_drain_all),
        NEEDS(qemu_get_aio_context),
        NEEDS(aio_poll),
        NEEDS(aio_bh_schedule_oneshot_full),
        NEEDS(memory_global_dirty_log_start),
        NEEDS(memory_region_from_host),
        NEEDS(cpu_physical_memory_snapshot_and_clear_dirty),
        NEEDS(qemu_ram_foreach_block),
        NEEDS(qemu_ram_get_host_addr),
        NEEDS(qemu_ram_get_used_length),
        NEEDS(qemu_ram_get_offset),
    };

    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
        if (needs[i].at == NULL) {
            snprintf(sentence, sizeof(sentence), "this QEMU does not export %s",
                     needs[i].name);
            return sentence;
        }
    return NULL;
}

// --- the tables of functions ---

struct search {
    void **fill, **interrupt, **exec; // where they were found
    void **drive;
    unsigned found, drives;
};

static void
look_near(struct search *s, void **at, void **from, void **to)
{
    for (void **p = at - NEAR; p <= at + NEAR; p++) {
        if (p < from || p >= to)
            continue;
        if (*p == (void *)x86_cpu_do_interrupt)
            s->interrupt = p;
        if (*p == (void *)x86_cpu_exec_interrupt)
            s->exec = p;
    }
}

static int
search_program(struct dl_phdr_info *info, size_t size, void *data)
{
    struct search *s = data;

    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
        void **from = (void **)(info->dlpi_addr + ph->p_vaddr);
        void **to = from + ph->p_memsz / sizeof(void *);

        if (ph->p_type != PT_LOAD || !(ph->p_flags & PF_W))
            continue;
        for (void **p = from; p < to; p++) {
            if (*p == (void *)ide_status_read) {
                s->drives++;
                s->drive = p;
            }
            if (*p != (void *)x86_cpu_tlb_fill)
                continue;
            s->found++;
            s->fill = p;
            look_near(s, p, from, to);
        }
    }
    return 1; // the first one is the program itself
}

static void
replace(void **at, void *by)
{
    uintptr_t page = (uintptr_t)at & ~4095ul;

    if (mprotect((void *)page, 8192, PROT_READ | PROT_WRITE) < 0)
        give_up("a table of QEMU's cannot be made writable");
    *at = by;
}

const char *
find_hooks(void)
{
    struct search s = {0};

    dl_iterate_phdr(search_program, &s);
    if (s.found != 1 || s.interrupt == NULL || s.exec == NULL)
        return "this QEMU has no table of processor functions that we know";
    if (s.drives != 1)
        return "this QEMU has no table of a drive's ports that we know";
    replace(s.drive, (void *)hook_ide_status_read);
    replace(s.fill, (void *)hook_tlb_fill);
    replace(s.interrupt, (void *)hook_do_interrupt);
    replace(s.exec, (void *)hook_exec_interrupt);
    serial_write = serial_io_ops.write;
    replace((void **)&serial_io_ops.write, (void *)hook_serial_write);
    return NULL;
}

// --- memory ---

static int
take_block(void *block, void *data)
{
    (void)data;
    if (qemu_ram_get_used_length(block) == in.ctl->memory_bytes &&
        in.ram == NULL) {
        in.ram = qemu_ram_get_host_addr(block);
        in.ram_at = qemu_ram_get_offset(block);
    }
    return 0;
}

// --- registers ---

static uint32_t
value_of(const char *dump, const char *name)
{
    const char *at = strstr(dump, name);

    if (at == NULL)
        give_up("this QEMU's dump of registers is of a kind we do not know");
    return (uint32_t)strtoul(at + strlen(name), NULL, 16);
}

// Where in the processor's state these words are, one after the other; a word
// that is not known matches any.
static const uint32_t *
find_words(const uint32_t *words, unsigned count, unsigned unknown)
{
    const uint32_t *state = current_cpu;

    for (unsigned at = 0; at + count < STATE_BYTES / 4; at++) {
        unsigned same = 0;

        while (same < count &&
               (same == unknown || state[at + same] == words[same]))
            same++;
        if (same == count)
            return state + at;
    }
    give_up("the registers are not where this plugin looks for them");
}

static void
find_registers(void)
{
    static const char *const names[] = {
        "EAX=", "ECX=", "EDX=", "EBX=", "ESP=", "EBP=", "ESI=", "EDI=", "EIP="};
    uint32_t regs[9], cr[5] = {0}, cs[4];
    char *dump = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&dump, &size);

    cpu_dump_state(current_cpu, file, 0);
    fclose(file);
    for (unsigned i = 0; i < 9; i++)
        regs[i] = value_of(dump, names[i]);
    cr[0] = value_of(dump, "CR0=");
    cr[2] = value_of(dump, "CR2=");
    cr[3] = value_of(dump, "CR3=");
    cr[4] = value_of(dump, "CR4=");
    if (sscanf(strstr(dump, "CS ="), "CS =%x %x %x %x", &cs[0], &cs[1], &cs[2],
               &cs[3]) != 4)
        give_up("this QEMU's dump of segments is of a kind we do not know");
    in.regs = find_words(regs, 9, 9);
    in.cr = find_words(cr, 5, 1);
    in.cs = find_words(cs, 4, 4);
    free(dump);
}

void
find_machine(void)
{
    uint64_t offset;

    qemu_ram_foreach_block(take_block, NULL);
    if (in.ram == NULL)
        give_up("the machine's memory was not found");
    in.region = memory_region_from_host(in.ram, &offset);
    find_registers();
}

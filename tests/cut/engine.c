// engine.c -- a machine under control: start it, hold it, let it go
#define _GNU_SOURCE
#include "tests/cut/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tender/layout.h"
#include "tests/vm/clock.h"
#include "tests/vm/vm_inside.h"

#define PLUGIN "build/cut/plugin.so"
#define MEGABYTE 1048576u
#define START_S 30.0
#define FOR_EVER_S 1e9
#define SLICE_S 0.02 // between looks at the console
#define POWER_VA 0xfffffff0u

static const struct {
    const char *symbol;
    enum stop_action action;
    u32 skip, flags;
} usual[AT_OWN] = {
    [AT_POWER] = {NULL, STOP_HOLD, 1, 0},
    [AT_RESUME] = {"machine_resume", STOP_HOLD, 0, 0},
    [AT_PANIC] = {"panic", STOP_HOLD, 0, 0},
    [AT_CPU_PANIC] = {"cpu_panic", STOP_HOLD, 0, 0},
    [AT_OFF] = {"machine_stop", STOP_HOLD, 0, 0},
    [AT_COLD] = {"wiring_run", STOP_HOLD, 0, 0},
    [AT_TRAP] = {"trap", STOP_SOFT, 0, 0},
    [AT_DECIDE] = {"decide", STOP_HOLD, 0, STOP_MARK | STOP_RETURN},
};

static _Noreturn void
fail(const char *what)
{
    fprintf(stderr, "engine: %s: %s\n", what, strerror(errno));
    exit(2);
}

// A file that nobody need remove.
static void *
map_new(const char *name, size_t bytes, int *fd)
{
    void *at;

    *fd = memfd_create(name, MFD_CLOEXEC);
    if (*fd < 0 || ftruncate(*fd, (off_t)bytes) < 0)
        fail(name);
    at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
    if (at == MAP_FAILED)
        fail(name);
    return at;
}

static size_t
ctl_bytes(const struct engine *e)
{
    return CTL_HEADER_BYTES + e->options.events_max * sizeof(struct cut_event);
}

static void
usual_stops(struct engine *e)
{
    for (int i = 0; i < AT_OWN; i++)
        engine_stop_at(e, i, usual[i].action, usual[i].flags, usual[i].skip);
}

static void
name_stops(struct engine *e)
{
    for (int i = 0; i < AT_OWN; i++) {
        if (usual[i].symbol == NULL)
            engine_watch_at(e, POWER_VA);
        else if (e->elf != NULL)
            engine_watch(e, usual[i].symbol);
        else
            engine_watch_at(e, 0);
    }
    usual_stops(e);
}

static void
make_vm(struct engine *e)
{
    static const char *args[16];
    int n = 0;

    args[n++] = "--plugin";
    args[n++] = e->plugin;
    if (!e->options.real_time) {
        args[n++] = "--icount-shift";
        args[n++] = e->shift;
    }
    if (!e->options.grub) {
        args[n++] = "--bios";
        args[n++] = e->options.rom;
    }
    if (e->options.gdb)
        args[n++] = "--gdb";
    for (const char *const *p = e->options.more; p != NULL && *p != NULL; p++)
        args[n++] = *p;
    args[n] = NULL;
    const char **own = malloc(sizeof(args));

    memcpy(own, args, sizeof(args));
    e->vm = vm_new(&(struct vm_options){
        .name = e->options.name,
        .nv = e->nv,
        .append = e->options.grub ? e->options.append : NULL,
        .mem_mib = e->options.mem_mib,
        .more = own});
}

struct engine *
engine_new(const struct engine_options *options)
{
    struct engine *e = calloc(1, sizeof(*e));
    int pid = getpid();

    e->options = *options;
    if (e->options.mem_mib == 0)
        e->options.mem_mib = 64;
    if (access(PLUGIN, R_OK) < 0)
        fail(PLUGIN);
    if (e->options.rom == NULL)
        e->options.rom = "build/cut/rom.bin";
    if (e->options.events_max == 0)
        e->options.events_max = options->tracing ? 16u << 20 : 0;
    e->bytes = e->options.mem_mib * MEGABYTE;
    e->ram = map_new("tender-nv", e->bytes, &e->nv_fd);
    e->ctl = map_new("tender-ctl", ctl_bytes(e), &e->ctl_fd);
    snprintf(e->nv, sizeof(e->nv), "/proc/%d/fd/%d", pid, e->nv_fd);
    snprintf(e->plugin, sizeof(e->plugin), PLUGIN ",ctl=/proc/%d/fd/%d", pid,
             e->ctl_fd);
    snprintf(e->shift, sizeof(e->shift), "%u",
             options->shift != 0 || options->grub ? options->shift : 7);
    e->ctl->magic = CTL_MAGIC;
    e->ctl->instrumented = options->tracing;
    e->ctl->memory_bytes = e->bytes;
    e->ctl->events_max = e->options.events_max;
    e->ctl->trace_from = NV_ROOT_PA;
    e->ctl->trace_to = e->bytes - LAYOUT_TOP_PAGES * PAGE_SIZE;
    if (options->elf == NULL || options->elf[0] != 0)
        e->elf =
            elf_open(options->elf == NULL ? "build/tender.elf" : options->elf);
    name_stops(e);
    make_vm(e);
    return e;
}

void
engine_free(struct engine *e)
{
    const char *const *own = e->vm->options.more;

    vm_free(e->vm);
    free((void *)own);
    munmap(e->ram, e->bytes);
    munmap(e->ctl, ctl_bytes(e));
    close(e->nv_fd);
    close(e->ctl_fd);
    if (e->elf != NULL)
        elf_close(e->elf);
    free(e);
}

int
engine_watch_at(struct engine *e, u32 va)
{
    struct ctl *ctl = e->ctl;

    if (ctl->stops == CTL_STOPS) {
        fprintf(stderr, "engine: more than %d stops\n", CTL_STOPS);
        exit(2);
    }
    ctl->stop[ctl->stops].va = va;
    return (int)ctl->stops++;
}

int
engine_watch(struct engine *e, const char *symbol)
{
    u32 va = elf_symbol(e->elf, symbol);

    if (va == 0) {
        fprintf(stderr, "engine: the kernel has no symbol %s\n", symbol);
        exit(2);
    }
    return engine_watch_at(e, va);
}

void
engine_stop_at(struct engine *e, int stop, enum stop_action action, u32 flags,
               u32 skip)
{
    e->ctl->stop[stop].action = action;
    e->ctl->stop[stop].flags = flags;
    e->ctl->stop[stop].skip = skip;
}

// --- hold and go ---

static long
futex(u32 *word, int op, u32 value, double seconds)
{
    struct timespec wait = clock_timespec(seconds);

    return syscall(SYS_futex, word, op, value, &wait, NULL, 0);
}

void
engine_command(struct engine *e, enum ctl_command what)
{
    e->is_held = false;
    e->ctl->command = what;
    __atomic_add_fetch(&e->ctl->go_count, 1, __ATOMIC_SEQ_CST);
    futex(&e->ctl->go_count, FUTEX_WAKE, 1, 0);
}

void
engine_go(struct engine *e)
{
    if (e->is_held)
        engine_command(e, CTL_GO);
}

static bool
is_held(struct engine *e)
{
    return __atomic_load_n(&e->ctl->held_count, __ATOMIC_SEQ_CST) != e->held;
}

int
engine_wait(struct engine *e, double seconds)
{
    double until = now() + seconds;

    while (!is_held(e)) {
        futex(&e->ctl->held_count, FUTEX_WAIT, e->held, SLICE_S);
        if (is_held(e))
            break;
        if (!vm_pump(e->vm, 0))
            return AT_END;
        if (now() > until)
            return AT_TIMEOUT;
    }
    e->held = e->ctl->held_count;
    e->is_held = true;
    return e->ctl->held_at == CTL_RETURNED ? AT_RETURN : (int)e->ctl->held_at;
}

int
engine_hold(struct engine *e, double seconds)
{
    int at;

    e->ctl->hold_wanted = 1;
    at = engine_wait(e, seconds);
    e->ctl->hold_wanted = 0;
    return at;
}

bool
engine_on(struct engine *e)
{
    e->held = e->ctl->held_count;
    e->ctl->fault[0] = 0;
    e->ctl->tracing = 0;
    e->ctl->returns_to = 0;
    usual_stops(e);
    engine_stop_at(e, AT_POWER, STOP_HOLD, 0, 0);
    vm_on(e->vm);
    if (engine_wait(e, e->options.gdb ? FOR_EVER_S : START_S) == AT_POWER)
        return true;
    vm_cut(e->vm);
    const char *said = vm_text(e->vm) + vm_boot_start(e->vm);

    if (e->ctl->fault[0] == 0 && strstr(said, "plugin") == NULL)
        vm_fail(e->vm, "QEMU did not start.");
    if (e->ctl->fault[0] == 0)
        snprintf(e->ctl->fault, sizeof(e->ctl->fault),
                 "this QEMU takes no such plugin: %.*s",
                 (int)strcspn(said, "\n"), said);
    return false;
}

const char *
engine_fault(const struct engine *e)
{
    return e->ctl->fault;
}

void
engine_off(struct engine *e)
{
    vm_cut(e->vm);
    e->is_held = false;
}

const char *
engine_where(const struct engine *e, int at)
{
    u32 offset;

    switch (at) {
    case AT_RETURN:
        return "the return of a function";
    case AT_TIMEOUT:
        return "nowhere in time";
    case AT_END:
        return "the end of QEMU";
    case AT_POWER:
        return "another reset";
    default:
        return e->elf == NULL ? "a stop"
                              : elf_name(e->elf, e->ctl->stop[at].va, &offset);
    }
}

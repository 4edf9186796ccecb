// fake.c -- the machine of the host tests: opening, failing, the doors
#define _GNU_SOURCE
#include "fake.h"

#include <check.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "bytes.h"
#include "mmu.h"
#include "trace.h"

// Nothing here may call memcpy() or memset(): they are traced.
#pragma GCC optimize("no-tree-loop-distribute-patterns")

#define NESTING 8
#define KERNEL_WINDOW 0x40000000u
#define JUNK 0xdb

struct fake fake;

static struct {
    int fd;
    u32 *memory; // physical memory once more, where the kernel does not look
    sigjmp_buf catch[NESTING];
    int catching;
} host = {.fd = -1};

// --- opening and closing ---

// An access the compiler did not announce (a test's own code), or a wild one.
static void
on_fault(int signal, siginfo_t *info, void *context)
{
    ucontext_t *cpu = context;
    int store = (cpu->uc_mcontext.gregs[REG_ERR] & 2) != 0;

    (void)signal;
    if (fake.pages != 0 && mmu_fault((word)info->si_addr, store))
        return;
    fake_fail("page fault in the kernel: %s %p, which is in no window of it "
              "(pc %p)",
              store ? "store to" : "load from", info->si_addr,
              (void *)cpu->uc_mcontext.gregs[REG_RIP]);
}

static void
catch_faults(void)
{
    struct sigaction action = {.sa_sigaction = on_fault,
                               .sa_flags = SA_SIGINFO | SA_NODEFER};

    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
}

static void *
map_memory(void *at, size_t bytes, int flags)
{
    void *start =
        mmap(at, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | flags, host.fd, 0);

    if (start == MAP_FAILED)
        fake_fail("the host has no room for %zu bytes of memory", bytes);
    return start;
}

// So that nothing of the host ends up there.
static void
reserve_kernel_window(void)
{
    if (mmap(kernel_at(KERNEL_BASE), KERNEL_WINDOW, PROT_NONE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE,
             -1, 0) == MAP_FAILED)
        fake_fail("the host uses the addresses of the kernel's spaces");
}

static void
forget_all_but_memory(void)
{
    u32 pages = fake.pages;
    u32 end_frame = fake.end_frame;
    u64 now_us = fake.now_us;

    bytes_fill(&fake, 0, sizeof(fake));
    fake.pages = pages;
    fake.end_frame = end_frame;
    fake.now_us = now_us;
}

void
fake_open(u32 pages)
{
    size_t bytes = (size_t)pages * PAGE_SIZE;

    fake_close();
    catch_faults();
    host.fd = memfd_create("nv", MFD_CLOEXEC);
    if (host.fd < 0 || ftruncate(host.fd, (off_t)bytes) < 0)
        fake_fail("the host has no room for %u pages of memory", pages);
    host.memory = map_memory(NULL, bytes, 0);
    map_memory(ram_at(0), bytes, MAP_FIXED_NOREPLACE);
    reserve_kernel_window();
    fake.pages = pages;
    fake.now_us = 0;
    fake.slow_us = 0;
    bytes_fill((u8 *)host.memory + NV_ROOT_PA + PAGE_SIZE, JUNK,
               bytes - NV_ROOT_PA - PAGE_SIZE);
    trace_open(host.memory, pages);
    mmu_open(host.fd);
    fake_limit(pages);
    forget_all_but_memory();
}

void
fake_close(void)
{
    size_t bytes = (size_t)fake.pages * PAGE_SIZE;

    if (fake.pages == 0)
        return;
    trace_close();
    mmu_close();
    munmap(host.memory, bytes);
    munmap(ram_at(0), bytes);
    munmap(kernel_at(KERNEL_BASE), KERNEL_WINDOW);
    close(host.fd);
    fake.pages = 0;
}

void
fake_limit(u32 end_frame)
{
    fake.end_frame = end_frame;
    mprotect(ram_at(0), (size_t)fake.pages * PAGE_SIZE, PROT_NONE);
    mprotect(ram_at(NV_ROOT_PA), (size_t)end_frame * PAGE_SIZE - NV_ROOT_PA,
             PROT_READ | PROT_WRITE);
}

void
fake_power_cut(void)
{
    trace_settle();
    mmu_drop_all();
    forget_all_but_memory();
}

void
fake_disown(void)
{
    size_t bytes = (size_t)fake.pages * PAGE_SIZE;
    u32 *shared = host.memory;

    mmu_drop_all();
    host.fd = memfd_create("nv", MFD_CLOEXEC);
    if (host.fd < 0 || ftruncate(host.fd, (off_t)bytes) < 0)
        fake_fail("the host has no room for a second memory");
    host.memory = map_memory(NULL, bytes, 0);
    bytes_copy(host.memory + NV_ROOT_PA / 4, shared + NV_ROOT_PA / 4,
               (size_t)fake.end_frame * PAGE_SIZE - NV_ROOT_PA);
    munmap(shared, bytes);
    map_memory(ram_at(0), bytes, MAP_FIXED);
    fake_limit(fake.end_frame);
    trace.memory = host.memory;
    mmu_open(host.fd);
}

void *
fake_snapshot(void)
{
    size_t bytes = (size_t)fake.pages * PAGE_SIZE;
    void *copy = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    trace_settle();
    if (copy == MAP_FAILED)
        fake_fail("the host has no room for a snapshot");
    bytes_copy((u8 *)copy + NV_ROOT_PA, (u8 *)host.memory + NV_ROOT_PA,
               bytes - NV_ROOT_PA);
    return copy;
}

void
fake_restore(const void *snapshot)
{
    fake_power_cut();
    bytes_copy((u8 *)host.memory + NV_ROOT_PA,
               (const u8 *)snapshot + NV_ROOT_PA,
               (size_t)fake.pages * PAGE_SIZE - NV_ROOT_PA);
}

void
fake_snapshot_free(void *snapshot)
{
    munmap(snapshot, (size_t)fake.pages * PAGE_SIZE);
}

static void
check_pa(u32 pa)
{
    if (pa < NV_ROOT_PA || pa / PAGE_SIZE >= fake.end_frame || pa % 4 != 0)
        fake_fail("a test uses 0x%08x, which is no word of memory", pa);
}

u32
fake_get(u32 pa)
{
    trace_settle();
    check_pa(pa);
    trace_load(pa, 4);
    return host.memory[pa / 4];
}

void
fake_put(u32 pa, u32 value)
{
    trace_settle();
    check_pa(pa);
    trace_put(pa, value, 0);
}

// --- running and ending ---

enum fake_end
fake_run(void (*body)(void *arg), void *arg)
{
    int level = host.catching;
    int end;

    if (level == NESTING)
        fake_fail("fake_run() is nested more than %d deep", NESTING);
    end = sigsetjmp(host.catch[level], 0);
    if (end == 0) {
        host.catching = level + 1;
        body(arg);
    }
    host.catching = level;
    trace_settle();
    return (enum fake_end)end;
}

void
fake_leave(enum fake_end end)
{
    if (host.catching == 0)
        ck_abort_msg("%s", end == FAKE_RESUMED ? "machine_resume() unexpectedly"
                           : end == FAKE_STOPPED ? "machine_stop() unexpectedly"
                                                 : fake.sentence);
    siglongjmp(host.catch[host.catching - 1], (int)end);
}

// The sentence before may be part of the new one.
void
fake_fail(const char *format, ...)
{
    char sentence[sizeof(fake.sentence)];
    va_list list;

    va_start(list, format);
    vsnprintf(sentence, sizeof(sentence), format, list);
    va_end(list);
    bytes_copy(fake.sentence, sentence, sizeof(sentence));
    fake_leave(FAKE_FAILED);
}

void
panic(const char *file, int line, const char *sentence)
{
    fake_fail("%s:%d: %s", file, line, sentence);
}

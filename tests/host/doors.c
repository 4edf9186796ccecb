// doors.c -- the fake's side of tender/machine.h
#include <stdio.h>

#include "bytes.h"
#include "fake.h"
#include "mmu.h"
#include "trace.h"

// Nothing here may call memcpy() or memset(): they are traced.
#pragma GCC optimize("no-tree-loop-distribute-patterns")

#define TEXT_SIZE 65536u
#define CAPTURED 0x44544143u // what a captured CPU state carries
#define CALLER ((u32)(word)__builtin_return_address(0) - program_start())

extern char __executable_start;

static u32
program_start(void)
{
    return (u32)(word)&__executable_start;
}

static int
is_kernel_address(word address)
{
    return address >= RAM_BASE && address <= UINT32_MAX;
}

// --- memory ---

static u32
page_pa(const void *page, int store, u32 pc)
{
    if (!is_kernel_address((word)page) || (word)page % PAGE_SIZE != 0)
        fake_fail("%p is not a page of the kernel", page);
    return store ? mmu_store((u32)(word)page, pc) : mmu_load((u32)(word)page);
}

void
machine_copy_page(void *to, const void *from)
{
    u32 pc = CALLER;
    u32 from_pa;
    u32 to_pa;

    trace_settle();
    from_pa = page_pa(from, 0, pc);
    to_pa = page_pa(to, 1, pc);
    trace_load(from_pa, PAGE_SIZE);
    bytes_copy((u8 *)trace.memory + to_pa, (u8 *)trace.memory + from_pa,
               PAGE_SIZE);
    trace_page_stored(to_pa, pc);
}

void
machine_zero_page(void *page)
{
    u32 pc = CALLER;
    u32 pa;

    trace_settle();
    pa = page_pa(page, 1, pc);
    bytes_fill((u8 *)trace.memory + pa, 0, PAGE_SIZE);
    trace_page_stored(pa, pc);
}

void
machine_flush(const void *start, u32 bytes)
{
    word next = (word)start & ~(word)(LINE_SIZE - 1);
    word end = (word)start + bytes;
    u32 pc = CALLER;

    if (bytes == 0)
        return;
    if (!is_kernel_address((word)start) || !is_kernel_address(end - 1))
        fake_fail("flush of %p, which is not memory of the kernel", start);
    trace_settle();
    if (++fake.flushes == fake.skip_flush)
        return;
    while (next < end) {
        word page_end = (next | (PAGE_SIZE - 1)) + 1;
        u32 lines =
            (u32)((MIN(end, page_end) - next + LINE_SIZE - 1) / LINE_SIZE);

        trace_note(EVENT_FLUSH, mmu_load((u32)next) / LINE_SIZE, lines, pc);
        next = page_end;
    }
}

void
machine_fence(void)
{
    trace_settle();
    if (++fake.fences != fake.skip_fence)
        trace_note(EVENT_FENCE, 0, 0, CALLER);
}

void
machine_flush_all(void)
{
    trace_settle();
    if (++fake.fences != fake.skip_fence)
        trace_note(EVENT_FLUSH_ALL, 0, 0, CALLER);
}

void
machine_invalidate(u32 va)
{
    trace_settle();
    mmu_drop(va);
}

void
machine_invalidate_all(void)
{
    trace_settle();
    mmu_drop_all();
}

void
machine_load_space(u32 page_directory)
{
    trace_settle();
    if (page_directory % PAGE_SIZE != 0)
        fake_fail("no page directory can lie at 0x%08x", page_directory);
    mmu_drop_all();
    fake.cr3 = page_directory;
}

// --- the processor ---

// Store into memory of the kernel or of the host.
static void
put(void *at, u32 value, u32 pc)
{
    if (is_kernel_address((word)at))
        trace_put(mmu_store((u32)(word)at, pc), value, pc);
    else
        *(u32 *)at = value;
}

static u32
get(const void *at)
{
    u32 pa;

    if (!is_kernel_address((word)at))
        return *(const u32 *)at;
    pa = mmu_load((u32)(word)at);
    trace_load(pa, 4);
    return trace.memory[pa / 4];
}

int
machine_capture(struct cpu_state *cpu)
{
    u32 pc = CALLER;

    trace_settle();
    put(&cpu->cr3, fake.cr3, pc);
    put(&cpu->eip, pc, pc);
    put(&cpu->reserved[0], CAPTURED, pc);
    put(&cpu->reserved[1], ++fake.captures, pc);
    return 0;
}

void
machine_resume(const struct cpu_state *cpu, int value)
{
    u32 *copy = (u32 *)&fake.cpu;
    const u32 *from = (const u32 *)cpu;

    trace_settle();
    for (u32 i = 0; i < sizeof(fake.cpu) / 4; i++)
        copy[i] = get(from + i);
    if (fake.cpu.reserved[0] != CAPTURED)
        fake_fail("machine_resume() of a state that was never captured");
    if (value == 0)
        fake_fail("machine_resume() with the value 0");
    fake.value = value;
    fake_leave(FAKE_RESUMED);
}

void
machine_switch(u32 *from, u32 to)
{
    u32 pc = CALLER;

    trace_settle();
    fake.switches++;
    fake.switch_from = 0x57ac0000u + fake.switches;
    fake.switch_to = to;
    put(from, fake.switch_from, pc);
    if (fake.on_switch != NULL)
        fake.on_switch(to);
}

u32
machine_prepare(u32 stack_top, u32 entry, u32 user_stack)
{
    u32 pc = CALLER;
    u32 *top = kernel_at(stack_top);

    trace_settle();
    put(top - 1, user_stack, pc);
    put(top - 2, entry, pc);
    return stack_top - 8;
}

u32
machine_prepare_frame(u32 stack_top, const struct frame *frame)
{
    return machine_prepare(stack_top, frame->eip, frame->esp);
}

void
machine_load_tls(const u32 tls[MACHINE_TLS][2])
{
    bytes_copy((u8 *)fake.tls, (const u8 *)tls, sizeof(fake.tls));
}

void
machine_set_kernel_stack(u32 top)
{
    fake.kernel_stack = top;
}

static void
fpu_put(u8 *area, u32 value, u32 pc)
{
    trace_settle();
    if ((word)area % 16 != 0)
        fake_fail("an FPU area at %p is not aligned", (void *)area);
    for (u32 i = 0; i < 512; i += 4)
        put(area + i, value, pc);
}

void
machine_fpu_save(u8 *area)
{
    fpu_put(area, fake.fpu, CALLER);
}

void
machine_fpu_load(const u8 *area)
{
    trace_settle();
    if ((word)area % 16 != 0)
        fake_fail("an FPU area at %p is not aligned", (const void *)area);
    fake.fpu = get(area);
    for (u32 i = 4; i < 512; i += 4)
        if (get(area + i) != fake.fpu)
            fake_fail("an FPU area at %p was damaged", (const void *)area);
}

void
machine_fpu_fresh(u8 *area)
{
    fpu_put(area, 0, CALLER);
}

// --- time, output, the end ---

u64
machine_now_us(void)
{
    return fake.now_us += 1 + fake.slow_us;
}

static struct {
    char line[TEXT_SIZE + 1];
    u32 length;
} text;

// When the text is full, its older half goes.
void
machine_put(const char *line, u32 length)
{
    trace_settle();
    for (u32 i = 0; i < length; i++) {
        if (text.length == TEXT_SIZE) {
            text.length = TEXT_SIZE / 2;
            bytes_copy(text.line, text.line + TEXT_SIZE / 2, TEXT_SIZE / 2);
        }
        text.line[text.length++] = line[i];
    }
    text.line[text.length] = '\0';
}

static struct {
    char text[MACHINE_LOG];
    u32 written;
} logged;

// Without stamps.
void
machine_log(const char *line, u32 length)
{
    trace_settle();
    for (u32 i = 0; i < length; i++)
        logged.text[logged.written++ % MACHINE_LOG] = line[i];
}

u32
machine_logged(void)
{
    return logged.written;
}

u32
machine_log_read(u32 from, char *to, u32 bytes)
{
    u32 n = 0;

    for (; n < bytes && from + n < logged.written; n++)
        to[n] = logged.text[(from + n) % MACHINE_LOG];
    return n;
}

void
machine_put_last(const char *line, u32 length)
{
    machine_put(line, length);
    if (fake.on_last != NULL)
        fake.on_last();
}

const char *
fake_text(void)
{
    return text.line;
}

void
fake_text_clear(void)
{
    text.length = 0;
    text.line[0] = '\0';
}

void
machine_stop(enum machine_stop how)
{
    fake.how = how;
    fake_leave(FAKE_STOPPED);
}

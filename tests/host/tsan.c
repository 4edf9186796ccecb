// tsan.c -- what the compiler calls before each access of the kernel's code
//
// The kernel's layers are compiled with -fsanitize=thread, but not linked with
// its library: the functions it would have are these.  Other memory than the
// two windows of the kernel (the host's own stack, say) is nobody's business.
#include "fake.h"
#include "mmu.h"
#include "trace.h"

// Nothing here may call memcpy() or memset(): they are traced.
#pragma GCC optimize("no-tree-loop-distribute-patterns")

extern char __executable_start;

static void
stored(word address, u32 bytes, word pc)
{
    u32 va = (u32)address;
    u32 at = (u32)(pc - (word)&__executable_start);

    fake.accesses++;
    if (address < RAM_BASE || address > UINT32_MAX || fake.pages == 0)
        return;
    trace_settle();
    while (bytes > 0) {
        u32 part = MIN(bytes, PAGE_SIZE - va % PAGE_SIZE);

        trace_store(mmu_store(va, at), part, at);
        va += part;
        bytes -= part;
    }
}

static void
loaded(word address, u32 bytes)
{
    u32 va = (u32)address;

    fake.accesses++;
    if (!trace.tracking || address < RAM_BASE || address > UINT32_MAX)
        return;
    trace_settle();
    while (bytes > 0) {
        u32 part = MIN(bytes, PAGE_SIZE - va % PAGE_SIZE);

        trace_load(mmu_load(va), part);
        va += part;
        bytes -= part;
    }
}

#define CALLER ((word)__builtin_return_address(0))

#define ACCESS(name, bytes)                                                    \
    void __tsan_write##name(void *address);                                    \
    void __tsan_write##name(void *address)                                     \
    {                                                                          \
        stored((word)address, bytes, CALLER);                                  \
    }                                                                          \
    void __tsan_read##name(void *address);                                     \
    void __tsan_read##name(void *address)                                      \
    {                                                                          \
        loaded((word)address, bytes);                                          \
    }

#define UNALIGNED(name, bytes)                                                 \
    void __tsan_unaligned_write##name(void *address);                          \
    void __tsan_unaligned_write##name(void *address)                           \
    {                                                                          \
        stored((word)address, bytes, CALLER);                                  \
    }                                                                          \
    void __tsan_unaligned_read##name(void *address);                           \
    void __tsan_unaligned_read##name(void *address)                            \
    {                                                                          \
        loaded((word)address, bytes);                                          \
    }

ACCESS(1, 1)
ACCESS(2, 2)
ACCESS(4, 4)
ACCESS(8, 8)
ACCESS(16, 16)
UNALIGNED(2, 2)
UNALIGNED(4, 4)
UNALIGNED(8, 8)
UNALIGNED(16, 16)

void __tsan_write_range(void *address, size_t bytes);
void __tsan_read_range(void *address, size_t bytes);
void __tsan_vptr_update(void **address, void *value);
void __tsan_vptr_read(void **address);
void __tsan_init(void);
void __tsan_func_entry(void *caller);
void __tsan_func_exit(void);
u32 __tsan_atomic32_load(const u32 *address, int order);
void __tsan_atomic32_store(u32 *address, u32 value, int order);
void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_signal_fence(int order);

void
__tsan_write_range(void *address, size_t bytes)
{
    stored((word)address, (u32)bytes, CALLER);
}

void
__tsan_read_range(void *address, size_t bytes)
{
    loaded((word)address, (u32)bytes);
}

void
__tsan_vptr_update(void **address, void *value)
{
    (void)value;
    stored((word)address, sizeof(*address), CALLER);
}

void
__tsan_vptr_read(void **address)
{
    loaded((word)address, sizeof(*address));
}

void
__tsan_init(void)
{
}

void
__tsan_func_entry(void *caller)
{
    (void)caller;
}

void
__tsan_func_exit(void)
{
}

u32
__tsan_atomic32_load(const u32 *address, int order)
{
    (void)order;
    loaded((word)address, 4);
    return *(const volatile u32 *)address;
}

void
__tsan_atomic32_store(u32 *address, u32 value, int order)
{
    (void)order;
    stored((word)address, 4, CALLER);
    *(volatile u32 *)address = value;
    if ((word)address >= RAM_BASE)
        trace_settle();
}

// Neither keeps a store from being lost: that takes machine_fence().
void
__tsan_atomic_thread_fence(int order)
{
    (void)order;
}

void
__tsan_atomic_signal_fence(int order)
{
    (void)order;
}

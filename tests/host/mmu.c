// mmu.c -- the fake's i386 paging: page tables, TLB, accessed and dirty bits
//
// The host's own MMU plays the straight window (mapped once) and the kernel
// window (a page is mapped when its translation enters the TLB, read-only
// until its dirty flag does).  User spaces are never mapped.
//
// A TLB entry is a frame number and the flags below, 0 when there is none.
#define _GNU_SOURCE
#include "mmu.h"

#include <sys/mman.h>

#include "bytes.h"
#include "fake.h"
#include "trace.h"

// Nothing here may call memcpy() or memset(): they are traced.
#pragma GCC optimize("no-tree-loop-distribute-patterns")

#define TLB_VALID 1u
#define TLB_WRITABLE PTE_WRITABLE
#define TLB_USER PTE_USER
#define TLB_DIRTY PTE_DIRTY

#define PTE_LARGE 0x80u
#define FRAME_MASK 0xfffff000u
#define VPAGES (1u << 20)

static struct {
    int fd;
    u32 tlb[VPAGES];
    u32 cached[VPAGES]; // virtual pages that may be in tlb[]
    u32 entries;
} mmu;

void
mmu_open(int memory_fd)
{
    mmu.fd = memory_fd;
    mmu_drop_all();
}

void
mmu_close(void)
{
    mmu_drop_all();
    mmu.fd = -1;
}

static void
unmap(u32 va, size_t bytes)
{
    if (mmap((void *)(word)va, bytes, PROT_NONE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1,
             0) == MAP_FAILED)
        fake_fail("the host cannot unmap 0x%08x", va);
}

void
mmu_drop(u32 va)
{
    if (mmu.tlb[va / PAGE_SIZE] != 0 && va >= KERNEL_BASE)
        unmap(va & FRAME_MASK, PAGE_SIZE);
    mmu.tlb[va / PAGE_SIZE] = 0;
}

void
mmu_drop_all(void)
{
    u32 low = VPAGES;
    u32 high = 0;

    for (u32 i = 0; i < mmu.entries; i++) {
        u32 page = mmu.cached[i];

        if (mmu.tlb[page] != 0 && page >= KERNEL_BASE / PAGE_SIZE) {
            low = MIN(low, page);
            high = MAX(high, page);
        }
        mmu.tlb[page] = 0;
    }
    mmu.entries = 0;
    if (low <= high)
        unmap(low * PAGE_SIZE, (size_t)(high - low + 1) * PAGE_SIZE);
}

// Which kind of access a walk is for.
struct access {
    int store;
    int user;
};

// Read an entry of a page directory or table, and set flags in it.
static u32
entry_use(u32 pa, u32 flags, u32 pc)
{
    u32 entry;

    trace_load(pa, 4);
    entry = trace.memory[pa / 4];
    if ((entry & flags) != flags)
        trace_put(pa, entry | flags, pc);
    return entry | flags;
}

static int
frame_is_memory(u32 entry)
{
    u32 frame = entry / PAGE_SIZE;

    return frame >= NV_ROOT_PA / PAGE_SIZE && frame < fake.end_frame;
}

// Whether an entry allows the access.
static int
allows(u32 entry, struct access access)
{
    if ((entry & PTE_PRESENT) == 0)
        return 0;
    if (access.store && (entry & PTE_WRITABLE) == 0)
        return 0;
    return !access.user || (entry & PTE_USER) != 0;
}

// Walk the page tables as the CPU does.  Returns what belongs into the TLB,
// or 0 after *why says what is wrong; nothing has been changed then.
static u32
walk(u32 page_directory, u32 va, struct access access, u32 pc, const char **why)
{
    u32 pde_pa = page_directory + (va >> 22) * 4;
    u32 pde;
    u32 pte_pa;
    u32 pte;
    u32 entry;

    *why = "and no virtual space is loaded";
    if (!frame_is_memory(page_directory))
        return 0;
    trace_load(pde_pa, 4);
    pde = trace.memory[pde_pa / 4];
    *why = "which has no page table";
    if ((pde & PTE_PRESENT) == 0)
        return 0;
    *why = "whose page table is not in memory";
    if (!frame_is_memory(pde) || (pde & PTE_LARGE) != 0)
        return 0;
    pte_pa = (pde & FRAME_MASK) + (va >> 12 & 1023) * 4;
    trace_load(pte_pa, 4);
    pte = trace.memory[pte_pa / 4];
    *why = "which is not mapped";
    if ((pte & PTE_PRESENT) == 0)
        return 0;
    *why = "whose frame is not in memory";
    if (!frame_is_memory(pte))
        return 0;
    *why = "which is read-only or the kernel's";
    entry = pte & pde;
    if (!allows(entry, access))
        return 0;

    entry_use(pde_pa, PTE_ACCESSED, pc);
    pte = entry_use(pte_pa, PTE_ACCESSED | (access.store ? PTE_DIRTY : 0), pc);
    return (pte & FRAME_MASK) | TLB_VALID |
           (entry & (TLB_WRITABLE | TLB_USER)) | (pte & TLB_DIRTY);
}

// Let the host's MMU do what the TLB entry of a kernel page says.
static void
map(u32 va, u32 entry)
{
    int may = (entry & TLB_WRITABLE) != 0 && (entry & TLB_DIRTY) != 0
                  ? PROT_READ | PROT_WRITE
                  : PROT_READ;

    if (mmap((void *)(word)(va & FRAME_MASK), PAGE_SIZE, may,
             MAP_SHARED | MAP_FIXED | MAP_POPULATE, mmu.fd,
             (off_t)(entry & FRAME_MASK)) == MAP_FAILED)
        fake_fail("the host cannot map 0x%08x", va);
}

// Have the translation of va in the TLB, good for this access.  Returns it,
// or 0 for a fault.
static u32
translate(u32 va, struct access access, u32 pc, const char **why)
{
    u32 *slot = &mmu.tlb[va / PAGE_SIZE];
    u32 entry = *slot;

    *why = "which is read-only or the kernel's";
    if (entry != 0 && !allows(entry, access))
        return 0;
    if (entry != 0 && (!access.store || (entry & TLB_DIRTY) != 0))
        return entry;
    entry = walk(fake.cr3, va, access, pc, why);
    if (entry == 0)
        return 0;
    if (*slot == 0) {
        if (mmu.entries == VPAGES)
            mmu_drop_all();
        mmu.cached[mmu.entries++] = va / PAGE_SIZE;
    }
    *slot = entry;
    if (va >= KERNEL_BASE)
        map(va, entry);
    return entry;
}

static u32
reach(u32 va, int store, u32 pc)
{
    const char *why = "which is in no window of the kernel";
    u32 entry = 0;

    if (va >= KERNEL_BASE) {
        struct access access = {store, 0};

        entry = translate(va, access, pc, &why);
    } else if (va >= RAM_BASE) {
        why = "which is not memory the kernel may touch";
        if (frame_is_memory(va - RAM_BASE))
            entry = (va - RAM_BASE) & FRAME_MASK;
    }
    if (entry == 0)
        fake_fail("page fault in the kernel: %s 0x%08x, %s",
                  store ? "store to" : "load from", va, why);
    return (entry & FRAME_MASK) | va % PAGE_SIZE;
}

u32
mmu_store(u32 va, u32 pc)
{
    return reach(va, 1, pc);
}

u32
mmu_load(u32 va)
{
    return reach(va, 0, 0);
}

int
mmu_fault(word address, int store)
{
    u32 va = (u32)address;
    u32 pa;

    if (address < RAM_BASE || address > UINT32_MAX)
        return 0;
    pa = reach(va, store, 0);
    trace_page_open(pa / PAGE_SIZE);
    return va >= KERNEL_BASE;
}

u32
fake_pte(u32 page_directory, u32 va)
{
    u32 pde;

    trace_settle();
    if (!frame_is_memory(page_directory))
        return 0;
    pde = trace.memory[page_directory / 4 + (va >> 22)];
    if ((pde & PTE_PRESENT) == 0 || !frame_is_memory(pde))
        return 0;
    return trace.memory[(pde & FRAME_MASK) / 4 + (va >> 12 & 1023)];
}

u32
mmu_user(u32 page_directory, u32 va, int store)
{
    struct access access = {store, 1};
    const char *why;
    u32 entry = 0;

    if (va < USER_END)
        entry = page_directory == fake.cr3
                    ? translate(va, access, 0, &why)
                    : walk(page_directory, va, access, 0, &why);
    return entry == 0 ? 0 : (entry & FRAME_MASK) | va % PAGE_SIZE;
}

// mapped.c -- the fake machine with a few pages mapped by hand
#include "mapped.h"

#include "tender/text.h"

void *(*volatile mapped_copy)(void *, const void *, size_t) = memcpy;

void
mapped_store(word va, u32 value)
{
    mapped_copy((void *)va, &value, sizeof(value));
}

void
mapped_open(void)
{
    fake_open(PAGES);
    for (u32 pa = PD; pa < DATA + 8 * PAGE_SIZE; pa += PAGE_SIZE)
        machine_zero_page(ram_at(pa));
    for (u32 i = 0; i < 8; i++)
        fake_put(KERNEL_PT + i * 4,
                 (DATA + i * PAGE_SIZE) | PTE_PRESENT | PTE_WRITABLE);
    fake_put(KERNEL_PT + 7 * 4, (DATA + 7 * PAGE_SIZE) | PTE_PRESENT);
    fake_put(USER_PT, DATA | PTE_PRESENT | PTE_WRITABLE | PTE_USER);
    for (u32 pd = PD; pd <= PD_B; pd += PAGE_SIZE) {
        fake_put(pd + (KERNEL_BASE >> 22) * 4,
                 KERNEL_PT | PTE_PRESENT | PTE_WRITABLE);
        fake_put(pd + (USER_VA >> 22) * 4,
                 USER_PT | PTE_PRESENT | PTE_WRITABLE | PTE_USER);
    }
    machine_load_space(PD);
}

void
mapped_close(void)
{
    fake_close();
}

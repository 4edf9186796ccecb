// test_fake.c -- does the fake machine behave as a PC does, and more strictly?

#include "mapped.h"
#include "suite.h"
#include "tender/text.h"

static u32
dirty(u32 va)
{
    return fake_pte(PD, va) & PTE_DIRTY;
}

// Are the windows one memory?
START_TEST(alias)
{
    mapped_store(KERNEL_BASE + 8, 77);
    ck_assert_uint_eq(*(u32 *)ram_at(DATA + 8), 77);
    ck_assert_uint_eq(fake_get(DATA + 8), 77);
    *(u32 *)ram_at(DATA + PAGE_SIZE) = 78;
    ck_assert_uint_eq(*(u32 *)kernel_at(KERNEL_BASE + PAGE_SIZE), 78);
}
END_TEST

// Do loads set the accessed bit, stores the dirty bit, the window nothing?
START_TEST(dirty_bits)
{
    ck_assert_uint_eq(fake_pte(PD, KERNEL_BASE) & PTE_ACCESSED, 0);
    ck_assert_uint_eq(*(volatile u32 *)kernel_at(KERNEL_BASE), 0);
    ck_assert_uint_ne(fake_pte(PD, KERNEL_BASE) & PTE_ACCESSED, 0);
    ck_assert_uint_eq(dirty(KERNEL_BASE), 0);
    *(volatile u32 *)ram_at(DATA) = 1;
    ck_assert_uint_eq(dirty(KERNEL_BASE), 0);
    mapped_store(KERNEL_BASE, 2);
    ck_assert_uint_ne(dirty(KERNEL_BASE), 0);
    ck_assert_uint_eq(dirty(KERNEL_BASE + PAGE_SIZE), 0);
}
END_TEST

// Does a store of a test's own, untraced code set it, too?
START_TEST(dirty_bits_untraced)
{
    ck_assert_uint_eq(*(volatile u32 *)kernel_at(KERNEL_BASE), 0);
    *(volatile u32 *)kernel_at(KERNEL_BASE) = 5;
    ck_assert_uint_ne(dirty(KERNEL_BASE), 0);
}
END_TEST

static void
clean(u32 va)
{
    u32 pa = KERNEL_PT + (va - KERNEL_BASE) / PAGE_SIZE * 4;

    fake_put(pa, fake_get(pa) & ~PTE_DIRTY);
}

// Does clearing a dirty bit without dropping the translation lose the next?
START_TEST(stale_translation)
{
    mapped_store(KERNEL_BASE, 1);
    clean(KERNEL_BASE);
    mapped_store(KERNEL_BASE, 2);
    ck_assert_uint_eq(dirty(KERNEL_BASE), 0); // lost, as on a PC
    machine_invalidate(KERNEL_BASE);
    mapped_store(KERNEL_BASE, 3);
    ck_assert_uint_ne(dirty(KERNEL_BASE), 0);
    clean(KERNEL_BASE);
    machine_load_space(PD);
    mapped_store(KERNEL_BASE, 4);
    ck_assert_uint_ne(dirty(KERNEL_BASE), 0);
}
END_TEST

// Does a changed mapping stay invisible until it is invalidated?
START_TEST(stale_frame)
{
    mapped_store(KERNEL_BASE, 1);
    fake_put(KERNEL_PT, (DATA + PAGE_SIZE) | PTE_PRESENT | PTE_WRITABLE);
    mapped_store(KERNEL_BASE, 2);
    ck_assert_uint_eq(fake_get(DATA), 2);
    machine_invalidate(KERNEL_BASE);
    mapped_store(KERNEL_BASE, 3);
    ck_assert_uint_eq(fake_get(DATA), 2);
    ck_assert_uint_eq(fake_get(DATA + PAGE_SIZE), 3);
}
END_TEST

static void
store_there(void *va)
{
    mapped_store((word)va, 1);
}

static void
load_there(void *va)
{
    ck_assert_uint_eq(*(volatile u32 *)va, 0);
}

static void
ck_fault(void (*body)(void *), word va, const char *sentence)
{
    ck_assert_int_eq(fake_run(body, (void *)va), FAKE_FAILED);
    ck_assert_msg(strstr(fake.sentence, sentence) != NULL, "%s", fake.sentence);
}

// Is every access that would fault on a PC caught, and some more?
START_TEST(faults)
{
    ck_assert_int_eq(fake_run(load_there, kernel_at(READ_ONLY)), FAKE_RETURNED);
    ck_fault(store_there, READ_ONLY, "read-only");
    ck_fault(store_there, KERNEL_BASE + 8 * PAGE_SIZE, "not mapped");
    ck_fault(load_there, KERNEL_BASE + 8 * PAGE_SIZE, "not mapped");
    ck_fault(store_there, 0xd0000000, "no page table");
    ck_fault(store_there, USER_VA, "no window");
    ck_fault(load_there, 0, "no window");
    ck_fault(store_there, RAM_BASE + 0x100000, "not memory");
    ck_fault(load_there, RAM_BASE + 0x100000, "not memory");
    ck_fault(store_there, RAM_BASE + PAGES * PAGE_SIZE, "not memory");
    fake_limit(PAGES - 1);
    ck_fault(store_there, RAM_BASE + (PAGES - 1) * PAGE_SIZE, "not memory");
    fake_power_cut();
    ck_fault(store_there, KERNEL_BASE, "no virtual space");
}
END_TEST

// Do programs' stores obey the page tables and mark pages dirty?
START_TEST(user)
{
    u32 seven = 7;
    u32 back = 0;

    ck_assert_uint_eq(fake_user_write(PD, USER_VA + 4, &seven, 4), 0);
    ck_assert_uint_eq(fake_get(DATA + 4), 7);
    ck_assert_uint_ne(dirty(USER_VA), 0);
    ck_assert_uint_eq(fake_user_read(PD_B, USER_VA + 4, &back, 4), 0);
    ck_assert_uint_eq(back, 7);
    ck_assert_uint_eq(fake_user_write(PD, USER_VA + 4094, &seven, 4),
                      USER_VA + 4096);
    ck_assert_uint_eq(fake_user_write(PD, KERNEL_BASE, &seven, 4), KERNEL_BASE);
    // A stale translation loses the dirty bit here, too.
    fake_put(USER_PT, fake_get(USER_PT) & ~PTE_DIRTY);
    ck_assert_uint_eq(fake_user_write(PD, USER_VA, &seven, 4), 0);
    ck_assert_uint_eq(dirty(USER_VA), 0);
    machine_invalidate(USER_VA);
    ck_assert_uint_eq(fake_user_write(PD, USER_VA, &seven, 4), 0);
    ck_assert_uint_ne(dirty(USER_VA), 0);
    fake_put(USER_PT, DATA | PTE_PRESENT | PTE_USER);
    machine_load_space(PD);
    ck_assert_uint_eq(fake_user_write(PD, USER_VA, &seven, 4), USER_VA);
    ck_assert_uint_eq(fake_user_read(PD, USER_VA, &back, 4), 0);
}
END_TEST

static void
capture_and_resume(void *arg)
{
    struct cpu_state *cpu = arg;

    ck_assert_int_eq(machine_capture(cpu), 0);
    machine_resume(cpu, 42);
}

static void
stop(void *arg)
{
    (void)arg;
    machine_stop(STOP_RESET);
}

static void
nested(void *arg)
{
    struct cpu_state cpu = {0};

    ck_assert_int_eq(fake_run(stop, arg), FAKE_STOPPED);
    machine_resume(&cpu, 1);
}

// Do capture, resume, stop and panic end up where the test expects them?
START_TEST(ends)
{
    struct cpu_state *cpu = kernel_at(KERNEL_BASE + 64);

    ck_assert_int_eq(fake_run(capture_and_resume, cpu), FAKE_RESUMED);
    ck_assert_int_eq(fake.value, 42);
    ck_assert_uint_eq(fake.cpu.cr3, PD);
    ck_assert_int_eq(fake_run(stop, NULL), FAKE_STOPPED);
    ck_assert_int_eq(fake.how, STOP_RESET);
    ck_assert_int_eq(fake_run(nested, NULL), FAKE_FAILED);
    ck_assert_ptr_nonnull(strstr(fake.sentence, "never captured"));
}
END_TEST

// Does each page copy and clear what it should, and mark it?
START_TEST(pages)
{
    for (u32 i = 0; i < PAGE_SIZE; i += 4)
        fake_put(DATA + i, i * 3 + 1);
    machine_copy_page(kernel_at(KERNEL_BASE + PAGE_SIZE), ram_at(DATA));
    ck_assert_uint_eq(memcmp(ram_at(DATA + PAGE_SIZE), ram_at(DATA), PAGE_SIZE),
                      0);
    ck_assert_uint_ne(dirty(KERNEL_BASE + PAGE_SIZE), 0);
    ck_assert_uint_eq(dirty(KERNEL_BASE), 0);
    machine_zero_page(kernel_at(KERNEL_BASE));
    ck_assert_uint_eq(fake_get(DATA), 0);
    ck_assert_uint_eq(fake_get(DATA + 4092), 0);
    ck_assert_uint_ne(dirty(KERNEL_BASE), 0);
}
END_TEST

// Does memory come back, and a machine of another size follow?
START_TEST(snapshot)
{
    void *before;

    mapped_store(KERNEL_BASE, 1);
    before = fake_snapshot();
    mapped_store(KERNEL_BASE, 2);
    fake_restore(before);
    ck_assert_uint_eq(fake_get(DATA), 1);
    ck_assert_uint_eq(fake.cr3, 0);
    fake_snapshot_free(before);
    fake_open(PAGES * 2);
    ck_assert_uint_eq(fake_get(NV_ROOT_PA), 0);
    ck_assert_uint_ne(fake_get(DATA), 1);
}
END_TEST

// Does the rest of the processor note what it was asked?
START_TEST(processor)
{
    u8 area[512] __attribute__((aligned(16)));
    u32 *esp = kernel_at(KERNEL_BASE + 32);
    u64 before = machine_now_us();

    ck_assert(machine_now_us() > before);
    machine_switch(esp, 0xc0001000);
    ck_assert_uint_eq(fake.switch_to, 0xc0001000);
    ck_assert_uint_eq(*esp, fake.switch_from);
    ck_assert_uint_eq(machine_prepare(KERNEL_BASE + 512, 0x1000, 0x2000),
                      KERNEL_BASE + 504);
    fake.fpu = 99;
    machine_fpu_save(area);
    fake.fpu = 0;
    machine_fpu_load(area);
    ck_assert_uint_eq(fake.fpu, 99);
    fake_text_clear();
    say("%d pages\n", 3);
    ck_assert_str_eq(fake_text(), "3 pages\n");
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {alias,
                                 dirty_bits,
                                 dirty_bits_untraced,
                                 stale_translation,
                                 stale_frame,
                                 faults,
                                 user,
                                 ends,
                                 pages,
                                 snapshot,
                                 processor,
                                 NULL};
    const struct suite suite = {.name = "fake",
                                .open = mapped_open,
                                .close = mapped_close,
                                .test = test};

    return suite_run(&suite);
}

// test_linux_memory.c -- does an address space show what Linux would show?
#include <stdlib.h>
#include <string.h>

#include "linux/errno.h"
#include "linux_files.h"
#include "pooled.h"
#include "plate/check.h"
#include "suite.h"

#define RW (PROT_READ | PROT_WRITE)
#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define AT 0x20000000u
#define SPREAD 128u // page tables

static struct memory *m;

static void
start(void)
{
    pooled_open();
    fake_files_open();
    ck_assert_int_eq(memory_new(&lx, &m), 0);
}

static u32
directory(const struct memory *of)
{
    return vspace_get(lx.vs, of->vspace)->page_directory;
}

// The processor goes to an address space only from another one: what it
// remembers of translations it may keep.
static void
run(const struct memory *in)
{
    if (fake.cr3 != directory(in))
        machine_load_space(directory(in));
}

// What a program does, faults and all. 0 or -errno.
static int
store(struct memory *in, u32 va, u32 value)
{
    int err;

    run(in);
    for (u32 tries = 0; tries < 3; tries++) {
        if (fake_user_write(directory(in), va, &value, 4) == 0)
            return 0;
        err = memory_fault(in, va, 1);
        if (err < 0)
            return err;
    }
    ck_abort_msg("a program cannot write what it may");
}

static int
load(struct memory *in, u32 va, u32 *value)
{
    int err;

    run(in);
    for (u32 tries = 0; tries < 3; tries++) {
        if (fake_user_read(directory(in), va, value, 4) == 0)
            return 0;
        err = memory_fault(in, va, 0);
        if (err < 0)
            return err;
    }
    ck_abort_msg("a program cannot read what it may");
}

static void
ck_load(struct memory *in, u32 va, u32 expected)
{
    u32 value = ~expected;

    ck_assert_int_eq(load(in, va, &value), 0);
    ck_assert_uint_eq(value, expected);
}

static void
ck_store(struct memory *in, u32 va, u32 value)
{
    ck_assert_int_eq(store(in, va, value), 0);
    ck_load(in, va, value);
}

static int
map(u32 pages, u32 prot, u32 flags, struct inode *inode)
{
    return memory_map(m, AT, pages * PAGE_SIZE, prot, flags | MAP_FIXED, inode,
                      0);
}

static void
drop(struct memory *what)
{
    machine_load_space(pooled.layout.kernel_directory_pa);
    memory_drop(what);
}

// Neighbours that are alike are one area, as if nothing had been done.
static void
ck_merged(const struct memory *of)
{
    for (const struct area *a = of->areas; a != NULL; a = a->next) {
        const struct area *b = a->next;

        if (b == NULL || a->end != b->start || a->prot != b->prot ||
            a->flags != b->flags || a->inode != b->inode)
            continue;
        ck_assert_ptr_nonnull(a->inode);
        ck_assert_uint_ne(b->first - a->first, (b->start - a->start) >> 12);
    }
}

static void
finish(void)
{
    pooled_ck();
    ck_merged(m);
    drop(m);
    fake_files_close();
    pooled_ck_empty();
}

static u32
areas_of(const struct memory *of)
{
    u32 n = 0;

    for (const struct area *a = of->areas; a != NULL; a = a->next)
        n++;
    return n;
}

// Is anonymous memory zero, private, and gone when it is unmapped?
START_TEST(anonymous)
{
    ck_assert_int_eq(map(4, RW, ANONYMOUS, NULL), (int)AT);
    ck_load(m, AT + 8, 0);
    ck_store(m, AT + PAGE_SIZE, 5);
    ck_store(m, AT, 6);
    ck_assert_uint_eq(m->resident, 2);
    ck_assert_int_eq(store(m, AT + 4 * PAGE_SIZE, 1), -EFAULT);
    ck_assert_int_eq(store(m, AT - 4, 1), -EFAULT);
    pooled_ck();
    ck_assert_int_eq(memory_unmap(m, AT, PAGE_SIZE), 0);
    ck_assert_int_eq(store(m, AT, 1), -EFAULT);
    ck_load(m, AT + PAGE_SIZE, 5);
    ck_assert_int_eq(memory_unmap(m, AT, 4 * PAGE_SIZE), 0);
    ck_assert_uint_eq(m->resident + m->mapped, 0);
    finish();
}
END_TEST

// Does unmapping in the middle leave both sides as they were?
START_TEST(middle)
{
    map(5, RW, ANONYMOUS, NULL);
    for (u32 i = 0; i < 5; i++)
        ck_store(m, AT + i * PAGE_SIZE, i + 1);
    ck_assert_int_eq(memory_unmap(m, AT + 2 * PAGE_SIZE, 1), 0);
    ck_assert_uint_eq(areas_of(m), 2);
    for (u32 i = 0; i < 5; i++) {
        u32 value;
        int err = load(m, AT + i * PAGE_SIZE, &value);

        ck_assert_int_eq(err, i == 2 ? -EFAULT : 0);
        if (i != 2)
            ck_assert_uint_eq(value, i + 1);
    }
    ck_assert_int_eq(memory_map(m, AT + 2 * PAGE_SIZE, PAGE_SIZE, RW,
                                ANONYMOUS | MAP_FIXED_NOREPLACE, NULL, 0),
                     (int)(AT + 2 * PAGE_SIZE));
    ck_assert_uint_eq(areas_of(m), 1);
    ck_load(m, AT + 2 * PAGE_SIZE, 0);
    finish();
}
END_TEST

// Over two forks: does each see what was there, and its own writes only?
START_TEST(forks)
{
    struct memory *child;
    struct memory *grandchild;

    map(3, RW, ANONYMOUS, NULL);
    ck_store(m, AT, 1);
    ck_store(m, AT + PAGE_SIZE, 10);
    ck_assert_int_eq(memory_fork(m, &child), 0);
    ck_store(child, AT, 2);
    ck_assert_int_eq(memory_fork(child, &grandchild), 0);
    pooled_ck();
    ck_store(grandchild, AT, 3);
    ck_store(m, AT, 4);
    ck_store(child, AT, 5);
    ck_load(m, AT, 4);
    ck_load(child, AT, 5);
    ck_load(grandchild, AT, 3);
    // One page of all three, until they write.
    page_no shared = memory_page_at(m, AT + PAGE_SIZE);

    ck_assert_uint_eq(pages_refs(&lx.pages, shared), 3);
    ck_load(child, AT + PAGE_SIZE, 10);
    ck_store(m, AT + PAGE_SIZE, 11);
    ck_assert_uint_eq(pages_refs(&lx.pages, shared), 2);
    pooled_ck();
    drop(child);
    ck_assert_uint_eq(pages_refs(&lx.pages, shared), 1);
    ck_store(grandchild, AT + PAGE_SIZE, 12); // the last one need not copy
    ck_assert_uint_eq(memory_page_at(grandchild, AT + PAGE_SIZE), shared);
    ck_load(m, AT + PAGE_SIZE, 11);
    drop(grandchild);
    finish();
}
END_TEST

// Does a parent that had the right to write lose it to a fork?
START_TEST(parent_writes)
{
    struct memory *child;

    map(1, RW, ANONYMOUS, NULL);
    ck_store(m, AT, 1);
    ck_assert_int_eq(memory_fork(m, &child), 0);
    ck_store(m, AT, 2);
    ck_load(child, AT, 1);
    drop(child);
    finish();
}
END_TEST

// Is a shared page of a file the file's, and a private one the program's?
START_TEST(files)
{
    u32 word = 0;
    struct inode *inode = file_new_fake(2 * PAGE_SIZE + 100);
    u32 private = AT + 16 * PAGE_SIZE;
    struct memory *child;

    *(u32 *)file_at(inode, 1) = 7;
    ck_assert_int_eq(map(4, RW, MAP_SHARED, inode), (int)AT);
    ck_assert_int_eq(memory_map(m, private, 4 * PAGE_SIZE, RW,
                                MAP_PRIVATE | MAP_FIXED, inode, 1),
                     (int)private);
    ck_load(m, AT + PAGE_SIZE, 7);
    ck_load(m, private, 7);
    ck_store(m, AT + PAGE_SIZE, 8);
    ck_assert_uint_eq(*(u32 *)file_at(inode, 1), 8);
    ck_load(m, private, 8); // not copied yet
    ck_store(m, private, 9);
    ck_assert_uint_eq(*(u32 *)file_at(inode, 1), 8);
    ck_assert_int_eq(memory_fork(m, &child), 0);
    ck_store(child, AT + PAGE_SIZE + 4, 77);
    ck_load(m, AT + PAGE_SIZE + 4, 77);
    ck_store(child, private, 10);
    ck_load(m, private, 9);
    // The page the file ends in is there, the next is not.
    ck_store(m, AT + 2 * PAGE_SIZE + 200, 1);
    ck_assert_int_eq(store(m, AT + 3 * PAGE_SIZE, 1), -EIO);
    ck_assert_int_eq(store(m, private + 2 * PAGE_SIZE, 1), -EIO);
    // A call that is given the address is not told so.
    ck_assert_int_eq(memory_in(m, &word, AT + 3 * PAGE_SIZE - 2, 4), -EFAULT);
    ck_assert_int_eq(memory_out(m, AT + 3 * PAGE_SIZE, &word, 4), -EFAULT);
    drop(child);
    finish();
}
END_TEST

// Do the parts of an area that was split show the right pages of the file?
START_TEST(file_split)
{
    struct inode *inode = file_new_fake(6 * PAGE_SIZE);

    for (u32 i = 0; i < 6; i++)
        *(u32 *)file_at(inode, i) = i;
    map(6, RW, MAP_PRIVATE, inode);
    ck_assert_int_eq(memory_protect(m, AT + PAGE_SIZE, PAGE_SIZE, PROT_READ),
                     0);
    ck_assert_int_eq(memory_unmap(m, AT + 3 * PAGE_SIZE, PAGE_SIZE), 0);
    ck_assert_uint_eq(areas_of(m), 4);
    for (u32 i = 0; i < 6; i++)
        if (i != 3)
            ck_load(m, AT + i * PAGE_SIZE, i);
    int moved = memory_remap(m, AT + 4 * PAGE_SIZE, PAGE_SIZE, 2 * PAGE_SIZE,
                             MREMAP_MAYMOVE, 0);

    ck_load(m, (u32)moved + PAGE_SIZE, 5);
    ck_assert_int_eq(memory_protect(m, AT + PAGE_SIZE, PAGE_SIZE, RW), 0);
    ck_assert_uint_eq(areas_of(m), 3);
    finish();
}
END_TEST

// After a file is cut short, is what was behind the cut gone for everybody?
START_TEST(truncated)
{
    struct inode *inode = file_new_fake(4 * PAGE_SIZE);
    struct memory *other;

    map(4, RW, MAP_PRIVATE, inode);
    ck_store(m, AT, 1);
    ck_store(m, AT + 3 * PAGE_SIZE, 1);
    ck_load(m, AT + 2 * PAGE_SIZE, 0);
    ck_assert_int_eq(memory_fork(m, &other), 0);
    file_cut(inode, 2);
    pooled_ck();
    ck_load(m, AT, 1);
    ck_assert_int_eq(store(m, AT + 3 * PAGE_SIZE, 1), -EIO);
    ck_assert_int_eq(store(other, AT + 2 * PAGE_SIZE, 1), -EIO);
    ck_load(other, AT + PAGE_SIZE, 0);
    drop(other);
    finish();
}
END_TEST

// Is what one process writes to shared anonymous memory seen by its child?
START_TEST(shared)
{
    struct memory *child;

    ck_assert_int_eq(map(2, RW, MAP_SHARED | MAP_ANONYMOUS, NULL), (int)AT);
    ck_assert_int_eq(memory_fork(m, &child), 0);
    ck_store(child, AT, 5);
    ck_load(m, AT, 5);
    ck_store(m, AT + PAGE_SIZE, 6);
    ck_load(child, AT + PAGE_SIZE, 6);
    drop(child);
    finish();
}
END_TEST

// What may be done where mprotect says so?
START_TEST(protected)
{
    struct inode *inode = file_new_fake(PAGE_SIZE);
    u32 value;

    map(4, RW, ANONYMOUS, NULL);
    ck_store(m, AT + PAGE_SIZE, 3);
    ck_assert_int_eq(memory_protect(m, AT + PAGE_SIZE, PAGE_SIZE, PROT_READ),
                     0);
    ck_assert_uint_eq(areas_of(m), 3);
    ck_load(m, AT + PAGE_SIZE, 3);
    ck_assert_int_eq(store(m, AT + PAGE_SIZE, 4), -EFAULT);
    ck_assert_int_eq(memory_out(m, AT + PAGE_SIZE - 2, "four", 4), -EFAULT);
    ck_load(m, AT, 0);
    ck_assert_int_eq(memory_protect(m, AT + PAGE_SIZE, PAGE_SIZE, 0), 0);
    ck_assert_int_eq(load(m, AT + PAGE_SIZE, &value), -EFAULT);
    ck_assert_int_eq(memory_in(m, &value, AT + PAGE_SIZE, 4), -EFAULT);
    ck_assert_int_eq(memory_protect(m, AT, 4 * PAGE_SIZE, RW), 0);
    ck_assert_uint_eq(areas_of(m), 1);
    ck_store(m, AT + PAGE_SIZE + 4, 4);
    ck_load(m, AT + PAGE_SIZE, 3);
    ck_assert_int_eq(memory_protect(m, AT, 5 * PAGE_SIZE, RW), -ENOMEM);
    ck_assert_int_eq(memory_protect(m, AT + 1, PAGE_SIZE, RW), -EINVAL);
    map(1, PROT_READ, MAP_SHARED | MAP_READ_ONLY, inode);
    ck_assert_int_eq(memory_protect(m, AT, PAGE_SIZE, RW), -EACCES);
    finish();
}
END_TEST

// Does the stack grow by faults, but not for ever, nor into something?
START_TEST(stack)
{
    u32 top = MEMORY_END;
    u32 floor = top - MEMORY_STACK_BYTES;

    memory_map(m, top - PAGE_SIZE, PAGE_SIZE, RW,
               ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED, NULL, 0);
    ck_store(m, top - 8, 1);
    ck_store(m, top - 100 * PAGE_SIZE, 2);
    ck_assert_uint_eq(m->mapped, 100 * PAGE_SIZE);
    ck_assert_int_eq(store(m, floor - 4, 2), -EFAULT);
    ck_store(m, floor, 3);
    ck_load(m, top - 8, 1);
    finish();
}
END_TEST

// May a program ask for places that do not exist?
START_TEST(places)
{
    int any = memory_map(m, 0, PAGE_SIZE, RW, ANONYMOUS, NULL, 0);
    int more = memory_map(m, 0, 3 * PAGE_SIZE, RW, ANONYMOUS, NULL, 0);

    ck_assert_int_eq(any, (int)(MEMORY_MMAP_TOP - PAGE_SIZE));
    ck_assert_int_eq(more, any - (int)(3 * PAGE_SIZE));
    ck_assert_int_eq(memory_map(m, AT + 1, 1, RW, ANONYMOUS, NULL, 0),
                     (int)(AT + PAGE_SIZE));
    ck_assert_int_eq(memory_map(m, (u32)any, PAGE_SIZE, RW, ANONYMOUS, NULL, 0),
                     more - (int)PAGE_SIZE);
    ck_assert_int_eq(
        memory_map(m, 0, PAGE_SIZE, RW, ANONYMOUS | MAP_FIXED, NULL, 0),
        -EPERM);
    ck_assert_int_eq(
        memory_map(m, AT + 1, PAGE_SIZE, RW, ANONYMOUS | MAP_FIXED, NULL, 0),
        -EINVAL);
    ck_assert_int_eq(memory_map(m, MEMORY_END, PAGE_SIZE, RW,
                                ANONYMOUS | MAP_FIXED, NULL, 0),
                     -ENOMEM);
    ck_assert_int_eq(memory_map(m, 0, 0, RW, ANONYMOUS, NULL, 0), -EINVAL);
    ck_assert_int_eq(memory_map(m, 0, ~0u, RW, ANONYMOUS, NULL, 0), -ENOMEM);
    ck_assert_int_eq(memory_map(m, 0, 0x7fffffff, RW, ANONYMOUS, NULL, 0),
                     -ENOMEM);
    ck_assert_int_eq(memory_map(m, (u32)any, PAGE_SIZE, RW,
                                ANONYMOUS | MAP_FIXED_NOREPLACE, NULL, 0),
                     -EEXIST);
    ck_assert_int_eq(memory_unmap(m, AT, 0), -EINVAL);
    ck_assert_int_eq(memory_unmap(m, AT + 1, 1), -EINVAL);
    ck_assert_int_eq(memory_unmap(m, 0xfffff000, PAGE_SIZE), -EINVAL);
    ck_assert_int_eq(memory_unmap(m, AT, ~0u), -EINVAL);
    ck_assert_int_eq(memory_unmap(m, 0x40000000, PAGE_SIZE), 0);
    finish();
}
END_TEST

START_TEST(program_break)
{
    u32 start_at = 0x09000123;

    m->brk_start = m->brk = start_at;
    ck_assert_uint_eq(memory_brk(m, 0), start_at);
    ck_assert_uint_eq(memory_brk(m, start_at + 0x4000), start_at + 0x4000);
    ck_store(m, 0x09004000, 1);
    ck_assert_int_eq(store(m, 0x09005000, 1), -EFAULT);
    ck_assert_uint_eq(memory_brk(m, start_at + 0x9000), start_at + 0x9000);
    ck_assert_uint_eq(areas_of(m), 1);
    ck_load(m, 0x09004000, 1);
    ck_assert_uint_eq(memory_brk(m, start_at), start_at);
    ck_assert_uint_eq(m->mapped, 0);
    ck_assert_uint_eq(memory_brk(m, start_at - 1), start_at);
    memory_map(m, 0x09010000, PAGE_SIZE, RW, ANONYMOUS | MAP_FIXED, NULL, 0);
    ck_assert_uint_eq(memory_brk(m, 0x09020000), start_at);
    ck_assert_uint_eq(memory_brk(m, ~0u), start_at);
    finish();
}
END_TEST

// Does what moves keep its contents, in place or elsewhere?
START_TEST(remapped)
{
    u32 to = 0x30000000;

    map(4, RW, ANONYMOUS, NULL);
    for (u32 i = 0; i < 4; i++)
        ck_store(m, AT + i * PAGE_SIZE, i);
    ck_assert_int_eq(memory_remap(m, AT, 0x4000, 0x6000, 0, 0), (int)AT);
    ck_store(m, AT + 0x5000, 5);
    ck_assert_int_eq(memory_remap(m, AT, 0x6000, 0x2000, 0, 0), (int)AT);
    ck_assert_int_eq(store(m, AT + 0x2000, 5), -EFAULT);
    ck_assert_int_eq(
        memory_remap(m, AT, 0x2000, 0x5000, MREMAP_MAYMOVE | MREMAP_FIXED, to),
        (int)to);
    ck_load(m, to + PAGE_SIZE, 1);
    ck_load(m, to + 4 * PAGE_SIZE, 0);
    ck_assert_int_eq(store(m, AT, 5), -EFAULT);
    pooled_ck();
    memory_map(m, to + 0x5000, PAGE_SIZE, RW, ANONYMOUS | MAP_FIXED, NULL, 0);
    ck_assert_int_eq(memory_protect(m, to + 0x5000, PAGE_SIZE, PROT_READ), 0);
    ck_assert_int_eq(memory_remap(m, to, 0x5000, 0x8000, 0, 0), -ENOMEM);
    int moved = memory_remap(m, to + 0x1000, 0x1000, 0x8000, MREMAP_MAYMOVE, 0);

    ck_assert_int_eq(moved, (int)(MEMORY_MMAP_TOP - 0x8000));
    ck_load(m, (u32)moved, 1);
    ck_load(m, to, 0);
    ck_assert_int_eq(store(m, to + 0x1000, 5), -EFAULT);
    ck_assert_int_eq(memory_remap(m, to + 0x1000, 0x1000, 0x2000, 0, 0),
                     -EFAULT);
    ck_assert_int_eq(memory_remap(m, to, 0x1000, 0, 0, 0), -EINVAL);
    ck_assert_int_eq(memory_remap(m, to, 0x1000, 0x1000, 8, 0), -EINVAL);
    ck_assert_int_eq(
        memory_remap(m, to, 0x1000, 0x1000, MREMAP_MAYMOVE | MREMAP_FIXED, to),
        -EINVAL);
    finish();
}
END_TEST

// Between the kernel and a program: over page borders, and all or nothing.
START_TEST(copying)
{
    char text[PAGE_SIZE];
    char back[PAGE_SIZE];
    struct memory *child;

    for (u32 i = 0; i < sizeof(text); i++)
        text[i] = (char)('a' + i % 26);
    map(2, RW, ANONYMOUS, NULL);
    ck_assert_int_eq(memory_out(m, AT + 100, text, PAGE_SIZE), 0);
    ck_assert_int_eq(memory_in(m, back, AT + 100, PAGE_SIZE), 0);
    ck_assert_int_eq(memcmp(text, back, PAGE_SIZE), 0);
    ck_load(m, AT + 100, 0x64636261);
    ck_assert_int_eq(memory_fork(m, &child), 0);
    ck_assert_int_eq(memory_out(m, AT + 100, "AB", 3), 0);
    ck_load(child, AT + 100, 0x64636261);
    ck_load(m, AT + 100, 0x64004241);
    ck_assert_int_eq(memory_string(m, back, AT + 100, 10), 2);
    ck_assert_str_eq(back, "AB");
    ck_assert_int_eq(memory_string(m, back, AT + 104, 10), -ENAMETOOLONG);
    ck_assert_int_eq(memory_string(m, back, AT + 2 * PAGE_SIZE - 4, 4), 0);
    ck_assert_int_eq(memory_out(m, AT + 2 * PAGE_SIZE - 2, "xyz", 3), -EFAULT);
    ck_load(m, AT + 2 * PAGE_SIZE - 4, 0);
    ck_assert_int_eq(memory_in(m, back, 0xfffffff0, 0x20), -EFAULT);
    ck_assert_int_eq(memory_in(m, back, 0, 1), -EFAULT);
    ck_assert_int_eq(memory_in(m, back, 0xc0000000, 1), -EFAULT);
    ck_assert_int_eq(memory_in(m, back, 0, 0), 0);
    drop(child);
    finish();
}
END_TEST

static u32
kernel_pte(u32 va)
{
    page_no n = memory_page_at(m, va);

    return fake_pte(pooled.layout.kernel_directory_pa,
                    (u32)(word)pages_at(&lx.pages, n));
}

static void
gather(void *state)
{
    memory_gather(state);
}

// Does a save see what a program wrote, once each, and writes after it again?
START_TEST(gathered)
{
    struct plates *p = &pooled.boot.plates;
    const rid system = KIND_ID(KIND_SYSTEM);

    p->gather = gather;
    p->gather_state = &lx;
    map(3, RW, ANONYMOUS, NULL);
    ck_store(m, AT, 1);
    ck_store(m, AT + PAGE_SIZE, 1);
    ck_assert_int_gt(
        gate_control(&pooled.gate, system, SYSTEM_OCC_ENABLE, 0, 0, 0), 0);
    ck_assert_int_eq(gate_control(&pooled.gate, system, SYSTEM_SAVE, 0, 0, 0),
                     0);
    ck_assert_uint_eq(kernel_pte(AT) & PTE_DIRTY, 0);
    ck_assert_int_eq(gate_control(&pooled.gate, system, SYSTEM_SAVE, 0, 0, 0),
                     0);
    u32 idle = p->saved_pages;

    for (u32 value = 2; value < 5; value++) {
        ck_store(m, AT, value);
        ck_assert_uint_eq(kernel_pte(AT) & PTE_DIRTY, 0);
        memory_gather(&lx);
        ck_assert_uint_ne(kernel_pte(AT) & PTE_DIRTY, 0);
        ck_assert_uint_eq(kernel_pte(AT + PAGE_SIZE) & PTE_DIRTY, 0);
        ck_assert_int_eq(
            gate_control(&pooled.gate, system, SYSTEM_SAVE, 0, 0, 0), 0);
        ck_assert_uint_eq(p->saved_pages, idle + 1);
        ck_store(m, AT, value + 100);
        ck_assert_int_eq(
            gate_control(&pooled.gate, system, SYSTEM_SAVE, 0, 0, 0), 0);
        ck_assert_uint_eq(p->saved_pages, idle + 1);
    }
    // An entry that is dropped hands its bit on.
    ck_store(m, AT + PAGE_SIZE, 9);
    ck_assert_int_eq(memory_protect(m, AT, 3 * PAGE_SIZE, 0), 0);
    ck_assert_uint_ne(kernel_pte(AT + PAGE_SIZE) & PTE_DIRTY, 0);
    finish();
}
END_TEST

// The page tables are emptied as a restore does it: does all come back?
START_TEST(cache_lost)
{
    map(1500, RW, ANONYMOUS, NULL);
    for (u32 i = 0; i < 1500; i += 100)
        ck_store(m, AT + i * PAGE_SIZE, i);
    vspace_build_user(lx.vs, vspace_get(lx.vs, m->vspace));
    machine_invalidate_all();
    pooled_ck();
    for (u32 i = 0; i < 1500; i += 100)
        ck_load(m, AT + i * PAGE_SIZE, i);
    finish();
}
END_TEST

static const char *
caches_wrong(void)
{
    u8 *scratch = calloc(1, pooled.layout.memory_pages);
    const char *wrong = check_caches(&pooled.boot.plates, scratch);

    free(scratch);
    return wrong == NULL ? "" : wrong;
}

// Does the checker see page tables that show what is not the pool's?
START_TEST(checker)
{
    struct vspace_entry *e = vspace_get(lx.vs, m->vspace);

    map(1, RW, ANONYMOUS, NULL);
    ck_store(m, AT, 1);
    u32 *pte = paging_entry(e->page_directory, AT);
    u32 *pde = (u32 *)ram_at(e->page_directory) + (AT >> 22);
    u32 entry = *pte;
    u32 table = *pde;

    *pte = (entry & ~PTE_FRAME) | pooled.layout.data_pa;
    ck_assert_ptr_nonnull(strstr(caches_wrong(), "C3"));
    *pte = entry & ~PTE_USER;
    ck_assert_ptr_nonnull(strstr(caches_wrong(), "C3"));
    *pte = PTE_FRAME | 7;
    ck_assert_ptr_nonnull(strstr(caches_wrong(), "C3"));
    *pte = entry;
    *pde = (table & ~PTE_FRAME) | (entry & PTE_FRAME);
    ck_assert_ptr_nonnull(strstr(caches_wrong(), "C2"));
    *pde = (table & ~PTE_FRAME) | e->page_directory;
    ck_assert_ptr_nonnull(strstr(caches_wrong(), "C2"));
    *pde = 0;
    ck_assert_ptr_nonnull(strstr(caches_wrong(), "C2"));
    *pde = table;
    ck_assert_str_eq(caches_wrong(), "");
    // Neither a pool's page that is not the one of the map.
    *pte = (entry & ~PTE_FRAME) | pages_frame(&lx.pages, m->map) << PAGE_SHIFT;
    ck_assert_str_eq(caches_wrong(), "");
    ck_assert_ptr_nonnull(strstr(memory_check(&lx), "M3"));
    *pte = entry;
    e->flags = 2;
    u8 *scratch = calloc(1, pooled.layout.memory_pages);

    ck_assert_ptr_nonnull(check_tables(&pooled.boot.plates, scratch));
    free(scratch);
    e->flags = VSPACE_CACHE;
    finish();
}
END_TEST

// Without memory: is it said, and does everything that was there go on?
START_TEST(no_memory)
{
    struct memory *child;

    map(CHUNK_PAGES * 4, RW, ANONYMOUS, NULL);
    ck_store(m, AT, 1);
    pooled_starve(CHUNK_PAGES + 2);
    u32 i = 1;
    int err;

    while ((err = store(m, AT + i * PAGE_SIZE, i)) == 0)
        i++;
    ck_assert_int_eq(err, -ENOMEM);
    ck_assert_int_lt(memory_fork(m, &child), 0);
    ck_assert_int_eq(memory_out(m, AT + i * PAGE_SIZE, "x", 1), -ENOMEM);
    pooled_ck();
    for (u32 k = 1; k < i; k++)
        ck_load(m, AT + k * PAGE_SIZE, k);
    // A page table cannot be had: others are given up for it.
    u32 far = 0x60000000;

    memory_unmap(m, AT, PAGE_SIZE * 16);
    pooled_feed();
    pooled_starve(0);
    ck_assert_int_eq(
        memory_map(m, far, PAGE_SIZE, RW, ANONYMOUS | MAP_FIXED, NULL, 0),
        (int)far);
    ck_store(m, far, 1);
    ck_load(m, AT + 20 * PAGE_SIZE, 20);
    ck_store(m, far, 2);
    pooled_feed();
    finish();
}
END_TEST

static u32
reserve(void *state)
{
    return plate_reserve(state);
}

// Take all frames but so many; they want no copies at a save.
static void
hog(u32 leave)
{
    u32 pages = pooled_free_pages() - leave;

    ck_assert_int_gt(gate_create(&pooled.gate, KIND_VKSPACE, NULL, pages,
                                 SPACE_WRITABLE | SPACE_UNSAVED, 0, 0),
                     0);
}

// Programs whose page tables want more frames than a save leaves: can everything
// be saved, and do they go on?
START_TEST(tables_leave_the_save)
{
    const rid system = KIND_ID(KIND_SYSTEM);
    struct memory *in[3] = {m};

    lx.pages.reserve = reserve;
    lx.pages.reserve_state = &pooled.boot.plates;
    lx.pages.copies = 2;
    for (u32 i = 0; i < SPREAD; i++) {
        u32 va = AT + i * TABLE_SPAN;

        memory_map(m, va, PAGE_SIZE, RW, ANONYMOUS | MAP_FIXED, NULL, 0);
        ck_store(m, va, i);
    }
    ck_assert_int_eq(memory_fork(m, &in[1]), 0);
    ck_assert_int_eq(memory_fork(m, &in[2]), 0);
    hog(pages_reserve(&lx.pages) + SPREAD / 2);
    for (u32 i = 0; i < 3 * SPREAD; i++)
        ck_load(in[i % 3], AT + i / 3 * TABLE_SPAN, i / 3);
    ck_assert_uint_ge(pooled_free_pages(), pages_reserve(&lx.pages));
    pooled_ck();
    ck_assert_int_gt(
        gate_control(&pooled.gate, system, SYSTEM_OCC_ENABLE, 0, 0, 0), 0);
    ck_assert_int_eq(gate_control(&pooled.gate, system, SYSTEM_SAVE, 0, 0, 0),
                     0);
    drop(in[1]);
    drop(in[2]);
    finish();
}
END_TEST

// Nothing is left beside what a save wants: is that said?
START_TEST(no_table)
{
    struct memory *other;

    lx.pages.reserve = reserve;
    lx.pages.reserve_state = &pooled.boot.plates;
    lx.pages.copies = 2;
    map(1, RW, ANONYMOUS, NULL);
    pooled_starve(pages_reserve(&lx.pages));
    ck_assert_int_eq(store(m, AT, 1), -ENOMEM);
    ck_assert_int_eq(memory_new(&lx, &other), -ENOMEM);
    pooled_feed();
    ck_store(m, AT, 1);
    finish();
}
END_TEST

// Does a program that maps all over the place keep its page tables few?
START_TEST(tables_few)
{
    const struct vspace_entry *e = vspace_get(lx.vs, m->vspace);

    for (u32 i = 0; i < 400; i++) {
        u32 va = 0x10000000 + i * TABLE_SPAN;

        memory_map(m, va, PAGE_SIZE, RW, ANONYMOUS | MAP_FIXED, NULL, 0);
        ck_store(m, va, i);
        ck_assert_int_eq(memory_unmap(m, va, PAGE_SIZE), 0);
        ck_assert_uint_le(e->tables_used, 40);
    }
    finish();
}
END_TEST

// --- many areas ---

#define FEW 2000u
#define MANY 8000u // below MEMORY_AREAS_MAX

struct work {
    u64 map, protect, touch, fork, drop, unmap;
};

static u64
since(u64 *start)
{
    u64 before = *start;

    *start = fake.accesses;
    return fake.accesses - before;
}

// One after the other, all apart from each other.
static u32
apart(u32 i)
{
    return AT + i * 2 * PAGE_SIZE;
}

static void
work_with(u32 areas, struct work *work)
{
    u64 start = fake.accesses;
    struct memory *child;
    u32 value;

    for (u32 i = 0; i < areas; i++)
        ck_assert_int_gt(memory_map(m, apart(i), PAGE_SIZE, RW,
                                    ANONYMOUS | MAP_FIXED, NULL, 0),
                         0);
    work->map = since(&start);
    for (u32 i = 0; i < areas; i++)
        ck_assert_int_eq(memory_protect(m, apart(i), PAGE_SIZE, PROT_READ), 0);
    work->protect = since(&start);
    for (u32 i = areas - 500; i < areas; i++)
        ck_assert_int_eq(load(m, apart(i), &value), 0);
    work->touch = since(&start);
    ck_assert_int_eq(memory_fork(m, &child), 0);
    work->fork = since(&start);
    ck_assert_uint_eq(areas_of(child), areas);
    drop(child);
    work->drop = since(&start);
    for (u32 i = areas / 2; i < areas; i++)
        ck_assert_int_eq(memory_unmap(m, apart(i), PAGE_SIZE), 0);
    work->unmap = since(&start);
    ck_assert_int_eq(memory_unmap(m, AT, apart(areas) - AT), 0);
}

// Four times the areas are at most five times the work.
static void
ck_linear(const char *what, u64 few, u64 many)
{
    ck_assert_msg(many <= 5 * few, "%s: %u areas are %u accesses, %u are %u",
                  what, FEW, (u32)few, MANY, (u32)many);
}

// Does the work grow with the number of areas, and not with its square?
START_TEST(many_areas)
{
    struct work few, many;

    work_with(FEW, &few);
    work_with(MANY, &many);
    pooled_ck();
    ck_linear("map", few.map, many.map);
    ck_linear("protect", few.protect, many.protect);
    ck_assert_uint_le(many.touch, 2 * few.touch);
    ck_linear("fork", few.fork, many.fork);
    ck_linear("drop", few.drop, many.drop);
    ck_linear("unmap", few.unmap, many.unmap);
    finish();
}
END_TEST

// --- against a simple model ---

#define MODEL_PAGES 48u

struct model {
    int mapped, writable;
    u32 value;
};

static void
model_step(struct model *model)
{
    u32 from = (u32)rand() % MODEL_PAGES;
    u32 n = 1 + (u32)rand() % (MODEL_PAGES - from);
    u32 most = 1 + (u32)rand() % 12;
    u32 at = AT + from * PAGE_SIZE;
    int what = rand() % 6;
    u32 prot = rand() % 2 ? RW : PROT_READ;
    int covered = 1;

    n = MIN(n, most);
    for (u32 i = from; i < from + n; i++)
        covered &= model[i].mapped;
    if (what == 0)
        ck_assert_int_eq(memory_map(m, at, n * PAGE_SIZE, prot,
                                    ANONYMOUS | MAP_FIXED, NULL, 0),
                         (int)at);
    else if (what == 1)
        ck_assert_int_eq(memory_unmap(m, at, n * PAGE_SIZE), 0);
    else if (what == 2)
        ck_assert_int_eq(memory_protect(m, at, n * PAGE_SIZE, prot),
                         covered ? 0 : -ENOMEM);
    else if (what == 3)
        memory_discard(m, at, n * PAGE_SIZE);
    for (u32 i = from; i < from + n; i++) {
        struct model *page = &model[i];

        if (what == 0)
            *page = (struct model){1, prot == RW, 0};
        else if (what == 1)
            *page = (struct model){0, 0, 0};
        else if (what == 2 && covered)
            page->writable = prot == RW;
        else if (what == 3)
            page->value = 0;
        else if (what > 3) {
            u32 value = (u32)rand();
            int err = store(m, AT + i * PAGE_SIZE, value);

            ck_assert_int_eq(err, page->writable ? 0 : -EFAULT);
            if (err == 0)
                page->value = value;
        }
    }
}

static void
model_ck(struct memory *in, const struct model *model)
{
    for (u32 i = 0; i < MODEL_PAGES; i++) {
        u32 value = 0;
        int err = load(in, AT + i * PAGE_SIZE, &value);

        ck_assert_int_eq(err, model[i].mapped ? 0 : -EFAULT);
        ck_assert_uint_eq(value, model[i].value);
    }
}

// Any order of mapping, unmapping, protecting, discarding and writing, with
// forks in between whose children must not change.
START_TEST(at_random)
{
    struct model model[MODEL_PAGES];
    struct model before[MODEL_PAGES];
    struct memory *child = NULL;

    srand(3);
    memset(model, 0, sizeof(model));
    memset(before, 0, sizeof(before));
    for (u32 round = 0; round < 1500; round++) {
        model_step(model);
        if (round % 50 == 0) {
            if (child != NULL)
                drop(child);
            ck_assert_int_eq(memory_fork(m, &child), 0);
            memcpy(before, model, sizeof(model));
        }
        if (round % 10 == 0) {
            model_ck(m, model);
            model_ck(child, before);
            ck_merged(m);
            ck_merged(child);
            pooled_ck();
        }
    }
    drop(child);
    finish();
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {
        anonymous,     middle,     forks,
        parent_writes, files,      file_split,
        truncated,     shared,     protected,
        stack,         places,     program_break,
        remapped,      copying,    gathered,
        cache_lost,    no_memory,  tables_few,
        checker,       at_random,  tables_leave_the_save,
        no_table,      many_areas, NULL};
    const struct suite suite = {.name = "linux_memory",
                                .open = start,
                                .close = pooled_close,
                                .test = tests};

    return suite_run(&suite);
}

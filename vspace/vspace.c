// vspace.c -- resource virtual space: one virtual-to-real translation table
#include "vspace/vspace.h"

#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "tender/text.h"
#include "vspace/pager.h"
#include "vspace/paging.h"
#include "vspace/space.h"

#define TABLE_FLAGS (PTE_PRESENT | PTE_WRITE | PTE_USER | PTE_ACCESSED)
#define USER_SEARCH_VA 0x10000000u

void
vspace_attach_table(struct vspaces *vs, void *table, struct real_memory *rm,
                    const struct layout *layout)
{
    vs->gate = NULL;
    vs->table = table;
    vs->rm = rm;
    vs->user = NULL;
    vs->pager = NULL;
    vs->layout = layout;
    vs->next_va = KERNEL_SPACES_VA;
}

void
vspace_init(struct vspaces *vs, void *table, const struct limits *limits,
            struct real_memory *rm, const struct layout *layout)
{
    vspace_attach_table(vs, table, rm, layout);
    table_init(vs->table, KIND_VSPACE, sizeof(struct table),
               sizeof(struct vspace_entry), limits->vspaces);
    struct vspace_entry *e = (void *)table_add(vs->table, "kernel", RID_NONE);

    e->page_directory = layout->kernel_directory_pa;
}

struct vspace_entry *
vspace_kernel(const struct vspaces *vs)
{
    return (struct vspace_entry *)(void *)table_at(vs->table, 0);
}

struct vspace_entry *
vspace_get(const struct vspaces *vs, rid id)
{
    return (struct vspace_entry *)(void *)table_get(vs->table, id);
}

void
vspace_build_kernel(struct vspaces *vs, const u32 *window)
{
    const struct layout *layout = vs->layout;
    u32 *directory = ram_at(layout->kernel_directory_pa);

    machine_zero_page(directory);
    memcpy(directory + paging_directory_index(RAM_BASE), window, 256 * 4);
    for (u32 i = 0; i < layout->kernel_tables; i++) {
        u32 pa = layout->kernel_tables_pa + i * PAGE_SIZE;

        machine_zero_page(ram_at(pa));
        directory[paging_directory_index(KERNEL_BASE) + i] =
            pa | PTE_PRESENT | PTE_WRITE | PTE_ACCESSED;
    }
}

void
vspace_build_user(struct vspaces *vs, struct vspace_entry *e)
{
    const u32 *kernel = ram_at(vs->layout->kernel_directory_pa);
    u32 *directory = ram_at(e->page_directory);
    u32 half = paging_directory_index(USER_END);

    memset(directory, 0, half * 4);
    memcpy(directory + half, kernel + half, half * 4);
    e->tables_used = 0;
}

// The next page table of a user space, from those it has or a new one.
static u32
take_table(struct vspaces *vs, struct vspace_entry *e)
{
    u32 frame = real_memory_first(vs->rm, e->page_tables);

    for (u32 i = 0; i <= e->tables_used && frame != 0; i++)
        frame = real_memory_next(vs->rm, frame);
    if (frame == 0) {
        int taken = real_memory_extend(vs->rm, e->page_tables);

        ASSERT(taken > 0);
        frame = (u32)taken;
    }
    e->tables_used++;
    machine_zero_page(ram_at(frame << PAGE_SHIFT));
    return frame << PAGE_SHIFT;
}

u32 *
vspace_entry_at(struct vspaces *vs, struct vspace_entry *e, u32 va)
{
    u32 *directory = ram_at(e->page_directory);
    u32 *pde = &directory[paging_directory_index(va)];

    if ((*pde & PTE_PRESENT) == 0) {
        ASSERT(va < USER_END);
        *pde = take_table(vs, e) | TABLE_FLAGS;
    }
    return paging_entry(e->page_directory, va);
}

void
vspace_set(struct vspaces *vs, struct vspace_entry *e, u32 va, u32 entry)
{
    u32 *pte = vspace_entry_at(vs, e, va);

    ASSERT(va % PAGE_SIZE == 0 && *pte == 0);
    *pte = entry;
}

void
vspace_unmap(struct vspace_entry *e, u32 va)
{
    u32 *pte = paging_entry(e->page_directory, va);

    ASSERT(pte != NULL && *pte != 0);
    *pte = 0;
    machine_invalidate(va);
}

int
vspace_check_room(struct vspaces *vs, const struct vspace_entry *e, u32 va,
                  u32 pages)
{
    if (!paging_free(e->page_directory, va, pages))
        return E_ADDRESS;
    u32 tables = paging_tables_missing(e->page_directory, va, pages);

    if (e == vspace_kernel(vs))
        return tables == 0 ? 0 : E_ADDRESS;
    return real_memory_check_room(vs->rm, 0, tables);
}

u32
vspace_find_kernel(struct vspaces *vs, u32 pages)
{
    u32 pd = vs->layout->kernel_directory_pa;
    u32 end = KERNEL_BASE + (vs->layout->kernel_tables * TABLE_SPAN - 1);
    u32 va = paging_find(pd, vs->next_va, end, pages);

    if (va == 0)
        va = paging_find(pd, KERNEL_SPACES_VA, end, pages);
    if (va != 0)
        vs->next_va = va + (pages - 1) * PAGE_SIZE;
    return va;
}

u32
vspace_find_user(const struct vspace_entry *e, u32 pages)
{
    return paging_find(e->page_directory, USER_SEARCH_VA, USER_END, pages);
}

// The physical address behind a user address; -> 0, E_POINTER, or why a page
// that is paged out cannot come back.
static int
look_up(struct vspaces *vs, const struct vspace_entry *e, u32 va, u32 flags,
        u32 *pa)
{
    const u32 need = flags & (PTE_PRESENT | PTE_USER | PTE_WRITE);
    u32 *pte;

    if (va < USER_BASE || va >= USER_END)
        return E_POINTER;
    pte = paging_entry(e->page_directory, va);
    if (pte == NULL)
        return E_POINTER;
    if (vs->pager != NULL && (*pte & PTE_PRESENT) == 0 && *pte != 0) {
        int err = pager_fault(vs->pager, e, va);

        if (err < 0)
            return err;
    }
    if ((*pte & need) != need)
        return E_POINTER;
    *pa = (*pte & PTE_FRAME) | (va & (PAGE_SIZE - 1));
    if ((*pte & flags) != flags)
        *pte |= flags;
    return 0;
}

// Everything must be there before the first byte is copied.
static int
check_range(struct vspaces *vs, const struct vspace_entry *e, u32 va, u32 bytes,
            u32 need)
{
    u32 end = va + bytes;
    u32 pa;

    if (bytes == 0)
        return 0;
    if (end < va || end > USER_END)
        return E_POINTER;
    for (u32 page = va & PTE_FRAME; page < end; page += PAGE_SIZE) {
        int err = look_up(vs, e, MAX(page, va), need, &pa);

        if (err < 0)
            return err;
    }
    return 0;
}

int
vspace_read(struct vspaces *vs, const struct vspace_entry *e, u32 va, void *to,
            u32 bytes)
{
    const u32 need = PTE_PRESENT | PTE_USER;
    u8 *t = to;
    int err = check_range(vs, e, va, bytes, need);
    u32 pa;

    while (err == 0 && bytes > 0) {
        u32 n = MIN(bytes, PAGE_SIZE - (va & (PAGE_SIZE - 1)));

        // Bringing one page may have driven out another: it comes again.
        err = look_up(vs, e, va, need | PTE_ACCESSED, &pa);
        if (err == 0)
            memcpy(t, ram_at(pa), n);
        va += n;
        t += n;
        bytes -= n;
    }
    return err;
}

int
vspace_write(struct vspaces *vs, const struct vspace_entry *e, u32 va,
             const void *from, u32 bytes, int user)
{
    const u32 need = PTE_PRESENT | PTE_USER | (user ? PTE_WRITE : 0);
    const u8 *f = from;
    int err = check_range(vs, e, va, bytes, need);
    u32 pa;

    while (err == 0 && bytes > 0) {
        u32 n = MIN(bytes, PAGE_SIZE - (va & (PAGE_SIZE - 1)));

        err = look_up(vs, e, va, need | PTE_ACCESSED | PTE_DIRTY, &pa);
        if (err == 0)
            memcpy(ram_at(pa), f, n);
        va += n;
        f += n;
        bytes -= n;
    }
    return err;
}

static int
create(void *state, struct call *call)
{
    struct vspaces *vs = state;
    char name[NAME_MAX];
    int err = (call->arg[1] & ~(word)VSPACE_CACHE) != 0 ? E_ARGUMENT : 0;

    if (err == 0)
        err = call_name(vs->gate, call, call->arg[0], name);
    if (err == 0)
        err = table_check_add(vs->table, name);
    if (err < 0)
        return err;
    int memory = real_memory_create(vs->rm, RID_NONE, 1);

    if (memory < 0)
        return memory;
    struct vspace_entry *e = (void *)table_add(vs->table, name, call->caller);

    e->page_tables = (rid)memory;
    e->flags = (u32)call->arg[1];
    e->page_directory = real_memory_first(vs->rm, (rid)memory) << PAGE_SHIFT;
    vspace_build_user(vs, e);
    return (int)e->res.id;
}

static int
destroy(void *state, struct call *call)
{
    struct vspaces *vs = state;
    struct vspace_entry *e = vspace_get(vs, call->target);

    if (e == vspace_kernel(vs))
        return E_BUSY;
    space_delete_all(vs->user, e->res.id);
    real_memory_delete(vs->rm, e->page_tables);
    table_remove(vs->table, &e->res);
    return 0;
}

static int
control(void *state, struct call *call)
{
    struct vspaces *vs = state;
    const struct vspace_entry *e = vspace_get(vs, call->target);
    u32 va = (u32)call->arg[1];

    if (e == NULL)
        return E_ID;
    switch (call->arg[0]) {
    case VSPACE_DIRECTORY:
        return (int)e->page_directory;
    case VSPACE_READ:
        return vspace_read(vs, e, va, (void *)call->arg[2], (u32)call->arg[3]);
    case VSPACE_WRITE:
        return vspace_write(vs, e, va, (const void *)call->arg[2],
                            (u32)call->arg[3], 0);
    default:
        return E_ARGUMENT;
    }
}

static void
describe(void *state, const struct res *res, struct resource_info *info)
{
    const struct vspace_entry *e = (const void *)res;

    (void)state;
    info->detail[0] = e->page_directory;
    info->detail[1] = e->tables_used;
}

void
vspace_register(struct vspaces *vs, struct gate *gate, struct spaces *user)
{
    struct kind row = {.name = "vspace",
                       .state = vs,
                       .table = vs->table,
                       .describe = describe};

    row.program[OP_CREATE] = create;
    row.program[OP_DELETE] = destroy;
    row.program[OP_CONTROL] = control;
    vs->gate = gate;
    vs->user = user;
    gate_register(gate, KIND_VSPACE, &row);
}

// lint_context.c -- L5: stores from a context that must not make them
#include <string.h>

#include "tender/ram.h"
#include "tender/table.h"
#include "tests/cut/except.h"
#include "tests/cut/lint_walk.h"
#include "vspace/paging.h"

#define STACK_PAGES 2u

bool
context_is_dead(const struct walk *w, u32 pa)
{
    const struct nv_shutdown *shutdown = walk_at(w, w->layout.shutdown_pa);
    u32 end = except_alive(shutdown->cpu.eip, shutdown->cpu.esp);
    u32 page_va = (end - 1) & PTE_FRAME;

    for (u32 i = 0; i < STACK_PAGES; i++, page_va -= PAGE_SIZE) {
        u32 pte = walk_pte(w, w->layout.kernel_directory_pa, page_va);

        if ((pte & PTE_PRESENT) != 0 && (pte & PTE_FRAME) == (pa & PTE_FRAME))
            return page_va + pa % PAGE_SIZE < end;
    }
    return false;
}

// A cold start, which makes the root, may do it as it likes.
static bool
is_right_in_root(const struct walk *w, const struct cut_event *e)
{
    u32 offset;
    const char *name = elf_name(w->elf, e->eip, &offset);

    return walk_root(w)->magic != NV_ROOT_MAGIC ||
           strncmp(name, "root_", 5) == 0;
}

// While the flag is normal, what it stands for may come back at any moment.
static bool
is_right_while_normal(const struct walk *w, const struct cut_event *e)
{
    u32 data = e->pa - w->layout.data_pa;

    if (e->kind == CUT_MMU)
        return true;
    if (w->of == LINT_BOOT)
        return data < w->limits->data_pages * PAGE_SIZE;
    return context_is_dead(w, e->pa);
}

static bool
is_in_table(const struct walk *w, u32 table_pa, u32 page, u32 bits)
{
    const u32 *pte = walk_at(w, table_pa);

    bits |= PTE_PRESENT | PTE_USER;
    for (u32 i = 0; i < PAGE_SIZE / 4; i++)
        if ((pte[i] & bits) == bits && pte[i] / PAGE_SIZE == page)
            return true;
    return false;
}

bool
context_is_of_programs(const struct walk *w, u32 page, u32 bits)
{
    const struct table *spaces = walk_at(w, w->layout.table_pa[TABLE_VSPACE]);
    struct res *res;
    u32 i = 0;

    while ((res = table_next(spaces, &i)) != NULL) {
        const struct vspace_entry *e = (const void *)res;
        const u32 *pde = walk_at(w, e->page_directory & PTE_FRAME);

        for (u32 t = 0; t < USER_END >> 22; t++)
            if ((pde[t] & PTE_PRESENT) != 0 && pde[t] < w->image->bytes &&
                is_in_table(w, pde[t] & PTE_FRAME, page, bits))
                return true;
    }
    return false;
}

// What the kernel stores may change who owns a page; what programs do cannot.
static void
check_program(struct walk *w, const struct cut_event *e)
{
    u32 page = e->pa / PAGE_SIZE;

    if (e->kind != CUT_STORE || e->eip >= USER_END) {
        w->user_page = 0;
        return;
    }
    if (w->of == LINT_BOOT || page == w->user_page)
        return;
    if (context_is_of_programs(w, page, 0))
        w->user_page = page;
    else
        lint_finding(w, 5, "a program stores at %x, which none may", e->pa);
}

void
context_check(struct walk *w, const struct cut_event *e)
{
    bool root = e->pa / PAGE_SIZE == NV_ROOT_PA / PAGE_SIZE;

    if (e->pa < NV_ROOT_PA || e->pa / PAGE_SIZE >= w->layout.end_frame)
        return;
    if (w->of == LINT_BOOT && !w->decided)
        lint_finding(w, 5, "%s stores at %x before the boot decision",
                     lint_code(w, e), e->pa);
    else if (root && !is_right_in_root(w, e))
        lint_finding(w, 5, "%s stores in the root, at %x", lint_code(w, e),
                     e->pa);
    else if (walk_root(w)->flag == FLAG_NORMAL &&
             !(root && w->of == LINT_BOOT) && !is_right_while_normal(w, e))
        lint_finding(w, 5, "%s stores at %x while the flag is normal",
                     lint_code(w, e), e->pa);
    else
        check_program(w, e);
}

// vspace.h -- resource virtual space: one virtual-to-real translation table
//
// Paper 002, 1.2 M2.  The kernel's own half is the same in all of them: its page
// tables lie at fixed places and exist from the cold start on, so a page
// directory never changes there.  User page tables are frames of one real
// memory, used in the order they are needed; restore uses them again.
//
//   CREATE name, VSPACE_...   DELETE   CONTROL VSPACE_DIRECTORY, VSPACE_READ, VSPACE_WRITE
#ifndef VSPACE_VSPACE_H
#define VSPACE_VSPACE_H

#include "resources/real_memory.h"
#include "tender/layout.h"
#include "vspace/paging.h"

struct pager;
struct spaces;

struct vspaces {
    struct gate *gate;
    struct table *table;
    struct real_memory *rm;
    struct spaces *user; // the virtual user spaces, for DELETE
    struct pager *pager; // NULL without paging out
    const struct layout *layout;
    u32 next_va; // where the search for kernel addresses goes on
};

void vspace_attach_table(struct vspaces *vs, void *table,
                         struct real_memory *rm, const struct layout *layout);
void vspace_init(struct vspaces *vs, void *table, const struct limits *limits,
                 struct real_memory *rm, const struct layout *layout);
void
vspace_register(struct vspaces *vs, struct gate *gate, struct spaces *user);

// The kernel's virtual space: the first entry.
struct vspace_entry *vspace_kernel(const struct vspaces *vs);
struct vspace_entry *vspace_get(const struct vspaces *vs, rid id);

// Write the kernel's page directory and empty page tables.  window: the 256
// directory entries of the straight window.
void vspace_build_kernel(struct vspaces *vs, const u32 *window);

// Empty a user space's page directory; its page tables are free for reuse.
void vspace_build_user(struct vspaces *vs, struct vspace_entry *e);

// The page-table entry of a page.
static inline u32
vspace_pte(u32 frame, u32 pte_flags)
{
    return frame << PAGE_SHIFT | pte_flags | PTE_PRESENT | PTE_ACCESSED;
}

// The page-table entry of a user address, with a page table if there was none:
// memory for it must have been there.
u32 *vspace_entry_at(struct vspaces *vs, struct vspace_entry *e, u32 va);

// Fill in the empty page-table entry of one page; as a mapping, or as it is.
// vspace_check_room() must have allowed it.
void vspace_set(struct vspaces *vs, struct vspace_entry *e, u32 va, u32 entry);
static inline void
vspace_map(struct vspaces *vs, struct vspace_entry *e, u32 va, u32 frame,
           u32 pte_flags)
{
    vspace_set(vs, e, va, vspace_pte(frame, pte_flags));
}
void vspace_unmap(struct vspace_entry *e, u32 va);

// 0 if [va, va + pages) is free and there is memory for its page tables.
int vspace_check_room(struct vspaces *vs, const struct vspace_entry *e, u32 va,
                      u32 pages);

// Free addresses: in the kernel window, or in a user space; 0 if none.
u32 vspace_find_kernel(struct vspaces *vs, u32 pages);
u32 vspace_find_user(const struct vspace_entry *e, u32 pages);

// Copy between the kernel and the user part of a space, page by page, through
// the straight window; writing marks the pages dirty itself.  user != 0:
// the page must be writable for the program to be written.  What is paged out
// comes back.  0, E_POINTER, or why a page cannot come back.
int vspace_read(struct vspaces *vs, const struct vspace_entry *e, u32 va,
                void *to, u32 bytes);
int vspace_write(struct vspaces *vs, const struct vspace_entry *e, u32 va,
                 const void *from, u32 bytes, int user);

#endif

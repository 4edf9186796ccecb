// nv.c -- the NV plate store: paired save areas in NV memory
//
// Paper 002, 1.2 M7.  A save area is a virtual kernel space of its own, made
// when a space is plate-ized and never during the copying.  Which of the two
// holds the newest copy of a page is FRAME_NEWEST in the frame word of the
// page in area 0.  put() writes the other one, so until the commit word names
// the tables that hold the flipped bit, nothing a restore reads has changed.
#include "plate/plate.h"
#include "plate/slot.h"
#include "plate/store.h"
#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/ram.h"
#include "vspace/paging.h"

static int
make_area(struct plates *p, u32 pages)
{
    return gate_create(p->gate, KIND_VKSPACE, NULL, pages,
                       SPACE_WRITABLE | SPACE_SAVE_AREA, 0, 0);
}

static void
discard(struct plates *p, const rid area[2])
{
    for (int a = 0; a < 2; a++) {
        // The old program: a save area's own deletion defers nothing.
        int err = gate_delete(p->gate, area[a]);

        ASSERT(err == 0);
    }
}

static int
create(struct plates *p, struct plate_entry *plate)
{
    int first = make_area(p, plate->pages);

    if (first < 0)
        return first;
    int second = make_area(p, plate->pages);

    if (second < 0) {
        int err = gate_delete(p->gate, (rid)first);

        ASSERT(err == 0);
        return second;
    }
    plate->area[0] = (rid)first;
    plate->area[1] = (rid)second;
    return 0;
}

// The frame behind a page of a save area.  The kernel's page tables lie one
// after the other, so they are one table.
static u32
area_frame(const struct plates *p, rid area, u32 page)
{
    const struct space_entry *e = space_get(p->vk, area);
    const u32 *pte = ram_at(p->layout->kernel_tables_pa);

    ASSERT(e != NULL && (e->flags & SPACE_SAVE_AREA) != 0);
    ASSERT(page < e->pages);
    return pte[((e->va - KERNEL_BASE) >> PAGE_SHIFT) + page] >> PAGE_SHIFT;
}

static void
put(struct plates *p, const struct plate_entry *plate, u32 page, u32 frame)
{
    u32 first = area_frame(p, plate->area[0], page);
    u32 newest = (p->rm->frame[first] & FRAME_NEWEST) != 0;
    u32 to = newest ? first : area_frame(p, plate->area[1], page);

    machine_copy_page(ram_at(to << PAGE_SHIFT), ram_at(frame << PAGE_SHIFT));
    machine_flush(ram_at(to << PAGE_SHIFT), PAGE_SIZE);
    p->rm->frame[first] ^= FRAME_NEWEST;
}

static void
get(struct plates *p, const struct plate_entry *plate, u32 page, u32 frame)
{
    u32 first = area_frame(p, plate->area[0], page);
    u32 newest = (p->rm->frame[first] & FRAME_NEWEST) != 0;
    u32 from = newest ? area_frame(p, plate->area[1], page) : first;

    machine_copy_page(ram_at(frame << PAGE_SHIFT), ram_at(from << PAGE_SHIFT));
}

// Nothing can be lent to others before the commit.
static void
retire(struct plates *p, const rid area[2])
{
    (void)p;
    (void)area;
}

// The save before the previous one is named by root.previous as long as no
// page of it was overwritten: from here on that is not so.
static int
begin(struct plates *p)
{
    (void)p;
    root_set(&root_at()->previous, 0);
    return 0;
}

static int
fill(struct plates *p)
{
    slot_fill(p);
    return 0;
}

static int
commit(struct plates *p, u32 generation, u32 flag)
{
    (void)flag; // a shutdown has its own way
    p->saved_table_pages = slot_write(p, generation);
    machine_fence();
    root_set(&root_at()->commit, root_word(generation)); // the commit point
    return 0;
}

// Only before the first copy was made: nothing here can fail later.
static void
abandon(struct plates *p)
{
    (void)p;
}

// The save before this one is whole unless save areas were freed.
static void
settle(struct plates *p, u32 before, u32 freed)
{
    (void)p;
    if (freed == 0 && before != 0)
        root_set(&root_at()->previous, root_word(before));
}

static int
finish(struct plates *p)
{
    (void)p;
    return 0;
}

static u32
newest(const struct plates *p)
{
    (void)p;
    return root_generation(root_at()->commit);
}

// The commit word goes first: a cut before it is durable still restores the
// last save, whose save areas are all there; a cut after it starts cold.
static int
forget(struct plates *p)
{
    (void)p;
    root_set(&root_at()->previous, 0);
    root_set(&root_at()->commit, 0);
    return 0;
}

static void
restored(struct plates *p, u32 generation)
{
    slot_fresh(p, generation);
}

const struct plate_store plate_store_nv = {
    .name = "nv",
    .create = create,
    .discard = discard,
    .retire = retire,
    .begin = begin,
    .put = put,
    .fill = fill,
    .commit = commit,
    .abandon = abandon,
    .settle = settle,
    .get = get,
    .finish = finish,
    .newest = newest,
    .forget = forget,
    .restored = restored,
};

// real_memory.c -- resource real memory: chains of page frames
#include "resources/real_memory.h"

#include "tender/assert.h"
#include "tender/machine.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "tender/text.h"

#define HEAD sizeof(struct real_memory_head)
#define ENTRY sizeof(struct real_memory_entry)

void
real_memory_attach(struct real_memory *rm, void *table,
                   const struct limits *limits)
{
    rm->gate = NULL;
    rm->head = table;
    rm->reclaim = NULL;
    rm->reclaim_state = NULL;
    rm->frame =
        (u32 *)((word)table + table_bytes(HEAD, ENTRY, limits->real_memories));
}

void
real_memory_init(struct real_memory *rm, void *table,
                 const struct limits *limits, const struct layout *layout)
{
    real_memory_attach(rm, table, limits);
    table_init(&rm->head->table, KIND_REAL_MEMORY, HEAD, ENTRY,
               limits->real_memories);
    rm->head->frames = layout->memory_pages;
    for (u32 f = 0; f < layout->memory_pages; f++)
        rm->frame[f] = FRAME_FIXED;
    for (u32 f = layout->first_frame; f < layout->end_frame; f++)
        rm->frame[f] = f + 1 < layout->end_frame ? f + 1 : 0;
    rm->head->free_first = layout->first_frame;
    rm->head->free = layout->end_frame - layout->first_frame;
    rm->head->usable = rm->head->free;
}

static struct real_memory_entry *
entry_of(const struct real_memory *rm, rid id)
{
    struct res *res = table_get(&rm->head->table, id);

    ASSERT(res != NULL);
    return (struct real_memory_entry *)(void *)res;
}

int
real_memory_check_room(struct real_memory *rm, u32 memories, u32 pages)
{
    if (rm->head->table.capacity - rm->head->table.used < memories)
        return E_TABLE;
    if (pages > rm->head->free && rm->reclaim != NULL)
        rm->reclaim(rm->reclaim_state, pages);
    return pages <= rm->head->free ? 0 : E_MEMORY;
}

// Take the first frame of the free chain.
static u32
take_frame(struct real_memory *rm)
{
    u32 f = rm->head->free_first;

    ASSERT(f != 0 && rm->head->free != 0);
    ASSERT((rm->frame[f] & (FRAME_USED | FRAME_FIXED)) == 0);
    rm->head->free_first = rm->frame[f] & FRAME_NEXT;
    rm->head->free--;
    rm->frame[f] = FRAME_USED;
    return f;
}

static void
append(struct real_memory *rm, struct real_memory_entry *e, u32 f)
{
    if (e->pages == 0)
        e->first = f;
    else
        rm->frame[e->last] = (rm->frame[e->last] & ~FRAME_NEXT) | f;
    e->last = f;
    e->pages++;
}

int
real_memory_create_empty(struct real_memory *rm, rid owner)
{
    int err = real_memory_check_room(rm, 1, 0);

    if (err < 0)
        return err;
    return (int)table_add(&rm->head->table, NULL, owner)->id;
}

int
real_memory_create(struct real_memory *rm, rid owner, u32 pages)
{
    if (pages == 0)
        return E_ARGUMENT;
    int err = real_memory_check_room(rm, 1, pages);

    if (err < 0)
        return err;
    struct real_memory_entry *e =
        (void *)table_add(&rm->head->table, NULL, owner);

    for (u32 i = 0; i < pages; i++)
        append(rm, e, take_frame(rm));
    return (int)e->res.id;
}

int
real_memory_extend(struct real_memory *rm, rid id)
{
    struct real_memory_entry *e = entry_of(rm, id);

    if (real_memory_check_room(rm, 0, 1) < 0)
        return E_MEMORY;
    append(rm, e, take_frame(rm));
    return (int)e->last;
}

static void
free_frame(struct real_memory *rm, u32 f)
{
    ASSERT(rm->frame[f] & FRAME_USED);
    rm->frame[f] = rm->head->free_first;
    rm->head->free_first = f;
    rm->head->free++;
}

void
real_memory_mark(struct real_memory *rm, u32 frame)
{
    ASSERT(rm->frame[frame] & FRAME_USED);
    rm->frame[frame] |= FRAME_LEAVING;
}

void
real_memory_shed(struct real_memory *rm, rid id)
{
    struct real_memory_entry *e = entry_of(rm, id);
    u32 before = 0;
    u32 next;

    for (u32 f = e->first; f != 0; f = next) {
        next = rm->frame[f] & FRAME_NEXT;
        if ((rm->frame[f] & FRAME_LEAVING) == 0) {
            before = f;
            continue;
        }
        if (before == 0)
            e->first = next;
        else
            rm->frame[before] = (rm->frame[before] & ~FRAME_NEXT) | next;
        if (next == 0)
            e->last = before;
        e->pages--;
        free_frame(rm, f);
    }
}

void
real_memory_delete(struct real_memory *rm, rid id)
{
    struct real_memory_entry *e = entry_of(rm, id);
    u32 next;

    for (u32 f = e->first; f != 0; f = next) {
        next = rm->frame[f] & FRAME_NEXT;
        free_frame(rm, f);
    }
    table_remove(&rm->head->table, &e->res);
}

u32
real_memory_first(const struct real_memory *rm, rid id)
{
    return entry_of(rm, id)->first;
}

u32
real_memory_next(const struct real_memory *rm, u32 frame)
{
    return rm->frame[frame] & FRAME_NEXT;
}

static int
create_program(void *state, struct call *call)
{
    struct real_memory *rm = state;
    u32 flags = (u32)call->arg[2];
    int raw = (flags & MEMORY_RAW) != 0;
    u32 reserve = rm->reclaim == NULL ? 0 : MEMORY_RESERVE;

    if (flags & MEMORY_EMPTY)
        return real_memory_create_empty(rm, call->caller);
    if (call->arg[1] == 0)
        return E_ARGUMENT;
    if ((flags & MEMORY_SPARE) && call->arg[1] + reserve > rm->head->free)
        return E_MEMORY;
    if (call->arg[1] > rm->head->frames)
        return E_ARGUMENT;
    int id = real_memory_create(rm, call->caller, (u32)call->arg[1]);

    if (id < 0)
        return id;
    // Nobody reads what the frames held before; who writes all of them first
    // (save areas) need not have them cleared.
    for (u32 f = real_memory_first(rm, (rid)id); f != 0 && !raw;
         f = real_memory_next(rm, f))
        machine_zero_page(ram_at(f << PAGE_SHIFT));
    return id;
}

static int
delete_program(void *state, struct call *call)
{
    real_memory_delete(state, call->target);
    return 0;
}

static void
describe(void *state, const struct res *res, struct resource_info *info)
{
    const struct real_memory_entry *e = (const void *)res;

    (void)state;
    info->detail[0] = e->pages;
    info->detail[1] = e->first << PAGE_SHIFT;
}

void
real_memory_register(struct real_memory *rm, struct gate *gate)
{
    struct kind row = {.name = "real-memory",
                       .state = rm,
                       .table = &rm->head->table,
                       .describe = describe};

    row.program[OP_CREATE] = create_program;
    row.program[OP_DELETE] = delete_program;
    rm->gate = gate;
    gate_register(gate, KIND_REAL_MEMORY, &row);
}

// Walk one chain; NULL when it has exactly pages usable frames.  *last: the
// one it ends with, 0 if it has none.
static const char *
check_chain(const struct real_memory *rm, const struct layout *layout,
            u8 *scratch, u32 first, u32 pages, u32 flag, u32 *last)
{
    u32 f = first;

    *last = 0;
    for (u32 i = 0; i < pages; i++) {
        if (f < layout->first_frame || f >= layout->end_frame ||
            (rm->frame[f] & FRAME_FIXED) != 0)
            return "F4: a chain of frames leaves the usable memory";
        if (scratch[f]++ != 0)
            return "F1: a frame is on two chains";
        if ((rm->frame[f] & FRAME_USED) != flag)
            return "F1: a frame's use does not fit its chain";
        *last = f;
        f = rm->frame[f] & FRAME_NEXT;
    }
    return f == 0 ? NULL : "F3: a chain of frames is longer than its count";
}

const char *
real_memory_check(const struct real_memory *rm, const struct limits *limits,
                  const struct layout *layout, u8 *scratch)
{
    const char *wrong = table_check(&rm->head->table, KIND_REAL_MEMORY, HEAD,
                                    ENTRY, limits->real_memories);
    u32 i = 0;
    u32 counted = 0;
    u32 last;
    struct res *res;

    if (wrong != NULL)
        return wrong;
    if (rm->head->frames != layout->memory_pages ||
        rm->head->usable != layout->end_frame - layout->first_frame)
        return "F2: the real-memory table is of another memory size";
    wrong = check_chain(rm, layout, scratch, rm->head->free_first,
                        rm->head->free, 0, &last);
    while (wrong == NULL && (res = table_next(&rm->head->table, &i)) != NULL) {
        struct real_memory_entry *e = (void *)res;

        wrong = check_chain(rm, layout, scratch, e->first, e->pages, FRAME_USED,
                            &last);
        if (wrong == NULL && e->last != last)
            wrong = "F3: a real memory's last frame is not the last";
        counted += e->pages;
    }
    if (wrong == NULL && counted + rm->head->free != rm->head->usable)
        wrong = "F2: frames are missing: on no chain";
    return wrong;
}

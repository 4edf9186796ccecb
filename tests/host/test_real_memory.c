// test_real_memory.c -- are chains of frames given out, taken back and checked?
#include <string.h>

#include "program.h"
#include "suite.h"
#include "tender/table.h"

static u8 scratch[KERNEL_PAGES];

static struct real_memory *
rm(void)
{
    return &kernel()->rm;
}

static const char *
look(void)
{
    memset(scratch, 0, sizeof(scratch));
    return real_memory_check(rm(), &kernel()->limits, &kernel()->layout,
                             scratch);
}

static rid
take(u32 pages)
{
    int id = real_memory_create(rm(), RID_NONE, pages);

    ck_assert_int_gt(id, 0);
    return (rid)id;
}

static u32
length(rid id)
{
    u32 n = 0;

    for (u32 f = real_memory_first(rm(), id); f != 0;
         f = real_memory_next(rm(), f))
        n++;
    return n;
}

// Is a chain as long as was asked for, does it grow, and come back?
START_TEST(chains)
{
    u32 before = program_free();
    rid a = take(3);
    rid b = take(1);
    int frame;

    ck_assert_uint_eq(length(a), 3);
    ck_assert_uint_eq(length(b), 1);
    for (u32 i = 0; i < 4; i++) {
        frame = real_memory_extend(rm(), a);
        ck_assert_int_gt(frame, 0);
        ck_assert_uint_eq(real_memory_next(rm(), (u32)frame), 0);
        ck_assert_uint_eq(length(a), 4 + i);
    }
    ck_assert_uint_eq(length(b), 1);
    ck_assert_uint_eq(program_free(), before - 8);
    ck_assert_ptr_null(look());
    real_memory_delete(rm(), a);
    ck_assert_ptr_null(look());
    real_memory_delete(rm(), b);
    ck_assert_uint_eq(program_free(), before);
    ck_assert_ptr_null(look());
}
END_TEST

// Is the last frame given out, and one more refused with nothing changed?
START_TEST(exhaustion)
{
    u32 all = program_free();
    rid id;

    ck_assert_int_eq(real_memory_create(rm(), RID_NONE, 0), E_ARGUMENT);
    ck_assert_int_eq(real_memory_create(rm(), RID_NONE, all + 1), E_MEMORY);
    ck_assert_int_eq(real_memory_check_room(rm(), 0, all), 0);
    ck_assert_int_eq(real_memory_check_room(rm(), 0, all + 1), E_MEMORY);
    id = take(all);
    ck_assert_uint_eq(program_free(), 0);
    ck_assert_int_eq(real_memory_extend(rm(), id), E_MEMORY);
    ck_assert_int_eq(real_memory_create(rm(), RID_NONE, 1), E_MEMORY);
    ck_assert_uint_eq(length(id), all);
    ck_assert_ptr_null(look());
    real_memory_delete(rm(), id);
    ck_assert_uint_eq(program_free(), all);
    ck_assert_ptr_null(look());
}
END_TEST

// Is a full table refused, and room for several counted?
START_TEST(full_table)
{
    const struct table *table = &rm()->head->table;
    u32 room = table->capacity - table->used;

    ck_assert_int_eq(real_memory_check_room(rm(), room, 1), 0);
    ck_assert_int_eq(real_memory_check_room(rm(), room + 1, 1), E_TABLE);
    for (u32 i = 0; i < room; i++)
        take(1);
    ck_assert_int_eq(real_memory_create(rm(), RID_NONE, 1), E_TABLE);
    ck_assert_ptr_null(look());
}
END_TEST

// Does memory come cleared by the gate, unless raw is asked for?
START_TEST(cleared)
{
    struct gate *gate = &kernel()->gate;
    u32 all = program_free();
    u32 pa;
    int id = gate_create(gate, KIND_REAL_MEMORY, NULL, 2, 1, 0, 0);

    ck_assert_int_gt(id, 0);
    pa = real_memory_first(rm(), (rid)id) << PAGE_SHIFT;
    fake_put(pa + 8, 0x11111111);
    ck_assert_int_eq(gate_delete(gate, (rid)id), 0);
    id = gate_create(gate, KIND_REAL_MEMORY, NULL, all, 1, 0, 0);
    ck_assert_uint_eq(fake_get(pa + 8), 0x11111111);
    ck_assert_int_eq(gate_delete(gate, (rid)id), 0);
    id = gate_create(gate, KIND_REAL_MEMORY, NULL, all, 0, 0, 0);
    ck_assert_int_gt(id, 0);
    ck_assert_uint_eq(fake_get(pa + 8), 0);
    ck_assert_int_eq(gate_delete(gate, (rid)id), 0);
    ck_assert_int_eq(gate_create(gate, KIND_REAL_MEMORY, NULL, 0, 0, 0, 0),
                     E_ARGUMENT);
    ck_assert_int_eq(
        gate_create(gate, KIND_REAL_MEMORY, NULL, KERNEL_PAGES + 1, 0, 0, 0),
        E_ARGUMENT);
    ck_assert_int_eq(
        program_call(PROGRAM, OP_CREATE, KIND_ID(KIND_REAL_MEMORY), 0, 1, 0, 0),
        E_KERNEL);
}
END_TEST

// Set a word, expect a sentence, set it back.
static void
ck_found(u32 *word, u32 value, const char *expected)
{
    u32 old = *word;
    const char *wrong;

    *word = value;
    wrong = look();
    ck_assert_msg(wrong != NULL, "not found: %s", expected);
    ck_assert_msg(strstr(wrong, expected) != NULL, "%s, not %s", wrong,
                  expected);
    *word = old;
    ck_assert_ptr_null(look());
}

// Does the checker find each broken invariant, F1 to F4?
START_TEST(checker)
{
    struct real_memory_entry *a =
        (void *)table_get(&rm()->head->table, take(3));
    struct real_memory_entry *b =
        (void *)table_get(&rm()->head->table, take(3));
    struct real_memory_head *head = rm()->head;
    u32 *frame = rm()->frame;
    u32 second = real_memory_next(rm(), a->first);

    // F1: a loop, a free frame, wrong flags; a frame of another chain is found
    // by where that chain ends.
    ck_found(&frame[second], FRAME_USED | a->first, "F1: a frame is on two");
    ck_found(&a->last, second, "F3: a real memory's last frame");
    ck_found(&frame[second], FRAME_USED | b->last,
             "F3: a real memory's last frame");
    ck_found(&frame[second], FRAME_USED | b->first, "F3: a chain of frames");
    ck_found(&a->first, head->free_first, "F1: a frame is on two");
    ck_found(&frame[second], frame[second] & ~FRAME_USED, "F1: a frame's use");
    ck_found(&frame[head->free_first], frame[head->free_first] | FRAME_USED,
             "F1: a frame's use");
    ck_found(&head->free_first, a->first, "F1: a frame's use");
    // F2: frames are lost.
    ck_found(&head->usable, head->usable - 1, "F2: the real-memory table");
    ck_found(&head->frames, head->frames + 1, "F2: the real-memory table");
    ck_found(&b->res.id, RID_NONE, "a vacant slot lies before");
    // F3: longer than its count.
    ck_found(&a->pages, 2, "F3: a chain of frames is longer");
    ck_found(&head->free, head->free - 1, "F3: a chain of frames is longer");
    // F4: shorter than its count, and outside.
    ck_found(&a->pages, 4, "F4: a chain of frames leaves");
    ck_found(&head->free, head->free + 1, "F4: a chain of frames leaves");
    ck_found(&frame[second], FRAME_USED | (kernel()->layout.first_frame - 1),
             "F4: a chain of frames leaves");
    ck_found(&frame[second], FRAME_USED | kernel()->layout.end_frame,
             "F4: a chain of frames leaves");
    ck_found(&a->first, 0, "F4: a chain of frames leaves");
}
END_TEST

// Are frames found missing that are on no chain at all?
START_TEST(lost_frames)
{
    struct real_memory_head *head = rm()->head;
    u32 first = head->free_first;

    head->free_first = real_memory_next(rm(), first);
    head->free--;
    ck_assert_str_eq(look(), "F2: frames are missing: on no chain");
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {chains,  exhaustion,  full_table, cleared,
                                 checker, lost_frames, NULL};
    const struct suite suite = {.name = "real_memory",
                                .open = program_open,
                                .close = fake_close,
                                .test = test};

    return suite_run(&suite);
}

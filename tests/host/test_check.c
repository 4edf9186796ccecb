// test_check.c -- does the checker find each planted contradiction, by name?
#include <string.h>

#include "plate/check.h"
#include "program.h"
#include "suite.h"
#include "tender/table.h"
#include "vspace/paging.h"

// Words of the tables, and what they are to hold instead.
struct damage {
    u32 *word;
    u32 value;
};

static struct space_entry *big;   // a kernel space of 3 pages
static struct space_entry *small; // of 2 pages
static struct space_entry *user;
static struct plate_entry *big_plate;
static struct plate_entry *small_plate;
static u8 scratch[KERNEL_PAGES];

static struct plate_entry *
plate_of(const struct space_entry *e)
{
    return (void *)table_get(&kernel()->plates.head->table, e->plate);
}

static void
start(void)
{
    struct kernel_place *place = kernel()->place;

    program_open();
    ck_assert_int_eq(place_create(3, 0), 0);
    ck_assert_int_eq(place_create(2, 0), 1);
    ck_assert_int_eq(place_create(2, 1), 2);
    ck_assert_int_eq(place_create(4, 0), 3);
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    ck_assert_int_eq(kernel_save(), 0);
    ck_assert_int_eq(place_delete(3), 0); // one pending entry
    big = plate_space(&kernel()->plates, place[0].space);
    small = plate_space(&kernel()->plates, place[1].space);
    user = plate_space(&kernel()->plates, place[2].space);
    big_plate = plate_of(big);
    small_plate = plate_of(small);
    program_ck_whole();
}

static const char *
look(void)
{
    memset(scratch, 0, sizeof(scratch));
    return check_tables(&kernel()->plates, scratch);
}

static void
ck_found(const struct damage *damage, u32 n, const char *expected)
{
    u32 old[4];
    const char *wrong;

    ck_assert_ptr_null(look());
    for (u32 i = 0; i < n; i++) {
        old[i] = *damage[i].word;
        *damage[i].word = damage[i].value;
    }
    wrong = look();
    ck_assert_msg(wrong != NULL, "not found: %s", expected);
    ck_assert_ptr_nonnull(strstr(wrong, expected));
    for (u32 i = n; i-- > 0;)
        *damage[i].word = old[i];
    ck_assert_ptr_null(look());
}

#define CK_FOUND(expected, ...)                                                \
    do {                                                                       \
        const struct damage damage[] = {__VA_ARGS__};                          \
        ck_found(damage, ARRAY_LEN(damage), expected);                         \
    } while (0)

// P1: a space and its plate name each other and have as many pages.
START_TEST(plate_and_space)
{
    const char *differ = "P1: a space and its plate do not name each other";

    CK_FOUND(differ, {&big_plate->pages, 4});
    CK_FOUND(differ, {&big_plate->space, small->res.id});
    CK_FOUND(differ, {&big->plate, small->plate});
    CK_FOUND(differ, {&big->plate, big->plate + (1u << 14)});
    CK_FOUND(differ, {&user->plate, big->plate});
    CK_FOUND("P1: a plate and its space do not name each other",
             {&big->plate, RID_NONE});
    CK_FOUND("P1: a plate has no space", {&big->plate, RID_NONE},
             {&big_plate->space, big->res.id + (1u << 14)});
}
END_TEST

// P2: two save areas of the right size, which are no plates themselves.
START_TEST(save_areas)
{
    struct plates *p = &kernel()->plates;
    struct space_entry *area = plate_space(p, big_plate->area[1]);

    CK_FOUND("P2: a save area or bootstrap table is a plate",
             {&big->flags, big->flags | SPACE_SAVE_AREA});
    CK_FOUND("P2: a save area or bootstrap table is a plate",
             {&big->flags, big->flags | SPACE_BOOTSTRAP});
    CK_FOUND("P2: a save area is missing",
             {&big_plate->area[0], big_plate->area[0] + (1u << 14)});
    CK_FOUND("P2: a save area is missing", {&big_plate->area[1], RID_NONE});
    CK_FOUND("P2: a save area is missing", {&big_plate->area[1], big->res.id});
    CK_FOUND("P2: a save area is missing", {&area->flags, SPACE_WRITABLE});
    CK_FOUND("P2: a save area is of another size",
             {&big_plate->area[0], small_plate->area[0]});
    CK_FOUND("P2: a save area is missing", {&p->pending[0].area[1], 0});
}
END_TEST

// P3: every save area belongs to one plate or pending entry.
START_TEST(shared_areas)
{
    struct plates *p = &kernel()->plates;

    const char *twice = "P3: a save area belongs to two plates";

    CK_FOUND(twice, {&big_plate->area[0], big_plate->area[1]});
    CK_FOUND(twice, {&p->pending[0].area[1], p->pending[0].area[0]});
    CK_FOUND(twice, {&plate_of(user)->area[0], small_plate->area[0]});
    CK_FOUND(twice, {&p->head->pending, 2},
             {(u32 *)&p->pending[1].area[0], big_plate->area[0]},
             {(u32 *)&p->pending[1].area[1], big_plate->area[1]});
    CK_FOUND("P3: a save area belongs to no plate", {&p->head->pending, 0});
}
END_TEST

// P4: plates and pending entries fit the table together.
START_TEST(pending)
{
    const struct plate_head *head = kernel()->plates.head;
    u32 room = head->table.capacity - head->table.used;

    CK_FOUND("P4: the pending-delete table is too full",
             {&kernel()->plates.head->pending, room + 1});
    CK_FOUND("P4: the pending-delete table is too full",
             {&kernel()->plates.head->pending, 0xffffffff});
}
END_TEST

// Do regions, their memory and their spaces name each other?
START_TEST(regions)
{
    struct region_entry *r = region_get(&kernel()->regions, big->region);
    struct region_entry *other = region_get(&kernel()->regions, small->region);
    struct region_entry *third = region_get(&kernel()->regions, user->region);
    const char *memory = "a region's real memory is missing";
    const char *space = "a space's region is missing or attached elsewhere";

    CK_FOUND(memory, {&r->real_memory, RID_NONE});
    CK_FOUND(memory, {&r->real_memory, other->real_memory});
    CK_FOUND(memory, {&r->pages, 4});
    CK_FOUND("a real memory belongs to two regions",
             {&other->real_memory, third->real_memory});
    CK_FOUND("attached to a space that is not there",
             {&r->attached, big->res.id + (1u << 14)});
    CK_FOUND("attached to a space that is not there", {&r->attached, 1});
    CK_FOUND("a space and its region do not name each other",
             {&r->attached, small->res.id});
    CK_FOUND("a space and its region do not name each other",
             {&big->region, small->region});
    CK_FOUND("a space and its region do not name each other", {&big->pages, 2});
    CK_FOUND(space, {&r->attached, RID_NONE});
    CK_FOUND("a space lies in no virtual space", {&user->vspace, RID_NONE});
    CK_FOUND("a space lies in no virtual space", {&big->vspace, big->res.id});
}
END_TEST

// Is a real memory that nobody owns found?
START_TEST(lost_memory)
{
    int id = real_memory_create(&kernel()->rm, RID_NONE, 1);

    ck_assert_int_gt(id, 0);
    ck_assert_str_eq(look(),
                     "a real memory belongs to no region and no virtual space");
    real_memory_delete(&kernel()->rm, (rid)id);
    ck_assert_ptr_null(look());
}
END_TEST

// Is every table's shape looked at?
START_TEST(shapes)
{
    struct table *table[] = {kernel()->regions.table, kernel()->vs.table,
                             kernel()->vk.table, &kernel()->plates.head->table,
                             &kernel()->rm.head->table};

    for (u32 i = 0; i < ARRAY_LEN(table); i++) {
        CK_FOUND("wrong magic or kind", {&table[i]->magic, 0});
        CK_FOUND("wrong magic or kind", {&table[i]->kind, KIND_TIMER});
        CK_FOUND("wrong shape", {&table[i]->capacity, 1});
        CK_FOUND("wrong shape", {&table[i]->entry_size, 64});
        CK_FOUND("counts exceed", {&table[i]->high, 0xffffffff});
        CK_FOUND("count of used slots", {&table[i]->used, table[i]->used - 1});
    }
}
END_TEST

// May the table of user spaces be unknown, as during a restore?
START_TEST(without_users)
{
    kernel()->plates.vu = NULL;
    ck_assert_ptr_null(look());
    user->plate = RID_NONE; // cannot be seen
    ck_assert_ptr_null(look());
    CK_FOUND("P1: a plate and its space do not name each other",
             {&big->plate, RID_NONE});
}
END_TEST

// Does the checker of mappings see a page table that says something else?
START_TEST(mappings)
{
    struct plates *p = &kernel()->plates;
    u32 *pte = paging_entry(kernel_layout()->kernel_directory_pa,
                            big->va + 2 * PAGE_SIZE);
    u32 old = *pte;

    ck_assert_ptr_null(check_mappings(p, &kernel()->vk));
    *pte = old ^ PAGE_SIZE;
    ck_assert_ptr_nonnull(check_mappings(p, &kernel()->vk));
    *pte = old & ~PTE_PRESENT;
    ck_assert_ptr_nonnull(check_mappings(p, &kernel()->vk));
    *pte = old;
    user->va += PAGE_SIZE;
    ck_assert_ptr_nonnull(check_mappings(p, &kernel()->vu));
    user->va = 0x70000000; // there is no table
    ck_assert_ptr_nonnull(check_mappings(p, &kernel()->vu));
    ck_assert_ptr_null(check_mappings(p, &kernel()->vk));
}
END_TEST

// Is a virtual space found that does not have its own page tables?
START_TEST(virtual_spaces)
{
    struct vspace_entry *e = vspace_get(&kernel()->vs, user->vspace);
    struct region_entry *r = region_get(&kernel()->regions, big->region);
    const char *tables = "a virtual space's page tables are missing or another";
    const char *directory = "a virtual space's page directory is not its own";

    CK_FOUND(tables, {&e->page_tables, RID_NONE});
    CK_FOUND(tables, {&e->page_tables, r->real_memory});
    CK_FOUND(directory, {&e->page_directory, e->page_directory + PAGE_SIZE});
    CK_FOUND(directory, {&e->tables_used, 4096});
}
END_TEST

// Is a real memory found whose end is not where it says?
START_TEST(last_frame)
{
    struct real_memory_entry *e = (void *)table_get(
        &kernel()->rm.head->table,
        region_get(&kernel()->regions, big->region)->real_memory);

    CK_FOUND("F3: a real memory's last frame", {&e->last, e->first});
    CK_FOUND("F4", {&kernel()->rm.frame[e->first],
                    kernel()->rm.frame[e->first] | FRAME_FIXED});
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {virtual_spaces, last_frame,   plate_and_space,
                                 save_areas,     shared_areas, pending,
                                 regions,        lost_memory,  shapes,
                                 without_users,  mappings,     NULL};
    const struct suite suite = {
        .name = "check", .open = start, .close = fake_close, .test = test};

    return suite_run(&suite);
}

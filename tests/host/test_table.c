// test_table.c -- management tables: full, stale, named alike, used up, damaged
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "suite.h"
#include "tender/id.h"
#include "tender/table.h"

#define CAPACITY 5u
#define HEAD (sizeof(struct table) + 16)

struct entry {
    struct res res;
    u32 value[3];
};

static struct table *table;

static void
make_table(void)
{
    u32 bytes = table_bytes(HEAD, sizeof(struct entry), CAPACITY);

    ck_assert_uint_eq(bytes, HEAD + CAPACITY * sizeof(struct entry));
    table = calloc(1, bytes);
    table_init(table, KIND_EVENT, HEAD, sizeof(struct entry), CAPACITY);
}

static void
free_table(void)
{
    free(table);
}

static const char *
wrong(void)
{
    return table_check(table, KIND_EVENT, HEAD, sizeof(struct entry), CAPACITY);
}

static struct entry *
add(const char *name)
{
    ck_assert_int_eq(table_check_add(table, name), 0);
    return (struct entry *)(void *)table_add(table, name, RID_NONE);
}

static u32
count(void)
{
    u32 i = 0;
    u32 n = 0;

    while (table_next(table, &i) != NULL)
        n++;
    return n;
}

START_TEST(add_and_find)
{
    struct entry *a = add("a");
    struct entry *b = add("b/long/name");

    ck_assert_ptr_null(wrong());
    ck_assert_uint_eq(rid_kind(a->res.id), KIND_EVENT);
    ck_assert_uint_eq(rid_generation(a->res.id), 1);
    ck_assert_ptr_eq(table_find(table, "a"), &a->res);
    ck_assert_ptr_eq(table_find(table, "b/long/name"), &b->res);
    ck_assert_ptr_null(table_find(table, "b/long/nam"));
    ck_assert_ptr_null(table_find(table, ""));
    ck_assert_ptr_eq(table_get(table, b->res.id), &b->res);
    ck_assert_uint_eq(count(), 2);
}
END_TEST

// Are names unique, but anonymous entries not?
START_TEST(names)
{
    char name[NAME_MAX + 1];

    add("x");
    ck_assert_int_eq(table_check_add(table, "x"), E_EXISTS);
    add(NULL);
    add("");
    ck_assert_ptr_null(table_find(table, ""));
    memset(name, 'n', sizeof(name));
    name[NAME_MAX] = '\0';
    ck_assert_int_eq(table_check_add(table, name), E_TOO_LONG);
    name[NAME_MAX - 1] = '\0'; // 47 characters and the 0: fits
    add(name);
    ck_assert_ptr_nonnull(table_find(table, name));
    ck_assert_ptr_null(wrong());
}
END_TEST

// Is a full table refused, and a slot reused after a removal?
START_TEST(full)
{
    struct entry *e[CAPACITY];

    for (u32 i = 0; i < CAPACITY; i++)
        e[i] = add(NULL);
    ck_assert_int_eq(table_check_add(table, "one more"), E_TABLE);
    ck_assert_ptr_null(wrong());
    table_remove(table, &e[3]->res);
    table_remove(table, &e[1]->res);
    ck_assert_ptr_null(wrong());
    ck_assert_uint_eq(count(), CAPACITY - 2);
    ck_assert_ptr_eq(add("again"), e[1]);
    ck_assert_ptr_eq(add("and again"), e[3]);
    ck_assert_int_eq(table_check_add(table, "one more"), E_TABLE);
    ck_assert_ptr_null(wrong());
}
END_TEST

// Is a stale id refused, also when the slot is used again?
START_TEST(stale)
{
    struct entry *e = add("e");
    rid old = e->res.id;

    e->value[2] = 99;
    table_remove(table, &e->res);
    ck_assert_ptr_null(table_get(table, old));
    ck_assert_ptr_null(table_find(table, "e"));
    ck_assert_ptr_eq(add("e"), e);
    ck_assert_uint_eq(e->value[2], 0);
    ck_assert_uint_ne(e->res.id, old);
    ck_assert_ptr_null(table_get(table, old));
    ck_assert_ptr_eq(table_get(table, e->res.id), &e->res);
}
END_TEST

// Are ids that were never given out refused?
START_TEST(bad_ids)
{
    struct entry *e = add(NULL);
    rid id = e->res.id;

    ck_assert_ptr_null(table_get(table, RID_NONE));
    ck_assert_ptr_null(table_get(table, KIND_ID(KIND_EVENT)));
    ck_assert_ptr_null(table_get(table, id + 1));
    ck_assert_ptr_null(table_get(table, id ^ KIND_ID(1)));
    ck_assert_ptr_null(table_get(table, id ^ 1u << 31));
    ck_assert_ptr_null(table_get(table, rid_make(KIND_EVENT, 2, 0)));
    ck_assert_ptr_null(table_get(table, rid_make(KIND_EVENT, 1, 16383)));
    ck_assert_ptr_null(table_get(table, 0xffffffff));
    // A vacant slot has generation 0 in no id.
    ck_assert_ptr_null(table_get(table, rid_make(KIND_EVENT, 0, 1)));
}
END_TEST

// Does the generation skip 0 when it wraps?
START_TEST(generation_wrap)
{
    rid first = 0;

    for (u32 i = 1; i <= RID_GENERATIONS; i++) {
        struct entry *e = add(NULL);

        if (i == 1)
            first = e->res.id;
        ck_assert_uint_eq(rid_generation(e->res.id),
                          i == RID_GENERATIONS ? 1 : i);
        ck_assert_int_eq(e->res.id == first, i == 1 || i == RID_GENERATIONS);
        table_remove(table, &e->res);
    }
    ck_assert_ptr_null(wrong());
}
END_TEST

// May entries come and go while somebody walks over the table?
START_TEST(walking)
{
    struct entry *e[3] = {add("0"), add("1"), add("2")};
    struct res *res;
    u32 i = 0;
    u32 seen = 0;

    table_remove(table, &e[0]->res);
    while ((res = table_next(table, &i)) != NULL) {
        seen++;
        if (res == &e[1]->res) {
            table_remove(table, res);
            add("new in slot 0"); // behind the walker: not seen
            add("new in slot 1"); // the same
            add("new in slot 3"); // before it: seen
        }
    }
    ck_assert_uint_eq(seen, 3);
    ck_assert_ptr_null(wrong());
}
END_TEST

static void
remove_twice(void *arg)
{
    table_remove(table, arg);
    table_remove(table, arg);
}

static void
add_too_many(void *arg)
{
    (void)arg;
    for (u32 i = 0; i <= CAPACITY; i++)
        table_add(table, NULL, RID_NONE);
}

static void
bad_capacity(void *arg)
{
    (void)arg;
    table_init(table, KIND_EVENT, HEAD, sizeof(struct entry), RID_INDEXES + 1);
}

// Is what the kernel itself must not do caught?
START_TEST(misuse)
{
    ck_assert_int_eq(fake_run(remove_twice, add(NULL)), FAKE_FAILED);
    ck_assert_int_eq(fake_run(add_too_many, NULL), FAKE_FAILED);
    ck_assert_int_eq(fake_run(bad_capacity, NULL), FAKE_FAILED);
}
END_TEST

static void
ck_noticed(u32 *where, u32 value)
{
    u32 good = *where;

    *where = value;
    ck_assert_ptr_nonnull(wrong());
    *where = good;
    ck_assert_ptr_null(wrong());
}

// Does the checker notice each kind of damage?
START_TEST(damage)
{
    struct entry *a = add("a");
    struct entry *b = add("b");

    table_remove(table, &add("c")->res);
    ck_noticed(&table->magic, 0);
    ck_noticed(&table->kind, KIND_TIMER);
    ck_noticed(&table->entry_size, sizeof(struct res));
    ck_noticed(&table->capacity, CAPACITY + 1);
    ck_noticed(&table->used, 3);
    ck_noticed(&table->high, CAPACITY + 1);
    ck_noticed(&table->high, 1);
    ck_noticed(&table->hint, CAPACITY + 1);
    ck_noticed(&table->hint, 3);
    ck_noticed(&a->res.id, b->res.id);
    ck_noticed(&a->res.id, RID_NONE);
    ck_noticed(&b->res.generation, 7);
    memset(a->res.name, 'n', NAME_MAX);
    ck_assert_ptr_nonnull(wrong());
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {
        add_and_find,    names,   full,   stale,  bad_ids,
        generation_wrap, walking, misuse, damage, NULL};
    const struct suite suite = {
        .name = "table", .open = make_table, .close = free_table, .test = test};

    return suite_run(&suite);
}

// table.c -- management tables: slots of resources, found by id or name
#include "tender/table.h"

#include "tender/assert.h"
#include "tender/id.h"
#include "tender/text.h"

u32
table_bytes(u32 head_size, u32 entry_size, u32 capacity)
{
    return head_size + entry_size * capacity;
}

// The head size is kept where only this file looks.
#define HEAD(table) ((table)->reserved[0])

void
table_init(struct table *table, u32 kind, u32 head_size, u32 entry_size,
           u32 capacity)
{
    ASSERT(entry_size >= sizeof(struct res) && entry_size % 4 == 0);
    ASSERT(head_size >= sizeof(struct table) && head_size % 4 == 0);
    ASSERT(capacity > 0 && capacity <= RID_INDEXES);
    table->magic = TABLE_MAGIC;
    table->kind = kind;
    table->entry_size = entry_size;
    table->capacity = capacity;
    HEAD(table) = head_size;
}

// The entry at an index that is below capacity.
static struct res *
entry_at(const struct table *table, u32 index)
{
    return (struct res *)((word)table + HEAD(table) +
                          index * table->entry_size);
}

struct res *
table_at(const struct table *table, u32 index)
{
    ASSERT(index < table->capacity);
    return entry_at(table, index);
}

struct res *
table_next(const struct table *table, u32 *index)
{
    while (*index < table->high) {
        struct res *res = entry_at(table, (*index)++);

        if (res->id != RID_NONE)
            return res;
    }
    return NULL;
}

struct res *
table_get(const struct table *table, rid id)
{
    if (rid_kind(id) != table->kind || rid_generation(id) == 0 ||
        rid_index(id) >= table->high)
        return NULL;
    struct res *res = entry_at(table, rid_index(id));

    return res->id == id ? res : NULL;
}

static u32
hash(const char *name)
{
    u32 h = 2166136261u;

    for (; *name != 0; name++)
        h = (h ^ (u8)*name) * 16777619u;
    return h;
}

struct res *
table_find(const struct table *table, const char *name)
{
    u32 h = hash(name);
    u32 i = 0;
    struct res *res;

    if (*name == 0)
        return NULL;
    while ((res = table_next(table, &i)) != NULL)
        if (res->name_hash == h && text_equal(res->name, name))
            return res;
    return NULL;
}

int
table_check_add(const struct table *table, const char *name)
{
    if (name != NULL && text_length(name) >= NAME_MAX)
        return E_TOO_LONG;
    if (table->used == table->capacity)
        return E_TABLE;
    if (name != NULL && table_find(table, name) != NULL)
        return E_EXISTS;
    return 0;
}

static u32
vacant_index(struct table *table)
{
    for (u32 i = table->hint; i < table->capacity; i++)
        if (table_at(table, i)->id == RID_NONE)
            return i;
    PANIC("a management table with a vacant slot has none");
}

struct res *
table_add(struct table *table, const char *name, rid owner)
{
    ASSERT(table->used < table->capacity);
    u32 index = vacant_index(table);
    struct res *res = table_at(table, index);
    u32 generation = res->generation + 1;

    if (generation >= RID_GENERATIONS)
        generation = 1;
    memset(res, 0, table->entry_size);
    res->generation = generation;
    res->owner = owner;
    if (name != NULL) {
        text_copy(res->name, name, NAME_MAX);
        res->name_hash = hash(res->name);
    }
    res->id = rid_make(table->kind, generation, index);
    table->used++;
    table->hint = index + 1;
    if (index >= table->high)
        table->high = index + 1;
    return res;
}

void
table_rename(struct res *res, const char *name)
{
    ASSERT(text_length(name) < NAME_MAX);
    text_copy(res->name, name, NAME_MAX);
    res->name_hash = hash(res->name);
}

void
table_remove(struct table *table, struct res *res)
{
    ASSERT(res->id != RID_NONE);
    ASSERT(table_get(table, res->id) == res);
    if (rid_index(res->id) < table->hint)
        table->hint = rid_index(res->id);
    res->id = RID_NONE;
    table->used--;
}

const char *
table_check(const struct table *table, u32 kind, u32 head_size, u32 entry_size,
            u32 capacity)
{
    u32 used = 0;

    if (table->magic != TABLE_MAGIC || table->kind != kind)
        return "a management table has a wrong magic or kind";
    if (HEAD(table) != head_size || table->entry_size != entry_size ||
        table->capacity != capacity)
        return "a management table has a wrong shape";
    if (table->high > capacity || table->used > table->high ||
        table->hint > capacity)
        return "a management table's counts exceed its capacity";
    for (u32 i = 0; i < table->high; i++) {
        const struct res *res = table_at(table, i);

        if (res->id == RID_NONE) {
            if (i < table->hint)
                return "a vacant slot lies before the hint";
            continue;
        }
        used++;
        if (res->id != rid_make(kind, res->generation, i))
            return "an entry's id does not match its slot";
        if (res->name[NAME_MAX - 1] != 0)
            return "an entry's name has no end";
    }
    return used == table->used ? NULL : "a table's count of used slots is off";
}

// pooled.c -- a machine with plates, and on it the pool of Linux programs
#include "pooled.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "plate/check.h"
#include "plate/cold.h"
#include "plate/door.h"
#include "vspace/vkspace.h"
#include "vspace/vuspace.h"

#define PAGES 8192u

static const struct limits limits = {
    .real_memories = 300,
    .regions = 250,
    .vspaces = 40,
    .vkspaces = 200,
    .plates = 60,
    .data_pages = 1,
};

struct pooled pooled;
struct linux lx;
static rid food;

static void *
table_memory(u32 bytes)
{
    u32 va = 0;
    int id = gate_create(&pooled.gate, KIND_VKSPACE, NULL, PAGES_OF(bytes),
                         SPACE_WRITABLE, 0, 0);

    ck_assert_int_gt(id, 0);
    gate_control(&pooled.gate, (rid)id, VK_ADDRESS, (word)&va, 0, 0);
    return kernel_at(va);
}

static void
start_plates(void)
{
    struct bootstrap *b = &pooled.boot;
    struct plates *p = &b->plates;

    p->vu = &pooled.vu;
    p->store = &plate_store_nv;
    plate_register(p, &pooled.gate);
    system_init(&pooled.system, &pooled.gate);
    door_open(&pooled.system, p);
}

// Tasks there are none, unless a test makes some.
static void
start_tasks(void)
{
    u32 bytes =
        table_bytes(sizeof(struct table), sizeof(struct task), TASKS_MAX);

    lx.executions = &pooled.executions;
    lx.table = table_memory(bytes);
    table_init(lx.table, KIND_LINUX, sizeof(struct table), sizeof(struct task),
               TASKS_MAX);
}

static void
put_together(void *arg)
{
    static const u32 window[256];
    struct bootstrap *b = &pooled.boot;

    (void)arg;
    cold_start(b, &pooled.layout, &limits, 1, window);
    machine_load_space(pooled.layout.kernel_directory_pa);
    root_create(root_at(), &pooled.layout, &limits, 1);
    gate_init(&pooled.gate);
    real_memory_register(&b->rm, &pooled.gate);
    region_register(&b->regions, &pooled.gate);
    vkspace_register(&b->vk, &pooled.gate);
    vspace_register(&b->vs, &pooled.gate, &pooled.vu);
    vuspace_init(&pooled.vu, table_memory(vuspace_bytes()), &b->vs, &b->regions,
                 &b->rm);
    vuspace_register(&pooled.vu, &pooled.gate);
    start_plates();
    lx.gate = &pooled.gate;
    lx.vs = &b->vs;
    pages_init(&lx.pages, &pooled.gate, &b->vs);
    heap_init(&lx.heap, &lx.pages);
    start_tasks();
}

void
pooled_open(void)
{
    memset(&pooled, 0, sizeof(pooled));
    memset(&lx, 0, sizeof(lx));
    food = RID_NONE;
    fake_open(PAGES);
    ck_assert_int_eq(layout_compute(&pooled.layout, PAGES, PAGES, &limits), 0);
    if (fake_run(put_together, NULL) != FAKE_RETURNED)
        ck_abort_msg("%s", fake.sentence);
}

void
pooled_close(void)
{
    fake_close();
}

static const char *
wrong_plates(void)
{
    const struct plates *p = &pooled.boot.plates;
    u8 *scratch = calloc(2, PAGES);
    const char *wrong = check_tables(p, scratch);

    if (wrong == NULL)
        wrong = check_mappings(p, &pooled.boot.vk);
    if (wrong == NULL)
        wrong = check_caches(p, scratch + PAGES);
    free(scratch);
    return wrong;
}

void
pooled_ck(void)
{
    const char *wrong = pages_check(&lx.pages);

    if (wrong == NULL)
        wrong = memory_check(&lx);
    if (wrong == NULL)
        wrong = wrong_plates();
    ck_assert_msg(wrong == NULL, "%s", wrong);
}

void
pooled_ck_empty(void)
{
    ck_assert_uint_eq(lx.heap.used, 0);
    ck_assert_uint_eq(lx.pages.used, 0);
    ck_assert_ptr_null(lx.memories);
    pooled_ck();
}

u32
pooled_free_pages(void)
{
    return pooled.boot.rm.head->free;
}

void
pooled_starve(u32 leave)
{
    u32 free = pooled_free_pages();

    if (free <= leave)
        return;
    int id = gate_create(&pooled.gate, KIND_REGION, NULL,
                         (free - leave) * PAGE_SIZE, REGION_RAW, 0, 0);

    ck_assert_int_gt(id, 0);
    food = (rid)id;
}

void
pooled_feed(void)
{
    if (food != RID_NONE)
        gate_delete(&pooled.gate, food);
    food = RID_NONE;
}

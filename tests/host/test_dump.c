// test_dump.c -- does a dump tell the right numbers, and survive any junk?
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plate/dump.h"
#include "program.h"
#include "suite.h"

static char text[1u << 20];
static u32 used;

static void
line(void *state, const char *words)
{
    (void)state;
    ck_assert_ptr_null(strchr(words, '\n'));
    used += (u32)snprintf(text + used, sizeof(text) - used, "%s\n", words);
    ck_assert_uint_lt(used, sizeof(text));
}

static const struct dump dump = {line, NULL};

static void
dump_all(void)
{
    const struct layout *layout = kernel_layout();
    const struct limits limits = kernel()->limits;

    used = 0;
    text[0] = 0;
    dump_root(&dump);
    dump_shutdown(&dump, layout);
    for (u32 slot = 0; slot < 2; slot++)
        dump_slot(&dump, layout, slot);
    dump_tables(&dump, layout->table_pa, &limits);
}

static void
ck_says(const char *format, ...)
{
    char words[128];
    va_list list;

    va_start(list, format);
    vsnprintf(words, sizeof(words), format, list);
    va_end(list);
    ck_assert_msg(strstr(text, words) != NULL, "it does not say \"%s\"", words);
}

static void
start(void)
{
    program_open();
    machine_zero_page(ram_at(kernel_layout()->shutdown_pa)); // never shut down
    ck_assert_int_eq(place_create(3, 0), 0);
    ck_assert_int_eq(place_create(2, 1), 1);
    ck_assert_int_gt(kernel_control(SYSTEM_OCC_ENABLE), 0);
    for (u32 i = 0; i < 3; i++)
        ck_assert_int_eq(kernel_save(), 0);
    ck_assert_int_eq(place_delete(0), 0);
}

// Are the numbers of a good state there, and nothing called damaged?
START_TEST(good)
{
    const struct table *table = kernel()->vk.table;
    const struct space_entry *e =
        plate_space(&kernel()->plates, kernel()->place[1].space);

    dump_all();
    ck_says("memory        %u pages (8 MiB)", KERNEL_PAGES);
    ck_says("kernel build  %08x", KERNEL_BUILD);
    ck_says("commit        0x%08x  save 3, in slot 1", root_word(3));
    ck_says("previous      0x%08x  save 2, in slot 0", root_word(2));
    ck_says("flag          0x%08x  abnormal", FLAG_ABNORMAL);
    ck_says("boots         1");
    ck_says("%u of %u table pages fit", kernel_layout()->slot_pages,
            kernel_layout()->slot_pages);
    ck_says("virtual kernel spaces: %u of %u used", table->used,
            table->capacity);
    ck_says("enabled, newest save begun 3");
    ck_says("%u free from", program_free());
    ck_says("pending deletes: 1");
    ck_says("%08x  space %08x", e->plate, e->res.id);
    ck_says("table/vkspace");
    ck_assert_ptr_null(strstr(text, "DAMAGED"));
    ck_assert_ptr_null(strstr(text, "DOES NOT FIT"));
}
END_TEST

// Is what is damaged said to be so?
START_TEST(damage)
{
    const struct layout *layout = kernel_layout();

    root_at()->commit ^= 4;
    root_at()->flag ^= 1;
    root_at()->limits.plates++;
    *(u32 *)ram_at(layout->slot_table_pa[0][TABLE_PLATE]) ^= 1;
    kernel()->plates.head->pending = 0xffffffff;
    kernel()->vs.table->used--;
    kernel()->regions.table->capacity = 1u << 30;
    dump_all();
    ck_says("DAMAGED (its parity does not fit)");
    ck_says("0x%08x  DAMAGED", FLAG_ABNORMAL ^ 1);
    ck_says("DOES NOT FIT");
    ck_says("%u of %u table pages fit", layout->slot_pages - 1,
            layout->slot_pages);
    ck_says("DAMAGED: a table's count of used slots is off");
    ck_says("DAMAGED: its head does not fit the limits");
    ck_says("pending deletes: 4294967295");
}
END_TEST

static void
dump_run(void *arg)
{
    (void)arg;
    dump_all();
}

static u32
junk(u32 round)
{
    u32 r = (u32)rand() << 1 ^ (u32)rand();

    return round % 3 == 0 ? r : round % 3 == 1 ? 1u << r % 32 : ~(r % 9);
}

// Does no junk, anywhere in what is dumped, lead outside or to no end?
START_TEST(any_junk)
{
    const struct layout *layout = kernel_layout();
    u32 end = layout->table_pa[TABLE_PLATE] +
              layout->table_pages[TABLE_PLATE] * PAGE_SIZE;
    u32 n = (end - NV_ROOT_PA) / 4;
    void *good = fake_snapshot();

    srand(7);
    for (u32 round = 0; round < 60; round++) {
        // A few words, heads of tables mostly, or all of them.
        for (u32 i = 0; i < (round % 10 == 9 ? n : 40); i++) {
            u32 t = (u32)rand() % BOOTSTRAP_TABLES;
            u32 pa = round % 10 == 9 ? NV_ROOT_PA + i * 4
                     : i % 2 ? layout->table_pa[t] + (u32)rand() % 200 * 4
                             : NV_ROOT_PA + (u32)rand() % n * 4;

            fake_put(pa, round % 20 == 19 ? 0xffffffff : junk(round + i));
        }
        ck_assert_msg(fake_run(dump_run, NULL) == FAKE_RETURNED, "%s",
                      fake.sentence);
        ck_assert_uint_gt(used, 500);
        fake_restore(good);
        machine_load_space(layout->kernel_directory_pa);
    }
    fake_snapshot_free(good);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {good, damage, any_junk, NULL};
    const struct suite suite = {
        .name = "dump", .open = start, .close = fake_close, .test = test};

    return suite_run(&suite);
}

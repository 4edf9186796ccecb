// fill.c -- fill much memory and look again and again whether it is there
//
//   fill MIB [SEED] [once]    once: stop after the first pass
//
// Word i of page p is mix(seed of p, i).  Each pass checks all pages and then
// gives one of them a new seed, so that every save has something to copy.
#include "tender.h"

#define MIB_MAX 1024u
#define PAGE_WORDS (PAGE_SIZE / 4)
#define CHUNK_PAGES 256u // 1 MiB
#define PAUSE_MS 10u     // between chunks
#define REPORT_US 1000000u

struct fill {
    u32 *word;
    u32 *seed; // one for each page
    u32 pages;
    u32 pass;
};

static void
write_page(struct fill *fill, u32 page, u32 seed)
{
    u32 *at = fill->word + page * PAGE_WORDS;

    fill->seed[page] = seed;
    for (u32 i = 0; i < PAGE_WORDS; i++)
        at[i] = mix(seed, i);
}

static int
check_page(const struct fill *fill, u32 page)
{
    const volatile u32 *at = fill->word + page * PAGE_WORDS;
    u32 seed = fill->seed[page];

    for (u32 i = 0; i < PAGE_WORDS; i++) {
        u32 found = at[i];

        if (found != mix(seed, i)) {
            print("fill: WRONG word at 0x%x (page %u of %u, word %u) in pass "
                  "%u: 0x%08x instead of 0x%08x.\n",
                  (u32)(at + i), page, fill->pages, i, fill->pass, found,
                  mix(seed, i));
            return 0;
        }
    }
    return 1;
}

static void
pause(u32 page)
{
    if (page % CHUNK_PAGES == CHUNK_PAGES - 1)
        sleep_ms(PAUSE_MS);
}

static int
check_all(const struct fill *fill)
{
    for (u32 page = 0; page < fill->pages; page++) {
        if (!check_page(fill, page))
            return 0;
        pause(page);
    }
    return 1;
}

static int
start(struct fill *fill, u32 mib, u32 seed)
{
    int err;

    fill->pages = mib * CHUNK_PAGES;
    fill->word = memory_new(fill->pages * PAGE_SIZE, &err);
    if (fill->word == NULL)
        return err;
    fill->seed = memory_new(fill->pages * 4, &err);
    if (fill->seed == NULL)
        return err;
    for (u32 page = 0; page < fill->pages; page++) {
        write_page(fill, page, mix(seed, page));
        pause(page);
    }
    return 0;
}

static int
run(struct fill *fill, u32 mib, struct random *random, int once)
{
    u64 reported_us = 0;

    for (fill->pass = 1; check_all(fill); fill->pass++) {
        u64 now_us = uptime_us();

        if (reported_us == 0 || now_us - reported_us >= REPORT_US) {
            print("fill: pass %u ok, %u MiB\n", fill->pass, mib);
            reported_us = now_us;
        }
        if (once)
            return 0;
        write_page(fill, random_below(random, fill->pages),
                   random_next(random));
    }
    return 1;
}

int
main(int argc, char **argv)
{
    static struct fill fill;
    struct random random;
    int once = argc > 2 && text_equal(argv[argc - 1], "once");
    u32 mib = argument(argc - once, argv, 1, 1, 1);
    u32 seed = argument(argc - once, argv, 2, 0, 1);
    int err;

    if (mib > MIB_MAX) {
        print("fill: at most %u MiB can be filled.\n", MIB_MAX);
        return 2;
    }
    random_seed(&random, seed);
    err = start(&fill, mib, seed);
    if (err < 0) {
        print("fill: there are no %u MiB to fill: %s.\n", mib,
              error_sentence(err));
        return 1;
    }
    return run(&fill, mib, &random, once);
}

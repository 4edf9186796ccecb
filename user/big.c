// big.c -- use more memory than there is, and look at every word of it
//
//   big [MIB] [SEED]      half as much again as the machine has
//
// Every word follows from its address, the seed and how often its page was
// written.  First pass: write all pages in their order.  Second: check them.
// Third: change a quarter of them, in random order.  Fourth: check them.
#include "tender.h"

#define MIB_MAX 1024u
#define MIB_PAGES 256u
#define PAGE_WORDS (PAGE_SIZE / 4)

struct big {
    u32 *word;
    u32 pages;
    u32 seed;
    u8 *written; // how often, for each page
};

static void
write_page(struct big *big, u32 page)
{
    u32 *at = big->word + page * PAGE_WORDS;
    u32 seed = mix(big->seed + ++big->written[page], page);

    for (u32 i = 0; i < PAGE_WORDS; i++)
        at[i] = seed + (u32)(at + i);
}

// The first word that is wrong, or NULL.
static const volatile u32 *
wrong_word(const struct big *big, u32 page)
{
    const volatile u32 *at = big->word + page * PAGE_WORDS;
    u32 seed = mix(big->seed + big->written[page], page);

    for (u32 i = 0; i < PAGE_WORDS; i++)
        if (at[i] != seed + (u32)(at + i))
            return at + i;
    return NULL;
}

static int
check_page(const struct big *big, u32 page, const char *when)
{
    const volatile u32 *at = wrong_word(big, page);

    if (at != NULL)
        print("big: WRONG word at 0x%x (page %u of %u), %s: 0x%08x.\n", (u32)at,
              page, big->pages, when, *at);
    return at == NULL;
}

static int
check(const struct big *big, const char *when)
{
    for (u32 page = 0; page < big->pages; page++)
        if (!check_page(big, page, when))
            return 0;
    return 1;
}

// What is changed must have been right, too.
static int
change(struct big *big)
{
    struct random random;

    random_seed(&random, big->seed);
    for (u32 i = 0; i < big->pages / 4; i++) {
        u32 page = random_below(&random, big->pages);

        if (!check_page(big, page, "while pages were changed"))
            return 0;
        if (big->written[page] < 255)
            write_page(big, page);
    }
    return 1;
}

static u32
default_mib(void)
{
    struct system_status status;

    system_status(&status);
    return status.memory_pages / MIB_PAGES * 3 / 2;
}

static int
start(struct big *big, u32 mib, u32 seed)
{
    int err;

    big->pages = mib * MIB_PAGES;
    big->seed = seed;
    big->word = memory_new(big->pages * PAGE_SIZE, &err);
    if (big->word != NULL)
        big->written = memory_new(big->pages, &err);
    if (big->written != NULL)
        return 1;
    print("big: there are no %u MiB: %s.\n", mib, error_sentence(err));
    return 0;
}

int
main(int argc, char **argv)
{
    static struct big big;
    u32 mib = argument(argc, argv, 1, 1, default_mib());
    u32 seed = argument(argc, argv, 2, 0, 1);

    if (mib > MIB_MAX) {
        print("big: at most %u MiB.\n", MIB_MAX);
        return 2;
    }
    if (!start(&big, mib, seed))
        return 1;
    for (u32 page = 0; page < big.pages; page++)
        write_page(&big, page);
    print("big: %u MiB written\n", mib);
    if (!check(&big, "after the first pass"))
        return 1;
    print("big: %u MiB checked\n", mib);
    if (!change(&big))
        return 1;
    print("big: a quarter changed\n");
    if (!check(&big, "at the end"))
        return 1;
    print("big: %u MiB, every word is right\n", mib);
    return 0;
}

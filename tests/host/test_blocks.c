// test_blocks.c -- is a block given out only while nobody needs what is in it?
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "plate/blocks.h"
#include "suite.h"
#include "tender/format.h"

#define END 70u // neither a whole number of words, nor less than one
#define FREE (END - DISK_DATA_BLOCK)

static struct blocks b;

static void
set_up(void)
{
    memset(&b, 0xff, sizeof(b)); // junk
    blocks_init(&b, END);
}

static void
tear_down(void)
{
}

// Take so many blocks; -> the last one.
static u32
take(u32 count)
{
    u32 block = 0;

    for (u32 i = 0; i < count; i++) {
        block = blocks_take(&b);
        ck_assert_uint_ge(block, DISK_DATA_BLOCK);
        ck_assert_uint_lt(block, b.end);
        ck_assert_int_eq(blocks_is_fresh(&b, block), 1);
    }
    return block;
}

// Is each block given out once, in ascending order, and then none?
START_TEST(each_once)
{
    for (u32 block = DISK_DATA_BLOCK; block < END; block++)
        ck_assert_uint_eq(blocks_take(&b), block);
    ck_assert_uint_eq(blocks_take(&b), 0);
    ck_assert_uint_eq(blocks_take(&b), 0);
}
END_TEST

// Are partitions of any size used up, to their last block and no further?
START_TEST(sizes)
{
    for (u32 end = 0; end < 140; end++) {
        blocks_init(&b, end);
        for (u32 i = DISK_DATA_BLOCK; i < end; i++)
            ck_assert_uint_ne(blocks_take(&b), 0);
        ck_assert_uint_eq(blocks_take(&b), 0);
    }
    blocks_init(&b, BLOCKS_MAX + 1);
    ck_assert_uint_eq(b.end, BLOCKS_MAX);
    blocks_init(&b, 0xffffffff);
    ck_assert_uint_eq(b.end, BLOCKS_MAX);
    take(1);
}
END_TEST

// Does the search go on behind the last block, and at the start behind the end?
START_TEST(wrap)
{
    ck_assert_uint_eq(take(FREE), END - 1);
    blocks_drop_fresh(&b);
    ck_assert_uint_eq(blocks_take(&b), 32); // the first run of 32
    ck_assert_uint_eq(blocks_take(&b), 33);
    blocks_go_on(&b, 50);
    ck_assert_uint_eq(blocks_take(&b), 50);
    blocks_go_on(&b, END - 1);
    ck_assert_uint_eq(blocks_take(&b), END - 1);
    // No run is left; where it goes on may be anywhere, and used, and absurd.
    ck_assert_uint_eq(blocks_take(&b), DISK_DATA_BLOCK);
    blocks_go_on(&b, 50);
    ck_assert_uint_ne(blocks_take(&b), 50);
    for (u32 at = 0; at < DISK_DATA_BLOCK; at++) {
        blocks_go_on(&b, at);
        take(1);
    }
    blocks_go_on(&b, END);
    take(1);
    blocks_go_on(&b, 0xffffffff);
    take(1);
    // Blocks 0 to 31 are never a run, but do not end the search for one.
    blocks_init(&b, END);
    blocks_use(&b, 64);
    blocks_go_on(&b, 64);
    ck_assert_uint_eq(blocks_take(&b), 32);
}
END_TEST

// Is a run of free blocks preferred to the gaps between blocks in use?
START_TEST(runs)
{
    for (u32 block = 4; block < 32; block += 2)
        blocks_use(&b, block);
    ck_assert_uint_eq(blocks_take(&b), 3);
    for (u32 block = 32; block < 64; block++)
        ck_assert_uint_eq(blocks_take(&b), block);
    for (u32 block = 64; block < END; block++)
        ck_assert_uint_eq(blocks_take(&b), block);
    for (u32 block = 5; block < 32; block += 2)
        ck_assert_uint_eq(blocks_take(&b), block);
    ck_assert_uint_eq(blocks_take(&b), 0);
}
END_TEST

// Is only what was taken since the last commit fresh?
START_TEST(fresh)
{
    u32 last = take(2);

    blocks_use(&b, last + 1);
    ck_assert_int_eq(blocks_is_fresh(&b, last), 1);
    ck_assert_int_eq(blocks_is_fresh(&b, last + 1), 0);
    for (u32 block = 0; block < DISK_DATA_BLOCK; block++)
        ck_assert_int_eq(blocks_is_fresh(&b, block), 0);
    ck_assert_int_eq(blocks_is_fresh(&b, END), 0);
    ck_assert_int_eq(blocks_is_fresh(&b, 0xffffffff), 0);
    blocks_turn(&b);
    ck_assert_int_eq(blocks_is_fresh(&b, last), 0);
}
END_TEST

// Are the blocks of a save that came to nothing free again, and no others?
START_TEST(dropped)
{
    blocks_use(&b, 3);
    blocks_turn(&b); // 3 is kept
    blocks_use(&b, 4);
    take(FREE - 2);
    blocks_drop_fresh(&b);
    ck_assert_int_eq(blocks_is_fresh(&b, 5), 0);
    for (u32 i = 0; i < FREE - 2; i++)
        ck_assert_uint_gt(blocks_take(&b), 4);
    ck_assert_uint_eq(blocks_take(&b), 3); // given up now
    ck_assert_uint_eq(blocks_take(&b), 0);
}
END_TEST

// The blocks in [from, to) are what a save names, and it is committed.
static void
commit(u32 from, u32 to)
{
    blocks_turn(&b);
    for (u32 block = from; block < to; block++)
        blocks_use(&b, block);
}

// Do the blocks of the newest save and the one before stay out of use, and those
// of older ones come back?
START_TEST(two_saves)
{
    commit(3, 13);
    commit(13, 33);
    for (u32 i = 0; i < FREE - 30; i++)
        ck_assert_uint_ge(blocks_take(&b), 33);
    blocks_drop_fresh(&b);
    commit(33, 63);
    for (u32 i = 0; i < FREE - 50; i++) {
        u32 block = blocks_take(&b);

        ck_assert(block < 13 || block >= 63);
    }
}
END_TEST

// When blocks run short, is the save before the newest given up, only then, as a
// whole, and never the newest?
START_TEST(given_up)
{
    u32 seen = 0;

    commit(3, 13);
    commit(13, 33);
    take(FREE - 30);
    for (u32 i = 0; i < 10; i++) {
        u32 block = blocks_take(&b);

        ck_assert_uint_ge(block, 3);
        ck_assert_uint_lt(block, 13);
        seen |= 1u << block;
    }
    ck_assert_uint_eq(seen, 0x1ff8);
    ck_assert_uint_eq(blocks_take(&b), 0);
    // It stays given up although the save that needed the room failed.
    blocks_drop_fresh(&b);
    for (u32 i = 0; i < FREE - 20; i++)
        take(1);
    ck_assert_uint_eq(blocks_take(&b), 0);
}
END_TEST

// Does a block that two saves name stay until neither does?
START_TEST(named_twice)
{
    commit(10, 11);
    commit(10, 11);
    commit(3, 4);
    take(FREE - 2);
    ck_assert_int_eq(blocks_is_fresh(&b, 10), 0);
    blocks_drop_fresh(&b);
    commit(3, 4);
    take(FREE - 1);
    ck_assert_int_eq(blocks_is_fresh(&b, 10), 1);
}
END_TEST

static void
use(void *block)
{
    blocks_use(&b, (u32)(word)block);
}

// Is a map that names no block of the partition noticed?  Zero pages have none.
START_TEST(misuse)
{
    static const u32 bad[] = {1, 2, END, END + 1, 0xffffffff};

    for (u32 i = 0; i < ARRAY_LEN(bad); i++)
        ck_assert_int_eq(fake_run(use, (void *)(word)bad[i]), FAKE_FAILED);
    blocks_use(&b, 0);
    blocks_use(&b, END - 1);
    take(FREE - 1);
    ck_assert_uint_eq(blocks_take(&b), 0);
}
END_TEST

// --- against a simple model ---

#define USED 1u
#define KEPT 2u
#define FRESH 4u

static u8 model[BLOCKS_MAX];

static u32
model_count(u32 marks)
{
    u32 n = 0;

    for (u32 block = DISK_DATA_BLOCK; block < b.end; block++)
        n += (model[block] & marks) == 0;
    return n;
}

static void
model_take(void)
{
    u32 unmarked = model_count(USED | KEPT | FRESH);
    u32 left = model_count(USED | FRESH);
    u32 block = blocks_take(&b);

    ck_assert_int_eq(block != 0, left != 0);
    if (unmarked == 0)
        for (u32 i = 0; i < b.end; i++)
            model[i] &= (u8)~KEPT;
    if (block == 0)
        return;
    ck_assert_uint_ge(block, DISK_DATA_BLOCK);
    ck_assert_uint_lt(block, b.end);
    ck_assert_uint_eq(model[block], 0);
    model[block] = FRESH;
}

// A save names what is fresh and some of what the newest one named.
static void
model_commit(void)
{
    blocks_turn(&b);
    for (u32 block = 0; block < b.end; block++) {
        u8 was = model[block];
        int used = was == FRESH || ((was & USED) != 0 && rand() % 4 != 0);

        model[block] = (u8)((was & USED ? KEPT : 0) | (used ? USED : 0));
        if (used)
            blocks_use(&b, block);
    }
}

static void
model_drop(void)
{
    blocks_drop_fresh(&b);
    for (u32 block = 0; block < b.end; block++)
        model[block] &= (u8)~FRESH;
}

// Do saves, some of them failing, use just the blocks they may use?
START_TEST(many_saves)
{
    srand(1);
    for (u32 round = 0; round < 100; round++) {
        blocks_init(&b, 40 + (u32)rand() % 300);
        memset(model, 0, sizeof(model));
        for (u32 i = 0; i < 60; i++) {
            u32 pages = (u32)rand() % (b.end / 3);

            if (rand() % 4 == 0)
                blocks_go_on(&b, (u32)rand() % (b.end + 9));
            while (pages-- > 0)
                model_take();
            if (rand() % 4 == 0)
                model_drop();
            else
                model_commit();
        }
    }
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {each_once,   sizes,   wrap,       runs,
                                 fresh,       dropped, two_saves,  given_up,
                                 named_twice, misuse,  many_saves, NULL};
    const struct suite suite = {
        .name = "blocks", .open = set_up, .close = tear_down, .test = test};

    return suite_run(&suite);
}

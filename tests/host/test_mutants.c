// test_mutants.c -- do the power-cut cases notice damage and missing flushes?
#include "plate/slot.h"
#include "power.h"
#include "suite.h"

// --- damage ---

static void
save_before(void *state)
{
    power_start(state);
    places_write();
    power_must(kernel_save());
}

static void
save_unpromised(void *state)
{
    (void)state;
    for (u32 i = 0; i < 2; i++) {
        places_write();
        power_must(kernel_save());
    }
    places_write();
}

// The newest save turns out to be damaged: is the one before it whole, or known
// not to be?
static int
recover_from_damage(void *state)
{
    u32 newest = root_generation(peek_word(&root_at()->commit));
    struct nv_slot *slot = ram_at(kernel_layout()->slot_pa[newest & 1]);

    (void)state;
    poke_word(&slot->magic, 0);
    return kernel_boot(&power_booted, NV_AUTO);
}

static int
verify_older(void *state)
{
    return power_booted.decision.outcome == OUTCOME_REFUSE
               ? 1
               : power_verify(state);
}

// The frames of save areas that were given back are used for something else.
static void
reuse_areas(void *state)
{
    (void)state;
    power_must(place_delete(1));
    power_must(place_delete(2));
    places_write();
    power_must(kernel_save());
    for (u32 i = 0; i < 4; i++)
        power_must(place_create(3, i % 2));
    places_write();
}

static struct cut_case
damaged_case(void (*operation)(void *state))
{
    struct cut_case c = power_case("damaged", save_before, operation);

    c.recover = recover_from_damage;
    c.verify = verify_older;
    c.once = 1;
    return c;
}

START_TEST(damaged)
{
    struct cut_case c = damaged_case(save_unpromised);

    cut_check(&c);
}
END_TEST

START_TEST(damaged_and_reused)
{
    struct cut_case c = damaged_case(reuse_areas);

    c.name = "reused";
    cut_check(&c);
}
END_TEST

static void
save_once(void *state)
{
    (void)state;
    places_write();
    power_must(kernel_save());
    power_promise();
    places_write();
}

static void
delete_one(void *state)
{
    (void)state;
    power_must(place_delete(1));
    places_write();
    power_must(kernel_save());
    power_promise();
}

// --- proofs that the cases look where it matters ---

// Which flushes and fences of a save can be left out unnoticed?  The first
// ones make root.previous durable, which only a damaged save needs; the last
// two of each make the commit word and root.previous durable, which share a
// cache line, so one of the two suffices.
START_TEST(mutants_of_save)
{
    struct cut_case c = power_case("save", power_start, save_once);
    struct cut_mutants unnoticed;

    cut_mutate(&c, &unnoticed);
    ck_assert_uint_eq(unnoticed.fences, 4);
    ck_assert_uint_eq(unnoticed.fence, 0xd);
    ck_assert_uint_eq(unnoticed.flush, 1 | 3ull << (unnoticed.flushes - 2));
}
END_TEST

// A save after which save areas are freed leaves root.previous alone.
START_TEST(mutants_of_delete)
{
    struct cut_case c = power_case("delete", power_start, delete_one);
    struct cut_mutants unnoticed;

    cut_mutate(&c, &unnoticed);
    ck_assert_uint_eq(unnoticed.fences, 3);
    ck_assert_uint_eq(unnoticed.fence, 1);
    ck_assert_uint_eq(unnoticed.flush, 1);
}
END_TEST

START_TEST(mutants_of_damaged)
{
    struct cut_case c = damaged_case(save_unpromised);
    struct cut_mutants unnoticed;

    cut_mutate(&c, &unnoticed);
    ck_assert_uint_eq(unnoticed.fence & 1, 0);
    ck_assert_uint_eq(unnoticed.flush & 1, 0);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {
        damaged,           damaged_and_reused, mutants_of_save,
        mutants_of_delete, mutants_of_damaged, NULL};
    const struct suite suite = {
        .name = "mutants", .seconds = 900, .test = test};

    return suite_run(&suite);
}

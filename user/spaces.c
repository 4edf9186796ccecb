// spaces.c -- make and delete regions, spaces and plates, and check the rules
//
//   spaces [ROUNDS]     without ROUNDS: for ever
//
// Each round takes two regions through their whole life: create, attach,
// write, detach, attach again (the contents must still be there), delete.
// What must be refused is tried, too: stale ids, names used twice, deleting
// what is in use.  Plates are made only while occ is enabled.
#include "tender.h"

#define PAGES_MOST 16u
#define PAUSE_MS 10u
#define REPORT_US 1000000u

// One region on its way through a round.
struct part {
    char name[NAME_MAX];
    u32 seed;
    u32 bytes;
    rid region;
    rid space;
    rid plate; // RID_NONE = none
    u32 *word;
};

struct round {
    u32 number;
    u32 plates; // made so far
    struct random random;
};

static int
wrong(const struct part *part, const char *what, int result)
{
    print("spaces: WRONG: %s (%s): %d, %s.\n", what, part->name, result,
          result < 0 ? error_sentence(result) : "no error");
    return 0;
}

// A call that must succeed; stores its id.
static int
made(const struct part *part, const char *what, int result, rid *id)
{
    if (result <= 0)
        return wrong(part, what, result);
    *id = (rid)result;
    return 1;
}

// A call that must be refused, with this error.
static int
refused(const struct part *part, const char *what, int result, int error)
{
    return result == error ? 1 : wrong(part, what, result);
}

static void
write_words(const struct part *part)
{
    for (u32 i = 0; i < part->bytes / 4; i++)
        part->word[i] = mix(part->seed, i);
}

static int
words_are(const struct part *part, int zero)
{
    const volatile u32 *at = part->word;

    for (u32 i = 0; i < part->bytes / 4; i++)
        if (at[i] != (zero ? 0 : mix(part->seed, i)))
            return wrong(part,
                         zero ? "a new region is not all 0"
                              : "the contents changed",
                         (int)i);
    return 1;
}

static int
attach(struct part *part)
{
    int result = vuspace_attach(part->name, part->region, 0, VU_WRITABLE);

    if (!made(part, "attach a region", result, &part->space))
        return 0;
    part->word = vuspace_address(part->space);
    if (part->word == NULL || (u32)part->word % PAGE_SIZE != 0)
        return wrong(part, "the address of a space", (int)(word)part->word);
    result = vuspace_bytes(part->space);
    if (result < (int)part->bytes)
        return wrong(part, "the size of a space", result);
    return refused(part, "attach a region twice",
                   vuspace_attach(NULL, part->region, 0, VU_WRITABLE),
                   E_ATTACHED);
}

static int
begin(struct part *part, struct round *round, const char *letter)
{
    text_format(part->name, NAME_MAX, "spaces/%x/%s", process_self(), letter);
    part->seed = random_next(&round->random);
    part->bytes = (1 + random_below(&round->random, PAGES_MOST)) * PAGE_SIZE;
    part->plate = RID_NONE;
    if (!made(part, "create a region", region_create(part->name, part->bytes),
              &part->region) ||
        !refused(part, "create a region of the same name",
                 region_create(part->name, PAGE_SIZE), E_EXISTS))
        return 0;
    if (!attach(part) || !words_are(part, 1))
        return 0;
    write_words(part);
    return words_are(part, 0);
}

// Does the name lead to the id?
static int
opens(const struct part *part, u32 kind, rid id)
{
    int result = resource_open(kind, part->name);

    return result == (int)id ? 1 : wrong(part, "open by name", result);
}

static int
occ_enabled(void)
{
    struct system_status status;

    return system_status(&status) == 0 && status.occ_enabled;
}

// Somebody else may disable occ at any moment, which ends all plates.
static int
plate_gone(struct part *part, int result)
{
    if (result != E_ID || occ_enabled())
        return 0;
    part->plate = RID_NONE;
    return 1;
}

static int
plate_right(struct part *part)
{
    struct plate_info info;
    int result = plate_read(part->plate, &info);

    if (plate_gone(part, result))
        return 1;
    if (result < 0)
        return wrong(part, "read about a plate", result);
    if (info.space != part->space || info.va != (u32)part->word ||
        info.pages != PAGES_OF(part->bytes))
        return wrong(part, "a plate does not describe its space", 0);
    return 1;
}

// A save by someone else may make the plate first, and may leave no room
// for save areas: neither is wrong.
static int
make_plate(struct part *part, struct round *round)
{
    int result = plate_create(part->name, part->space);

    if (result == E_EXISTS || result == E_BUSY || result == E_MEMORY ||
        result == E_TABLE || result == E_OCC_OFF)
        return 1;
    if (!made(part, "create a plate", result, &part->plate) ||
        !plate_right(part))
        return 0;
    round->plates++;
    return 1;
}

static int
end_plate(struct part *part)
{
    int result;

    if (part->plate == RID_NONE)
        return 1;
    result = resource_delete(part->plate);
    if (plate_gone(part, result))
        return 1;
    if (result < 0)
        return wrong(part, "delete a plate", result);
    return refused(part, "delete a plate twice", resource_delete(part->plate),
                   E_ID);
}

static int
detach(struct part *part)
{
    int result = resource_delete(part->space);

    if (result < 0)
        return wrong(part, "detach a region", result);
    return refused(part, "detach a region twice", resource_delete(part->space),
                   E_ID) &&
           refused(part, "ask a stale space for its address",
                   resource_control(part->space, VU_ADDRESS, 0, 0, 0), E_ID);
}

static int
middle(struct part *part, struct round *round)
{
    int result = resource_delete(part->region);

    if (result >= 0)
        return wrong(part, "delete an attached region", result);
    if (!opens(part, KIND_REGION, part->region) ||
        !opens(part, KIND_VUSPACE, part->space))
        return 0;
    if (occ_enabled() && !make_plate(part, round))
        return 0;
    if (!words_are(part, 0) || !end_plate(part))
        return 0;
    if (!detach(part) || !attach(part))
        return 0;
    return words_are(part, 0);
}

static int
end(struct part *part)
{
    int result;

    if (!words_are(part, 0) || !detach(part))
        return 0;
    result = resource_delete(part->region);
    if (result < 0)
        return wrong(part, "delete a region", result);
    return refused(part, "attach a stale region",
                   vuspace_attach(NULL, part->region, 0, VU_WRITABLE), E_ID) &&
           refused(part, "delete a region twice", resource_delete(part->region),
                   E_ID) &&
           refused(part, "open a deleted region",
                   resource_open(KIND_REGION, part->name), E_NAME);
}

static int
run_round(struct round *round)
{
    static struct part a, b;

    return begin(&a, round, "a") && begin(&b, round, "b") &&
           middle(&a, round) && middle(&b, round) && words_are(&a, 0) &&
           end(&a) && end(&b);
}

int
main(int argc, char **argv)
{
    static struct round round;
    u32 rounds = argument(argc, argv, 1, 0, 0);
    u64 reported_us = 0;

    random_seed(&round.random, process_self());
    if (!occ_enabled())
        print("spaces: without plates while occ is disabled.\n");
    for (round.number = 1; rounds == 0 || round.number <= rounds;
         round.number++) {
        u64 now_us;

        if (!run_round(&round))
            return 1;
        now_us = uptime_us();
        if (now_us - reported_us >= REPORT_US || round.number == rounds) {
            print("spaces: round %u ok (%u plates)\n", round.number,
                  round.plates);
            reported_us = now_us;
        }
        sleep_ms(PAUSE_MS);
    }
    return 0;
}

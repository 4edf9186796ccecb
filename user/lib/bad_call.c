// bad_call.c -- call the kernel wrongly, and count what it makes of it
#include "bad_call.h"

#define FAILURES_MOST 10u // that are printed

static u32
sum_of(const char *from, u32 bytes, u32 sum)
{
    const volatile u32 *words = (const volatile u32 *)(word)from;

    for (u32 i = 0; i < bytes / 4; i++)
        sum = (sum << 5 | sum >> 27) + words[i];
    return sum;
}

static u32
code_sum(void)
{
    return sum_of(program_code, (u32)(program_code_end - program_code), 1);
}

static u32
canary_sum(const struct badcalls *bad)
{
    u32 sum = sum_of(bad->canary, sizeof(bad->canary), 1);

    return sum_of((const char *)EDGE_VA, PAGE_SIZE, sum);
}

static void
complain(const char *what, u32 op, rid target, const word arg[4], int result)
{
    print("badcalls: WRONG: %s: op %u target 0x%x (0x%x 0x%x 0x%x 0x%x) -> "
          "0x%x\n",
          what, op, target, arg[0], arg[1], arg[2], arg[3], (u32)result);
}

void
bad_call(struct badcalls *bad, u32 op, rid target, const word arg[4])
{
    int result = tender_call(op, target, arg[0], arg[1], arg[2], arg[3]);

    if (result < 0) {
        bad->refused++;
    } else {
        if (bad->accepted++ < FAILURES_MOST)
            complain("accepted", op, target, arg, result);
        if (op == OP_CREATE)
            resource_delete((rid)result);
    }
    if (canary_sum(bad) != bad->canary_sum) {
        if (bad->changed++ < FAILURES_MOST)
            complain("memory changed", op, target, arg, result);
        bad->canary_sum = canary_sum(bad);
    }
}

int
bad_prepare(struct badcalls *bad, u32 seed)
{
    int region = region_create(NULL, PAGE_SIZE);
    int space;
    int unattached = region_create(NULL, PAGE_SIZE);
    int event = event_create(NULL, 0);

    if (region < 0 || unattached < 0 || event < 0)
        return MIN(event, MIN(region, unattached));
    space = vuspace_attach(NULL, (rid)region, EDGE_VA, VU_WRITABLE);
    if (space < 0)
        return space;
    bad->self = process_self();
    bad->region = (rid)region;
    bad->space = (rid)space;
    bad->unattached = (rid)unattached;
    bad->event = (rid)event;
    memset((void *)EDGE_VA, 'x', PAGE_SIZE); // a name without an end
    memset(bad->canary, 0x5a, sizeof(bad->canary));
    bad->canary_sum = canary_sum(bad);
    bad->code_sum = code_sum();
    random_seed(&bad->random, seed);
    return 0;
}

void
bad_code(struct badcalls *bad)
{
    if (code_sum() != bad->code_sum) {
        print("badcalls: WRONG: the program's code changed.\n");
        bad->changed++;
    }
}

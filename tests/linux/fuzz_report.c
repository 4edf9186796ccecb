// fuzz_report.c -- what all the calls said, and which never succeeded
#include "fuzz.h"

// Counters of several writers are not exact.
static u32
refusals(const struct counts *t, u32 number)
{
    u32 kinds = 0;

    for (u32 e = 0; e < ERRNOS; e++)
        kinds += t->refused[number][e] != 0;
    return kinds;
}

static void
tell(const struct counts *t, u32 number)
{
    print("fuzz: %3u %s: %u calls, %u good:", number, fuzz_name(number),
          t->calls[number], t->good[number]);
    for (u32 e = 0; e < ERRNOS; e++)
        if (t->refused[number][e] != 0)
            print(" e%u:%u", e, t->refused[number][e]);
    print("\n");
}

// One that should succeed and never did, or should not and did?
static u32
wrong(const struct counts *t, u32 number)
{
    const char *reason = fuzz_cannot(number);

    if ((reason == NULL) == (t->good[number] != 0))
        return 0;
    if (reason == NULL)
        print("fuzz: never good: %u %s\n", number, fuzz_name(number));
    else
        print("fuzz: %u times good: %u %s (%s)\n", t->good[number], number,
              fuzz_name(number), reason);
    return 1;
}

// A number without a name that has another answer than ENOSYS?
static u32
unnamed(const struct counts *t, u32 number)
{
    if (t->good[number] == 0 &&
        refusals(t, number) == (t->refused[number][ENOSYS] != 0))
        return 0;
    print("fuzz: there is no call %u, and it answers\n", number);
    return 1;
}

u32
fuzz_report(const struct counts *t)
{
    u32 calls = 0, good = 0, kinds = 0, different = 0, bad = 0;

    for (u32 i = 0; i < FUZZ_CALLS; i++) {
        calls += t->calls[i];
        good += t->good[i];
        if (fuzz_name(i) == NULL)
            continue;
        kinds += refusals(t, i);
        different += t->calls[i] != 0;
        tell(t, i);
    }
    for (u32 i = 0; i < FUZZ_CALLS; i++)
        bad += fuzz_name(i) != NULL ? wrong(t, i) : unnamed(t, i);
    print("fuzz: %u calls of %u numbers, %u good, %u kinds of refusals\n",
          calls, different, good, kinds);
    return bad;
}

// counter.c -- count aloud, and notice when a number was lost
//
//   counter [MS]      one number every MS milliseconds (1000)
#include "tender.h"

// Three ways to remember one number.  sum is 1 + 2 + ... + number.
struct count {
    u32 number;
    u32 complement;
    u32 sum;
};

static int
whole(const struct count *count)
{
    u64 n = count->number;

    return count->complement == ~count->number &&
           count->sum == (u32)(n * (n + 1) / 2);
}

int
main(int argc, char **argv)
{
    static volatile struct count kept = {0, ~0u, 0};
    u32 ms = argument(argc, argv, 1, 0, 1000);

    for (;;) {
        struct count count = {kept.number, kept.complement, kept.sum};

        if (!whole(&count)) {
            print("counter: LOST the count: number %u, complement %u, sum "
                  "%u.\n",
                  count.number, count.complement, count.sum);
            return 1;
        }
        kept.number = count.number + 1;
        kept.complement = ~(count.number + 1);
        kept.sum = count.sum + count.number + 1;
        print("counter: %u\n", count.number + 1);
        sleep_ms(ms);
    }
}

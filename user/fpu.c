// fpu.c -- compute with x87 and SSE2 registers full, for ever the same
//
//   fpu [PASSES]        without PASSES: for ever
//
// Each pass computes two series for pi and a power of a matrix, in long loops
// that never call the kernel: whoever is preempted in the middle must find
// every register again, also after a power cut.  Results are compared bit by
// bit with those of the first pass.
#include "tender.h"

#define TERMS 400000u
#define TURNS 400000u
#define REPORT_US 1000000u

typedef double pair __attribute__((vector_size(16)));

struct results {
    double leibniz;
    double machin;
    double rotated[2];
    pair leibniz_sse;
    pair rotated_sse;
};

// pi = 4 (1 - 1/3 + 1/5 - ...), two terms a turn, in x87 registers.
static double
leibniz(void)
{
    double sum = 0;
    double n = 1;

    for (u32 i = 0; i < TERMS; i++, n += 4)
        sum += 1 / n - 1 / (n + 2);
    return 4 * sum;
}

// arctan(1/n) by its series, to the last bit.
static double
arctan(double n)
{
    double power = 1 / n;
    double sum = 0;

    for (double k = 1; k < 60; k += 4) {
        sum += power / k;
        power /= n * n;
        sum -= power / (k + 2);
        power /= n * n;
    }
    return sum;
}

// pi = 16 arctan(1/5) - 4 arctan(1/239), averaged over many times.
static double
machin(void)
{
    double sum = 0;

    for (u32 i = 0; i < TERMS / 64; i++)
        sum += 16 * arctan(5) - 4 * arctan(239);
    return sum / (TERMS / 64);
}

// The power of a rotation: (x, y) after many turns by the same angle.
static void
rotate(double at[2])
{
    double x = 1;
    double y = 0;

    for (u32 i = 0; i < TURNS; i++) {
        double turned = 0.8 * x - 0.6 * y;

        y = 0.6 * x + 0.8 * y;
        x = turned;
    }
    at[0] = x;
    at[1] = y;
}

// The same two with SSE2.
static pair
leibniz_sse(void)
{
    const pair one = {1, -1};
    const pair four = {4, 4};
    pair n = {1, 3};
    pair sum = {0, 0};

    for (u32 i = 0; i < TERMS; i++, n += four)
        sum += one / n;
    return sum * four;
}

static pair
rotate_sse(void)
{
    const pair cosine = {0.8, 0.8};
    const pair sine = {-0.6, 0.6};
    pair at = {1, 0};

    for (u32 i = 0; i < TURNS; i++) {
        pair swapped = {at[1], at[0]};

        at = cosine * at + sine * swapped;
    }
    return at;
}

static void
compute(struct results *results)
{
    memset(results, 0, sizeof(*results));
    results->leibniz = leibniz();
    results->machin = machin();
    rotate(results->rotated);
    results->leibniz_sse = leibniz_sse();
    results->rotated_sse = rotate_sse();
}

static int
close_to(double value, double wanted, double by)
{
    return value > wanted - by && value < wanted + by;
}

// Is the first pass right at all?
static const char *
check_first(const struct results *results)
{
    const double pi = 3.14159265358979323846;
    double x = results->rotated[0];
    double y = results->rotated[1];

    if (!close_to(results->leibniz, pi, 1e-5))
        return "Leibniz's series does not give pi";
    if (!close_to(results->machin, pi, 1e-12))
        return "Machin's formula does not give pi";
    if (!close_to(results->leibniz_sse[0] + results->leibniz_sse[1], pi, 1e-5))
        return "SSE2 does not give pi";
    if (!close_to(x * x + y * y, 1, 1e-6))
        return "the rotation left the circle";
    if (!close_to(results->rotated_sse[0], x, 1e-6) ||
        !close_to(results->rotated_sse[1], y, 1e-6))
        return "x87 and SSE2 rotate differently";
    return NULL;
}

static int
wrong(u32 pass, const char *what)
{
    print("fpu: WRONG in pass %u: %s.\n", pass, what);
    return 1;
}

int
main(int argc, char **argv)
{
    static struct results first, again;
    u32 passes = argument(argc, argv, 1, 0, 0);
    u64 reported_us = 0;

    compute(&first);
    if (check_first(&first) != NULL)
        return wrong(1, check_first(&first));
    for (u32 pass = 2; passes == 0 || pass <= passes; pass++) {
        u64 now_us;

        compute(&again);
        if (memcmp(&first, &again, sizeof(first)) != 0)
            return wrong(pass, "a result differs from that of the first pass");
        now_us = uptime_us();
        if (now_us - reported_us >= REPORT_US || reported_us == 0) {
            print("fpu: pass %u ok\n", pass);
            reported_us = now_us;
        }
    }
    print("fpu: all %u passes ok\n", passes);
    return 0;
}

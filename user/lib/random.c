// random.c -- numbers that look random and are the same for the same seed
#include "tender.h"

void
random_seed(struct random *random, u32 seed)
{
    random->state = mix(0x7e4de5u, seed) | 1; // 0 would stay 0
}

// Marsaglia's xorshift with the triple 13, 17, 5: period 2^32 - 1.
u32
random_next(struct random *random)
{
    u32 x = random->state;

    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    random->state = x;
    return x;
}

u32
random_below(struct random *random, u32 limit)
{
    return (u32)((u64)random_next(random) * limit >> 32);
}

u32
mix(u32 seed, u32 number)
{
    u32 x = seed ^ number * 0x9e3779b1u;

    x ^= x >> 16;
    x *= 0x21f0aaadu;
    x ^= x >> 15;
    x *= 0x735a2d97u;
    return x ^ x >> 15;
}

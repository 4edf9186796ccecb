// clock.h -- the host's monotonic clock in seconds
#ifndef CLOCK_H
#define CLOCK_H

#include <time.h>

static inline double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

// Negative times are 0.
static inline struct timespec
clock_timespec(double seconds)
{
    struct timespec t = {0, 0};

    if (seconds > 0) {
        t.tv_sec = (time_t)seconds;
        t.tv_nsec = (long)((seconds - (double)t.tv_sec) * 1e9);
    }
    return t;
}

#endif

// fuzz_linux.c -- random Linux calls for as long as is wanted
//
//   fuzz_linux [SECONDS [SEED]]      ten minutes; a seed from the clock
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "linux_fuzz.h"

int
main(int argc, char **argv)
{
    unsigned seconds = argc > 1 ? (unsigned)atoi(argv[1]) : 600;
    unsigned seed =
        argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : (unsigned)time(NULL);

    printf("fuzz-linux: %u seconds, seed %u\n", seconds, seed);
    fflush(stdout);
    linux_fuzz("fuzz-linux", seconds, seed);
    printf("fuzz-linux: nobody noticed anything\n");
    return 0;
}

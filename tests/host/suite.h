// suite.h -- run the tests of one program
#ifndef HOST_SUITE_H
#define HOST_SUITE_H

#include <check.h>

struct suite {
    const char *name;
    int seconds;              // for one test, to bound hangs; 0 = 300
    void (*open)(void);       // before each test
    void (*close)(void);      // after it
    const TTest *const *test; // ended by NULL
};

// What main() returns: 0 if all went well.
int suite_run(const struct suite *suite);

#endif

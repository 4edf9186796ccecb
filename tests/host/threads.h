// threads.h -- let machine_switch() of the fake machine really switch stacks
//
// Each execution is a context of the host with a stack of its own.
#ifndef HOST_THREADS_H
#define HOST_THREADS_H

#include "fake.h"

// After fake_open(): every new execution begins with start(), which must not
// return.
void threads_open(void (*start)(void));

#endif

// crash_store.h -- what a campaign of power cuts must know of each plate store
#ifndef CRASH_STORE_H
#define CRASH_STORE_H

#include "vm.h"

// What is found after a cut, while the machine is off.
struct crash_found {
    unsigned committed; // the newest save, 0: none
    bool begun;         // and one after it that is not complete
};

struct crash_store {
    enum vm_store store;
    const char *where;
    const char *advice; // what to do with the file of a loss
    bool saves_at_end;  // a shutdown ends in a save
    double aim_ms;      // an aimed cut comes so late at most, half of them
    double near_ms;     // within this, because a save takes about as long
    // Fails unless the state is whole.
    struct crash_found (*look)(struct vm *vm);
};

// As PLATE in the environment says, and how slow its disk is to be, or NULL.
const struct crash_store *crash_store(void);
const char *crash_throttle(void);

#endif

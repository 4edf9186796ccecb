// wait.h -- wait on a channel, and wake those who wait there
//
// A channel is any number but 0; who waits on an id uses the id.  A wake is
// only a hint: whoever waited looks again.
#ifndef TENDER_WAIT_H
#define TENDER_WAIT_H

#include "tender/gate.h"

// The running execution waits until it is woken, ms 0: for ever.  0, E_TIME if
// the time is over, or another error: killed, or nothing may wait now.
int wait_on(struct gate *gate, u32 channel, u32 ms);

// Wake those who came first, at most so many.  How many were woken.
int wait_wake(struct gate *gate, u32 channel, u32 most);

#endif

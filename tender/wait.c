// wait.c -- wait on a channel, and wake those who wait there
#include "tender/wait.h"

#include "tender/abi.h"

int
wait_on(struct gate *gate, u32 channel, u32 ms)
{
    return gate_control(gate, KIND_ID(KIND_EXECUTION), EXECUTION_BLOCK, channel,
                        ms, 0);
}

int
wait_wake(struct gate *gate, u32 channel, u32 most)
{
    return gate_control(gate, KIND_ID(KIND_EXECUTION), EXECUTION_WAKE, channel,
                        most, 0);
}

// pit.c -- the timer interrupt, 100 times a second
#include "boot/pc/parts.h"

#include "boot/pc/port.h"

#define CHANNEL_0 0x40
#define COMMAND 0x43
#define DIVISOR 11932u // 1193182 Hz / 100

static struct {
    struct driver driver;
    void (*tick)(void *state);
    void *tick_state;
} pit;

static int
identify(struct driver *driver)
{
    (void)driver;
    return 0;
}

static int
start(struct driver *driver)
{
    (void)driver;
    port_out8(COMMAND, 0x34); // channel 0, both bytes, rate generator
    port_out8(CHANNEL_0, DIVISOR & 255);
    port_out8(CHANNEL_0, DIVISOR >> 8);
    return 0;
}

static void
quiesce(struct driver *driver)
{
    (void)driver; // it is never busy
}

static void
recover(struct driver *driver)
{
    start(driver);
}

static void
interrupt(struct driver *driver)
{
    (void)driver;
    machine_now_us(); // notes the time for clock_recover()
    if (pit.tick != NULL)
        pit.tick(pit.tick_state);
}

struct driver *
pit_driver(void (*tick)(void *state), void *state)
{
    pit.tick = tick;
    pit.tick_state = state;
    pit.driver = (struct driver){"pit",   0,       identify,  start,
                                 quiesce, recover, interrupt, NULL};
    return &pit.driver;
}

// put.c -- output for people: serial line and screen
#include "boot/pc/parts.h"

// What was put before the screen was ready, to be shown then.
#define EARLY_BYTES 2048u

static SCRATCH char early[EARLY_BYTES];
static SCRATCH u32 early_bytes;

void
machine_put(const char *text, u32 length)
{
    u32 i;

    serial_put(text, length);
    if (screen_is_ready()) {
        if (early_bytes != 0) {
            screen_put(early, early_bytes);
            early_bytes = 0;
        }
        screen_put(text, length);
        return;
    }
    for (i = 0; i < length && early_bytes < EARLY_BYTES; i++)
        early[early_bytes++] = text[i];
}

void
machine_put_last(const char *text, u32 length)
{
    serial_put(text, length);
    if (screen_is_ready())
        screen_put_last(text, length);
}

// console.h -- the one terminal: characters to people and from them
#ifndef RESOURCES_CONSOLE_H
#define RESOURCES_CONSOLE_H

#include "tender/driver.h"
#include "tender/gate.h"

#define CONSOLE_RING 256u
#define CONSOLE_WRITE_MAX 65536u // bytes of one WRITE

// Who gets every character while it is there, instead of those who READ.
struct console_taker {
    void *state;
    int (*input)(void *state, char c); // 0 or an error
};

struct console {
    struct gate *gate;
    const struct console_driver *driver; // NULL: output is dropped
    struct console_taker taker;          // input NULL: nobody
    rid foreground;                      // what Ctrl-C kills
    u32 first;                           // the oldest character
    u32 used;
    u32 dropped; // characters that found the ring full
    char ring[CONSOLE_RING];
};

u32 console_bytes(void); // 0: it has no table
void console_init(struct console *console, struct gate *gate, void *memory,
                  u32 bytes);
void
console_attach(struct console *console, const struct console_driver *driver);

// Characters to people, as they are.
void console_put(const struct console *console, const char *text, u32 length);

#endif

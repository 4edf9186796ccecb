// tty.h -- the terminal: the line discipline between the console and the tasks
#ifndef LINUX_TTY_H
#define LINUX_TTY_H

#include "tender/types.h"

#define TTY_INPUT 4096u
#define TERMIOS_CC 19u

struct file;
struct linux;

// As the program sees it (TCGETS).
struct termios {
    u32 input, output, control, local; // c_iflag ...
    u8 line;
    u8 cc[TERMIOS_CC];
};

struct window_size {
    u16 rows, columns, x, y;
};

struct tty {
    struct linux *linux;
    struct termios termios;
    struct window_size size;
    u32 session;      // whose controlling terminal it is, 0 = none
    u32 foreground;   // process group
    u32 hangups;      // files opened before the last one are dead
    u32 first, used;  // ring: characters that may be read
    u32 line_used;    // of them at the end: the line that is being typed
    u32 lines;        // ends of lines in the ring (canonical)
    u32 column;       // of the output, for tabs and erasing
    u32 line_column;  // where the echo of the line that is typed began
    u32 stopped;      // Ctrl-S
    u32 literal_next; // Ctrl-V
    u32 erasing;      // ECHOPRT: between \ and /
    u32 version;      // counts what readers were told
    u32 pushed;       // the end in the ring is where ICANON was switched on
    u8 ring[TTY_INPUT];
    u8 end[TTY_INPUT / 8]; // bit: this character ends a line; is EOF if it is 0
};

void tty_init(struct tty *tty, struct linux *l);
// A character from the console, whatever it is.
void tty_input(struct tty *tty, char c);
// A session that has no terminal gets it, and the console gives every
// character to the terminal.
void tty_take(struct tty *tty, u32 session, u32 group);
// The console, opened as the controlling terminal of a session: it is one of
// the files that a hangup reaches.
void tty_bind(struct file *f);
// Its session leader has ended: SIGHUP and SIGCONT to the foreground, whatever
// was open is dead but for /dev/console, the console has its characters again.
void tty_give_back(struct tty *tty);

#endif

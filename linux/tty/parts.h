// parts.h -- what the files of the terminal ask of each other
//
//   T1  used <= TTY_INPUT, line_used <= used
//   T2  lines is the number of end bits among the used characters
//   T3  without ICANON there are no end bits, and line_used is 0
#ifndef LINUX_TTY_PARTS_H
#define LINUX_TTY_PARTS_H

#include "linux/errno.h"
#include "linux/file/file.h"
#include "linux/linux.h"
#include "linux/tty/termios.h"

static inline u32
tty_local(const struct tty *tty, u32 flag)
{
    return tty->termios.local & flag;
}

// --- tty/ring.c: the characters that may be read ---

u8 tty_at(const struct tty *tty, u32 index);
int tty_ends(const struct tty *tty, u32 index);
// Room is seen to by the caller.
void tty_append(struct tty *tty, u8 c, int end);
// The oldest character leaves.
void tty_remove(struct tty *tty);
void tty_forget_input(struct tty *tty);
// ICANON has been switched on or off: what is there stays readable.
void tty_reframe(struct tty *tty);
int tty_readable(const struct tty *tty); // is there what a read waits for?
void tty_tell_readers(struct tty *tty);
const char *tty_check(const struct tty *tty);

// --- tty/echo.c: characters to the screen ---

void tty_put(struct tty *tty, u8 c);        // as OPOST and its kin want it
void tty_echo(struct tty *tty, u8 c);       // a control character as ^X
void tty_echo_first(struct tty *tty, u8 c); // the same; may begin a line
void tty_end_erasing(struct tty *tty);
// Take back the last character, word or line, for this key.
void tty_erase(struct tty *tty, u8 key);

// --- tty/job.c: who may use it ---

int tty_controls(const struct tty *tty, const struct task *t);
// 0; or -EIO, or -ERESTART after the signal went to the task's group: it is in
// the background.
int tty_background(const struct tty *tty, const struct task *t, u32 signal);
int tty_job_ioctl(struct task *t, struct tty *tty, u32 code, u32 argument);

// --- others ---

int tty_take_input(void *tty, char c); // the console's taker

void tty_reset(struct tty *tty); // settings as at first, no input
void tty_start(struct tty *tty); // Ctrl-Q
void tty_stop(struct tty *tty);
void tty_set(struct tty *tty, const struct termios *termios);
int tty_dead(const struct file *f); // hung up since it was opened
int tty_read(struct task *t, struct file *f, struct buffer *to, u32 bytes,
             u64 *position);
int tty_ioctl(struct task *t, struct file *f, u32 code, u32 argument);

#endif

// session.h -- a Linux shell on a machine: begin it, type, look at what it says
#ifndef SESSION_H
#define SESSION_H

#include "checked.h"

#define SESSION_MIB 128
#define SESSION_PROMPT "^[/~][a-z0-9/]* # "

#define CTRL_C "\003"
#define CTRL_D "\004"
#define CTRL_Z "\032"
#define ESCAPE "\033"

// A machine for Linux programs, off.
struct vm *session_vm(const char *name, enum vm_store store);

// Cold start, saving enabled, a Linux shell in the foreground, its terminal so
// wide that no line of a test is wrapped.
void session_begin(struct vm *vm);

// `linux` in the native shell, up to the Linux shell's prompt.
void session_shell(struct vm *vm);

// Type a line, wait for the next prompt; what was shown between, until the next
// call.
const char *session_command(struct vm *vm, const char *line);

// The same, and a line of it must match this extended regular expression.
void session_shows(struct vm *vm, const char *line, const char *pattern);

// The same, and it must show exactly this.
void session_says(struct vm *vm, const char *line, const char *exactly);

// Is there such a program in the image that was built?  If not, a "skipped:" line
// says what is left out.
bool session_possible(const char *program, const char *left_out);

// The same of the machine that is on.
bool session_has(struct vm *vm, const char *program, const char *left_out);

// `save` in the Linux shell; its number.
unsigned session_save(struct vm *vm);

unsigned session_saved(struct vm *vm); // somebody saves

// When the condition holds, and a moment later: this command, whatever has the
// terminal by then.
void session_when(struct vm *vm, const char *condition, const char *command);

// Cut the power; what is left must be sound.
void session_cut(struct vm *vm);

// The next boot goes on from this save.  The terminal is as it was.
void session_restored(struct vm *vm, unsigned save);

#endif

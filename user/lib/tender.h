// tender.h -- what programs may use: calls to the kernel, text, the console
//
// A call returns >= 0, or a negative error whose sentence error_sentence()
// gives.  tender/abi.h says what each operation of each kind means; the
// functions here only spell them.  The library keeps nothing between calls:
// whatever must be remembered lies in a struct of the caller.
#ifndef USER_TENDER_H
#define USER_TENDER_H

#include <stdarg.h>

#include "tender/abi.h"

// ---------------------------------------------------------------- any kind

// The call itself (call.asm).
int tender_call(u32 op, rid target, word a0, word a1, word a2, word a3);

int resource_create(u32 kind, const char *name, word a1, word a2, word a3);
int resource_delete(rid id);
int resource_open(u32 kind, const char *name); // -> id
int resource_close(rid id);
int resource_read(rid target, void *buffer, u32 bytes, u32 position);
int resource_write(rid target, const void *buffer, u32 bytes, u32 position);
int resource_control(rid target, u32 code, word a1, word a2, word a3);

// --------------------------------------------------------------- processes

#define ARGS_BYTES 1024u // of all arguments of a program, with their zeros

_Noreturn void process_exit(u32 code);
rid process_self(void);

// Start a program.  argv ends with NULL; argv[0] is the program's name.
// Returns its id, E_TOO_LONG for more than ARGS_BYTES of arguments.
int process_run(const char *path, const char *const argv[], u32 flags);
// A Linux program, from the Linux tree; waited for and killed as a process.
int linux_run(const char *path, const char *const argv[], u32 flags);
int process_wait(rid child); // -> exit code; the child is deleted
int process_poll(rid child); // -> exit code, E_BUSY while it runs
int process_kill(rid process);

void sleep_ms(u32 ms);
void yield(void);
u64 uptime_us(void); // never runs backwards, also not over a power cut

// ------------------------------------------------------------------ memory

int region_create(const char *name, u32 bytes);
// Attach at va, or where the kernel likes if va is 0.  flags: VU_...
int vuspace_attach(const char *name, rid region, u32 va, u32 flags);
void *vuspace_address(rid vuspace); // NULL if there is no such space
int vuspace_bytes(rid vuspace);

// A nameless region of zeros, attached writable; NULL when that is refused,
// with the reason in *error.  Lives as long as the program.
void *memory_new(u32 bytes, int *error);

int plate_create(const char *name, rid vuspace);
int plate_read(rid plate, struct plate_info *info);

// ----------------------------------------------------------- communication

int event_create(const char *name, u32 count);
int event_signal(rid event, u32 count);
int event_wait(rid event, u32 ms); // 0 = for ever; -> 0 or E_TIME
int message_create(const char *name, u32 messages, u32 bytes_each);
int message_send(rid container, const void *message, u32 bytes);
int message_receive(rid container, void *message, u32 bytes);    // -> length
int timer_create(const char *name, rid event, u32 ms, u32 mode); // TIMER_...

// ----------------------------------------------------------------- console

int console_write(const char *text, u32 bytes); // all of it, or an error
int console_read(char *text, u32 bytes);        // waits for at least one
int console_foreground(rid process);            // that Ctrl-C kills

// ---------------------------------------------------------- disk and system

// The index-th name in a directory; E_NAME behind the last.
int disk_list(const char *path, u32 index, struct disk_name *entry);

int system_save(void);     // -> 0 in the saved run, 1 in the restored one
int system_shutdown(void); // -> 1 when continued
int system_reboot(void);   // -> 1 when continued
int system_occ_enable(void);
int system_occ_disable(void);
int system_status(struct system_status *status);
int system_kind(u32 kind, struct kind_info *info);
int system_trace(struct trace_line *lines, u32 count); // -> how many

// Walk all resources of a kind: start with *index = 0; returns 1 with *info
// filled in, 0 behind the last one, or an error.
int system_next(u32 kind, u32 *index, struct resource_info *info);

// -------------------------------------------------------------------- text

void *memcpy(void *to, const void *from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);

u32 text_length(const char *text);
int text_equal(const char *a, const char *b);
int text_begins(const char *text, const char *start);
void text_copy(char *to, const char *from, u32 size); // cut off to fit

// The words of a line, separated by spaces; "two words" in quotes are one.
// Cuts up the line; part[] is ended with NULL.  Returns how many there are,
// E_TOO_LONG if more than max - 1, E_FORMAT if a quote is not closed.
int text_split(char *line, char *part[], u32 max);

// The parts with one space between them, cut off to fit.
void text_join(char *to, u32 size, char *part[]);

// Decimal, or hexadecimal after 0x; the whole text.  Returns 0 or E_ARGUMENT.
int number_parse(const char *text, u32 *value);

// An optional argument: argv[index] as a number of at least `least`, or
// `otherwise` if it is not there.  Ends the program with a sentence if it is
// no such number.
u32 argument(int argc, char **argv, int index, u32 least, u32 otherwise);

// Divide *value; returns the rest.
u32 divide(u64 *value, u32 by);

// ---------------------------------------------------------------- printing

#define PRINT_BYTES 1024u // longer text is cut off

// Knows %s %c %d %i %u %x %llu %llx %%, a width, '-' and '0' before it.
// text_format returns the length; to[] always ends with 0.
u32 text_format(char *to, u32 size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
u32 text_vformat(char *to, u32 size, const char *format, va_list list);

// Print with one console write, so that the lines of programs do not mix.
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

// ------------------------------------------------------------------ random

struct random {
    u32 state;
};

void random_seed(struct random *random, u32 seed);
u32 random_next(struct random *random);
u32 random_below(struct random *random, u32 limit); // limit > 0
u32 mix(u32 seed, u32 number); // a hash: the same for the same, else random

// ------------------------------------------------------------- line editor

#define LINE_BYTES 160u // of a line with its final 0
#define LINE_HISTORY 32u

struct line_editor {
    const char *prompt;
    char line[LINE_BYTES];
    u32 length;
    u32 cursor;
    u32 boots; // of the machine when the line was last drawn
    u32 shown; // history line in the editor, counted back; 0 = the new one
    u32 lines; // ever put into the history
    char draft[LINE_BYTES]; // the new line while an old one is shown
    char history[LINE_HISTORY][LINE_BYTES];
};

void line_init(struct line_editor *editor, const char *prompt);

// Let the user type a line: editor->line.  Returns its length, or an error
// of the console.  Lines that are not empty go into the history.
int line_read(struct line_editor *editor);

// The back-th newest line of the history, 1 = the last one; NULL if there is
// none.
const char *line_history(const struct line_editor *editor, u32 back);

#endif

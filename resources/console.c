// console.c -- the one terminal: characters to people and from them
//
// READ gives raw characters, unechoed.  A WRITE is whole: the kernel is not
// preempted in the middle of it.  Control-C kills the foreground process; when
// there is none it is a character like any other.  A taker gets everything
// first, as the devices gave it: nothing is translated, Control-C kills nothing.
#include "resources/console.h"

#include "tender/assert.h"
#include "tender/text.h"
#include "tender/wait.h"

#define CONTROL_C 3
#define DELETE 127
#define CHUNK 256u // on the kernel stack
#define READERS KIND_ID(KIND_CONSOLE)

void
console_put(const struct console *console, const char *text, u32 length)
{
    if (console->driver != NULL)
        console->driver->put(console->driver->state, text, length);
}

static int
write(void *state, struct call *call)
{
    struct console *console = state;
    word length = call->arg[1];
    char chunk[CHUNK];
    int err;

    if (length > CONSOLE_WRITE_MAX)
        return E_ARGUMENT;
    // First see that all of it is there, then let it out.
    for (int pass = 0; pass < 2; pass++)
        for (u32 done = 0; done < length; done += CHUNK) {
            u32 bytes = MIN((u32)length - done, CHUNK);

            err =
                call_in(console->gate, call, chunk, call->arg[0] + done, bytes);
            if (err < 0)
                return err;
            if (pass == 1)
                console_put(console, chunk, bytes);
        }
    return (int)length;
}

static void
wake_reader(struct console *console)
{
    wait_wake(console->gate, READERS, 1);
}

static int
wait_for_input(struct console *console)
{
    while (console->used == 0) {
        int err = wait_on(console->gate, READERS, 0);

        if (err < 0) {
            if (console->used > 0)
                wake_reader(console); // the hint was meant for somebody
            return err;
        }
    }
    return 0;
}

static int
read(void *state, struct call *call)
{
    struct console *console = state;
    char text[CONSOLE_RING];

    if (call->arg[1] == 0)
        return E_ARGUMENT;
    int err = wait_for_input(console);

    if (err < 0)
        return err;
    u32 bytes = (u32)MIN(call->arg[1], (word)console->used);

    for (u32 i = 0; i < bytes; i++)
        text[i] = console->ring[(console->first + i) % CONSOLE_RING];
    err = call_out(console->gate, call, call->arg[0], text, bytes);
    if (err == 0) {
        console->first = (console->first + bytes) % CONSOLE_RING;
        console->used -= bytes;
    }
    if (console->used > 0)
        wake_reader(console); // more than this one wanted
    return err < 0 ? err : (int)bytes;
}

// Lines end with \n and are corrected with \b, whatever the terminal sends.
static char
translate(char c)
{
    if (c == '\r')
        return '\n';
    return c == DELETE ? '\b' : c;
}

static int
input(struct console *console, char c)
{
    if (console->taker.input != NULL)
        return console->taker.input(console->taker.state, c);
    c = translate(c);
    if (c == CONTROL_C && console->foreground != RID_NONE &&
        gate_control(console->gate, console->foreground, PROCESS_KILL,
                     EXIT_KILLED, 0, 0) == 0) {
        console->foreground = RID_NONE;
        console_put(console, "^C\n", 3);
        return 0;
    }
    if (console->used == CONSOLE_RING) {
        console->dropped++;
        return E_BUSY;
    }
    console->ring[(console->first + console->used++) % CONSOLE_RING] = c;
    wake_reader(console);
    return 0;
}

// The process itself or its parent may put it into the foreground.
static int
set_foreground(struct console *console, const struct call *call)
{
    rid process = (rid)call->arg[1];
    const struct res *res = gate_entry(console->gate, process);

    if (process != RID_NONE) {
        if (res == NULL || rid_kind(process) != KIND_PROCESS)
            return E_ID;
        if (call->caller != RID_NONE && process != call->caller &&
            res->owner != call->caller)
            return E_RIGHT;
    }
    console->foreground = process;
    return 0;
}

static int
control(void *state, struct call *call)
{
    struct console *console = state;

    if (call->caller != RID_NONE && call->arg[0] >= CONSOLE_INPUT)
        return E_KERNEL;
    switch (call->arg[0]) {
    case CONSOLE_FOREGROUND:
        return set_foreground(console, call);
    case CONSOLE_PENDING:
        return (int)console->used;
    case CONSOLE_INPUT:
        return input(console, (char)call->arg[1]);
    default:
        return E_ARGUMENT;
    }
}

u32
console_bytes(void)
{
    return 0;
}

void
console_init(struct console *console, struct gate *gate, void *memory,
             u32 bytes)
{
    struct kind row = {
        .name = "console",
        .state = console,
        .program =
            {[OP_READ] = read, [OP_WRITE] = write, [OP_CONTROL] = control},
        .user_kind = 1u << OP_READ | 1u << OP_WRITE | 1u << OP_CONTROL};

    (void)memory;
    (void)bytes;
    memset(console, 0, sizeof(*console));
    console->gate = gate;
    gate_register(gate, KIND_CONSOLE, &row);
}

void
console_attach(struct console *console, const struct console_driver *driver)
{
    console->driver = driver;
}
